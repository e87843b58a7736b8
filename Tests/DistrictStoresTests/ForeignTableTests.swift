// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures
import Testing

@testable import DistrictStores

/// The store is a GeoPackage that people open in QGIS, and QGIS writes to it.
@Suite struct ForeignTableTests {
    private let fixture = try? StoreFixture()

    private func edited(_ sql: String) throws -> StoreFixture {
        let fixture = try #require(fixture)
        try fixture.merge([.init(row: 1, x: 0, y: 0), .init(row: 2, x: 20, y: 0)])
        let queue = try DatabaseQueue(path: fixture.store.path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
        return fixture
    }

    @Test(arguments: ["notes", "我的图层", "a\"b"])
    func aTableThatAPersonAddedIsNoLayer(_ name: String) throws {
        let quoted = "\"\(name.replacing("\"", with: "\"\""))\""
        let fixture = try edited(
            """
            CREATE TABLE \(quoted) (fid INTEGER PRIMARY KEY, geom POINT, remark TEXT);
            INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
            VALUES ('\(name)', 'features', '\(name)', NULL, '2026-01-01T00:00:00Z', 4549);
            INSERT INTO gpkg_geometry_columns VALUES ('\(name)', 'geom', 'POINT', 4549, 0, 0);
            """)
        let store = try DistrictStore(opening: fixture.store)
        #expect(try store.layers().map(\.definition.id) == ["buildings"])
        #expect(throws: DistrictStoresError.self) { try store.forEachFeature(in: name) { _ in } }
        #expect(
            try fixture.dump().filter { $0.hasPrefix("table ") && !$0.hasPrefix("table miaopu_") } == ["table buildings"])
    }

    @Test func aColumnThatAPersonAddedIsNoField() throws {
        let fixture = try edited("ALTER TABLE buildings ADD COLUMN \"备注\"\"\" TEXT")
        let store = try DistrictStore(opening: fixture.store)
        #expect(try store.layers().first?.definition.schema.fields.map(\.name) == ["name", "levels", "site_m2"])
        var names: [String] = []
        try store.forEachFeature(in: "buildings") { names.append($0.value(at: 0).description) }
        #expect(names.count == 2)
        #expect(try fixture.merge([.init(row: 1, x: 0, y: 0), .init(row: 2, x: 20, y: 0)]).isEmpty)
    }

    @Test(arguments: [
        "UPDATE miaopu_sources SET read = 'many'", "UPDATE miaopu_sources SET id = -1",
        "UPDATE gpkg_contents SET min_x = 'west' WHERE table_name = 'buildings'",
    ])
    func aCellThatNoMergeWritesIsSaid(_ sql: String) throws {
        let fixture = try edited(sql)
        let store = try DistrictStore(opening: fixture.store)
        let error = #expect(throws: DistrictStoresError.self) {
            _ = try store.sources()
            _ = try store.layers()
        }
        #expect(error?.description.contains("no merge writes") == true, "\(error?.description ?? "")")
    }
}
