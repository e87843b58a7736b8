// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures

/// The layer `merge-issues`: all that merges found, as points on the map.
///
/// It is a view over `miaopu_issues` and `miaopu_seams`, so it never says
/// anything else than they do, after an undo neither. An issue without a place
/// is a row without a geometry.
public enum IssueLayer {
    public static let id = "merge-issues"

    /// What needs a person is an `error`, what was changed a `warning`, what is
    /// only worth knowing a `note`.
    static let definition = LayerDefinition(
        id: id, title: "合并问题",
        schema: Schema(
            geometryType: .point,
            fields: [
                Field("severity", .text), Field("outcome", .text), Field("kind", .text), Field("message", .text),
                Field("layer", .text), Field("record", .text), Field("width_m", .real), Field("length_m", .real),
                Field("area_m2", .real), Field("confidence", .real),
            ]))

    /// Rules between layers are for looking, and so are lines that end where their
    /// town does.
    private static let isForLooking = "rule IS NOT NULL OR kind IN ('dangling-end', 'end-beside-line')"

    /// The ids of seams follow those that issues of the lowest slot would have;
    /// SQLite counts them from 1.
    private static let view = """
        CREATE VIEW "\(id)" AS
        SELECT id AS fid, place AS geom,
            CASE WHEN repaired THEN 'warning' WHEN \(isForLooking) THEN 'note' ELSE 'error' END AS severity,
            CASE WHEN repaired THEN 'closed' WHEN \(isForLooking) THEN 'noted' ELSE 'open' END AS outcome, kind,
            CASE reason WHEN '' THEN coalesce(rule, '') ELSE reason END AS message, layer,
            NULL AS record, width_m, length_m, area_m2, confidence, NULL AS miaopu_town, sources AS miaopu_source
        FROM miaopu_seams
        UNION ALL
        SELECT i.id, i.place, CASE i.kind WHEN 'rejected' THEN 'error' WHEN 'repaired' THEN 'warning' ELSE 'note' END,
            i.kind, i.name, i.message, s.layer, i.row, NULL, NULL, NULL, NULL, s.town, i.source
        FROM miaopu_issues i JOIN miaopu_sources s USING (source)
        """

    static func create(in db: Database, grid: StoreReferenceSystem) throws {
        try db.execute(sql: view)
        try db.execute(
            sql: """
                INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
                VALUES (?, 'features', ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?)
                """, arguments: [id, id, "What merges found and what they did about it", grid.id])
        try db.execute(
            sql: "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POINT', ?, 0, 0)", arguments: [id, grid.id])
    }

    /// A point as GeoPackage has it; nil without coordinates.
    static func place(_ x: Double?, _ y: Double?, on grid: StoreReferenceSystem) -> Data? {
        guard let x, let y, x.isFinite, y.isFinite else { return nil }
        var bytes: [UInt8] = []
        GeoPackageGeometry.encode(.point(Point(Coordinate(x: x, y: y))), srsID: grid.id, into: &bytes)
        return Data(bytes)
    }

    static func overview(_ db: Database) throws -> LayerOverview {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*), min(x), min(y), max(x), max(y)
                FROM (SELECT x, y FROM miaopu_issues UNION ALL SELECT x, y FROM miaopu_seams) WHERE x IS NOT NULL
                """)
        var envelope = Envelope.empty
        if let row, let minX = try row.decode(Double?.self, atIndex: 1),
            let minY = try row.decode(Double?.self, atIndex: 2), let maxX = try row.decode(Double?.self, atIndex: 3),
            let maxY = try row.decode(Double?.self, atIndex: 4)
        {
            envelope = Envelope(minX: minX, minY: minY, maxX: maxX, maxY: maxY)
        }
        return LayerOverview(
            definition: definition, featureCount: try row?.decode(Int.self, atIndex: 0) ?? 0, envelope: envelope,
            dataVersion: try version(db))
    }

    /// Changes with the contents and with nothing else, so that a merge that found
    /// nothing new leaves the layer's tiles as they are: FNV-1a of all rows.
    private static func version(_ db: Database) throws -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM \"\(id)\" ORDER BY fid")
        while let row = try rows.next() {
            for (_, value) in row {
                let bytes =
                    switch value.storage {
                    case .null: [UInt8]()
                    case .int64(let number): Array(String(number).utf8)
                    case .double(let number): Array(String(number.bitPattern).utf8)
                    case .string(let text): Array(text.utf8)
                    case .blob(let data): Array(data)
                    }
                for byte in bytes + [0] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            }
        }
        return Int64(bitPattern: hash)
    }
}

extension DistrictStore {
    /// The layer of issues as it is now; `forEachFeature` hands its features
    /// over, those without a place too.
    ///
    /// - Throws: `DistrictStoresError` when the file cannot be read or is damaged.
    public func issueLayer() throws -> LayerOverview {
        try reading { try IssueLayer.overview($0) }
    }
}
