// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport
import Testing

@testable import Formats

@Suite("A GeoPackage is data, not a program", .enabled(if: executable != nil))
struct GeoPackageDamageTests {
    @Test(
        "A GeoPackage with programs of its own is refused before SQLite sees it",
        arguments: [
            "CREATE VIEW endless AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c",
            "CREATE VIEW harmless AS SELECT * FROM buildings",
            "CREATE TRIGGER mine AFTER INSERT ON buildings BEGIN SELECT 1; END",
            "CREATE TRIGGER rtree_x_insert AFTER INSERT ON buildings BEGIN SELECT load_extension('x'); END",
            "CREATE TABLE computed (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2))",
            "CREATE TABLE computed (a INTEGER, b INTEGER AS (a * 2))",
            "CREATE VIRTUAL TABLE words USING fts5(a)",
            "CREATE VIEW pairs AS SELECT a.fid FROM buildings a, buildings b, buildings c",
        ])
    func programs(statement: String) throws {
        let folder = try TemporaryFolder()
        let url = try Samples.geoPackage(in: folder, statements: [statement])
        let error = try #require(refusal(url), "\(statement)")
        #expect(error.kind == .unsafe, "\(error)")
    }

    @Test("A view is no layer, even under the name of a catalogue of the standard")
    func catalogueView() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.geoPackage(
            in: folder,
            statements: [
                "CREATE VIEW geometry_columns AS SELECT a.* FROM buildings a, buildings b, buildings c, buildings d",
                "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
                    + "VALUES ('geometry_columns', 'features', 'x')",
                "INSERT INTO gpkg_geometry_columns SELECT 'geometry_columns', column_name, geometry_type_name, srs_id, "
                    + "z, m FROM gpkg_geometry_columns",
            ])
        let error = try #require(refusal(url))
        #expect(error.kind == .unsafe && error.description.contains("the view “geometry_columns”"), "\(error)")
    }

    @Test("A hundred thousand triggers are too many, whatever they are called")
    func triggers() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.geoPackage(
            in: folder,
            statements: [
                "PRAGMA writable_schema = 1",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) INSERT INTO sqlite_master "
                    + "SELECT 'trigger', 'rtree_' || i, 'buildings', 0, 'CREATE TRIGGER rtree_' || i || "
                    + "' AFTER INSERT ON buildings BEGIN SELECT 1; END' FROM n",
            ])
        let error = try #require(refusal(url))
        #expect(error.kind == .tooLarge && error.description.contains("20000 tables"), "\(error)")
    }

    @Test("What an ordinary GeoPackage has is read; a rule for writers runs for no reader")
    func ordinary() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.geoPackage(
            in: folder,
            statements: [
                "CREATE TABLE notes (a TEXT DEFAULT 'has (x)')",
                "CREATE TABLE ruled (a INTEGER CHECK (length(hex(randomblob(900000000))) > a))",
            ])
        #expect(try inspect(url).layers.first?.balance?.read == 20)
    }

    @Test("Cut off, it is refused", arguments: [0, 50, 100, 512, 4096, 40_000, -1])
    func truncated(at place: Int) throws {
        let folder = try TemporaryFolder()
        let url = try Samples.geoPackage(in: folder)
        let whole = try folder.bytes("buildings.gpkg")
        try folder.write(Array(whole[..<(place < 0 ? whole.count + place : place)]), to: "buildings.gpkg")
        let error = try #require(refusal(url))
        #expect(error.kind == .unrecognised || error.kind == .damaged, "\(error)")
    }

    @Test("One that is still open elsewhere is refused")
    func writeAheadLog() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.geoPackage(in: folder)
        try folder.write("x", to: "buildings.gpkg-wal")
        let error = try #require(refusal(url))
        #expect(error.description.contains("open in another program"))
        let plain = try folder.write(Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 600), to: "b.gpkg")
        #expect(refusal(plain) != nil)
    }
}
