// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB

/// The tables that make a SQLite file a GeoPackage, and our own beside them.
enum GeoPackageTables {
    /// `GPKG` in ASCII.
    static let applicationID = 0x4750_4B47
    /// GeoPackage 1.3.
    static let userVersion = 10300

    static func create(in db: Database, grid: StoreReferenceSystem) throws {
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(userVersion)")
        try db.execute(sql: metadata)
        try insert(grid, in: db)
        try db.execute(sql: own)
        try db.execute(sql: ChangeLog.tables)
        try db.execute(sql: HeldDelivery.table)
        try db.execute(sql: PastFeature.table)
        try db.execute(sql: LayerTable.originalsTable)
        try db.execute(sql: SuppressedFeature.table)
        try db.execute(sql: SeamRecord.tables)
        try IssueLayer.create(in: db, grid: grid)
        for (table, title) in ownTables {
            try registerAttributes(table: table, title: title, in: db)
        }
        try db.execute(
            sql: "INSERT INTO miaopu_district (key, value) VALUES ('format', ?), ('grid', ?)",
            arguments: [String(DistrictStore.format), "\(grid.organization):\(grid.organizationCode)"])
    }

    static func insert(_ system: StoreReferenceSystem, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO gpkg_spatial_ref_sys
                (srs_name, srs_id, organization, organization_coordsys_id, definition)
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                system.name, system.id, system.organization, system.organizationCode, system.definition,
            ])
    }

    static func registerAttributes(table: String, title: String, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
                VALUES (?, 'attributes', ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
                """, arguments: [table, table, title])
    }

    private static let ownTables = [
        ("miaopu_district", "What this store is"),
        ("miaopu_sources", "One row for each source: file, reference system, steps, counts"),
        ("miaopu_issues", "Records that were repaired, rejected or noted, with the reason"),
        ("miaopu_changesets", "The log: one row for each committed merge"),
        ("miaopu_changes", "What each change set did to each layer"),
        ("miaopu_held", "Deliveries that were taken back"),
        ("miaopu_past", "Features as they were before they changed or went"),
        ("miaopu_originals", "Borders as they were delivered, of features whose border was moved"),
        ("miaopu_suppressed", "Delivered features for which another one stands, as they were delivered"),
        ("miaopu_seams", "Where deliveries of two towns do not meet, and what was done about it"),
        ("miaopu_movements", "How far borders were moved"),
    ]

    private static let metadata = """
        CREATE TABLE gpkg_spatial_ref_sys (
            srs_name TEXT NOT NULL,
            srs_id INTEGER NOT NULL PRIMARY KEY,
            organization TEXT NOT NULL,
            organization_coordsys_id INTEGER NOT NULL,
            definition TEXT NOT NULL,
            description TEXT
        );
        INSERT INTO gpkg_spatial_ref_sys
            (srs_name, srs_id, organization, organization_coordsys_id, definition, description)
        VALUES
            ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian reference system'),
            ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic reference system'),
            ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]', NULL);
        CREATE TABLE gpkg_contents (
            table_name TEXT NOT NULL PRIMARY KEY,
            data_type TEXT NOT NULL,
            identifier TEXT UNIQUE,
            description TEXT DEFAULT '',
            last_change DATETIME NOT NULL,
            min_x DOUBLE,
            min_y DOUBLE,
            max_x DOUBLE,
            max_y DOUBLE,
            srs_id INTEGER,
            CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
        );
        CREATE TABLE gpkg_geometry_columns (
            table_name TEXT NOT NULL,
            column_name TEXT NOT NULL,
            geometry_type_name TEXT NOT NULL,
            srs_id INTEGER NOT NULL,
            z TINYINT NOT NULL,
            m TINYINT NOT NULL,
            CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
            CONSTRAINT uk_gc_table_name UNIQUE (table_name),
            CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
            CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
        );
        CREATE TABLE gpkg_extensions (
            table_name TEXT,
            column_name TEXT,
            extension_name TEXT NOT NULL,
            definition TEXT NOT NULL,
            scope TEXT NOT NULL,
            CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
        );
        """

    private static let own = """
        CREATE TABLE miaopu_district (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            value TEXT NOT NULL
        );
        CREATE TABLE miaopu_sources (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL UNIQUE,
            town TEXT,
            layer TEXT NOT NULL,
            path TEXT NOT NULL,
            file_hash TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            crs TEXT NOT NULL,
            crs_origin TEXT NOT NULL,
            steps TEXT NOT NULL,
            accuracy_m REAL,
            encoding TEXT,
            as_of DATE,
            fields TEXT NOT NULL,
            account TEXT NOT NULL,
            read INTEGER NOT NULL,
            accepted INTEGER NOT NULL,
            repaired INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            skipped INTEGER NOT NULL
        );
        CREATE TABLE miaopu_issues (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            number INTEGER NOT NULL,
            kind TEXT NOT NULL,
            row INTEGER,
            name TEXT NOT NULL,
            message TEXT NOT NULL,
            x REAL,
            y REAL,
            place BLOB
        );
        CREATE INDEX miaopu_issues_source ON miaopu_issues (source);
        """
}
