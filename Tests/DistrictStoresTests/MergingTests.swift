// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures
import Testing

@testable import DistrictStores

@Suite struct `A merge into the store` {
    typealias House = StoreFixture.House

    static func row(of count: Int) -> [House] {
        (1...count).map { House(row: Int64($0), x: 630_000 + Double($0) * 20, y: 3_440_000, name: "楼\($0)") }
    }

    @Test func `makes the file and says what it did`() throws {
        let fixture = try StoreFixture()
        let changes = try fixture.merge(Self.row(of: 3))
        #expect(changes.id == 1)
        #expect(changes.layers == [.init(layer: "buildings", inserted: 3, updated: 0, deleted: 0)])
        let overview = try #require(try DistrictStore(opening: fixture.store).layers().first)
        #expect(overview.featureCount == 3)
        #expect(overview.dataVersion == 1)
        #expect(overview.definition.title == "房屋")
        #expect(overview.envelope.contains(Envelope(minX: 630_020, minY: 3_440_000, maxX: 630_070, maxY: 3_440_010)))
    }

    @Test func `of the same features is an empty change set and leaves no trace`() throws {
        let fixture = try StoreFixture()
        try fixture.merge(Self.row(of: 3))
        let before = try fixture.dump()
        let size = try Data(contentsOf: fixture.store).count
        let again = try fixture.merge(Self.row(of: 3))
        #expect(again.isEmpty)
        #expect(try DistrictStore(opening: fixture.store).lastChangeSet() == 1)
        #expect(try fixture.dump() == before)
        #expect(try Data(contentsOf: fixture.store).count == size)
    }

    @Test func `writes only what is new, changed or gone`() throws {
        let fixture = try StoreFixture()
        try fixture.merge(Self.row(of: 5))
        var houses = Self.row(of: 4)
        houses[1].name = "改名"
        houses.append(House(row: 9, x: 640_000, y: 3_441_000))
        let changes = try fixture.merge(houses)
        #expect(changes.layers == [.init(layer: "buildings", inserted: 1, updated: 1, deleted: 1)])
    }

    @Test func `gives the same store whatever the order of rows and sources`() throws {
        let forward = try StoreFixture()
        try forward.merge(Self.row(of: 50), source: "a", slot: 1)
        try forward.merge(Self.row(of: 40), source: "b", slot: 2)
        let backward = try StoreFixture()
        try backward.merge(Self.row(of: 40).reversed(), source: "b", slot: 2)
        try backward.merge(Self.row(of: 10), source: "a", slot: 1)
        try backward.merge(Self.row(of: 50).reversed(), source: "a", slot: 1)
        #expect(try forward.dump() == backward.dump())
    }

    @Test func `that fails leaves no file where there was none`() throws {
        let fixture = try StoreFixture()
        #expect(throws: StoreFixture.Interrupted.self) { try fixture.merge(Self.row(of: 5), failAfter: 3) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).isEmpty)
    }

    @Test func `that fails leaves the district as it was`() throws {
        let fixture = try StoreFixture()
        try fixture.merge(Self.row(of: 5))
        let before = try fixture.dump()
        #expect(throws: StoreFixture.Interrupted.self) {
            try fixture.merge(Self.row(of: 3).map { House(row: $0.row, x: 0, y: 0) }, failAfter: 2)
        }
        #expect(try fixture.dump() == before)
    }

    @Test(arguments: [false, true]) func `goes on after a source that failed, which stays as it was`(fresh: Bool) throws
    {
        let fixture = try StoreFixture()
        if !fresh { try fixture.merge(Self.row(of: 2), source: "bad", slot: 2) }
        let changes = try DistrictStore.merge(at: fixture.store, grid: StoreFixture.grid) { transaction in
            try StoreFixture.write(Self.row(of: 4), "a", 1, StoreFixture.buildings, into: transaction)
            #expect(throws: StoreFixture.Interrupted.self) {
                try StoreFixture.write(
                    Self.row(of: 9).map { House(row: $0.row, x: 1, y: 1) }, "bad", 2, StoreFixture.buildings,
                    failAfter: 6, into: transaction)
            }
            try StoreFixture.write(Self.row(of: 3), "z", 3, StoreFixture.buildings, into: transaction)
        }.changes
        #expect(changes.layers == [.init(layer: "buildings", inserted: 7, updated: 0, deleted: 0)])
        let store = try DistrictStore(opening: fixture.store)
        #expect(try store.layers().first?.featureCount == (fresh ? 7 : 9))
        #expect(try store.sources().keys.sorted() == (fresh ? ["a", "z"] : ["a", "bad", "z"]))
        try fixture.checkIndex()
    }

    @Test func `moves a source from one layer to another`() throws {
        let fixture = try StoreFixture()
        try fixture.merge(Self.row(of: 3))
        var other = StoreFixture.buildings
        other = LayerDefinition(id: "sheds", title: "棚", schema: other.schema)
        let changes = try fixture.merge(Self.row(of: 3), layer: other)
        #expect(
            changes.layers == [
                .init(layer: "buildings", inserted: 0, updated: 0, deleted: 3),
                .init(layer: "sheds", inserted: 3, updated: 0, deleted: 0),
            ])
    }

    @Test func `keeps values of other sources when a layer gains a field`() throws {
        let fixture = try StoreFixture()
        try fixture.merge(Self.row(of: 2), source: "a", slot: 1)
        let wider = LayerDefinition(
            id: "buildings", title: "房屋",
            schema: Schema(
                geometryType: .multiPolygon,
                fields: [Field("use", .text)] + StoreFixture.buildings.schema.fields))
        try DistrictStore.merge(at: fixture.store, grid: StoreFixture.grid) { transaction in
            try transaction.writeSource(id: "b", slot: 2, town: nil, layer: wider) { _ in
                (StoreFixture.record("b", slot: 2, count: 0), [])
            }
        }
        var names: [AttributeValue] = []
        try DistrictStore(opening: fixture.store).forEachFeature(in: "buildings") { names.append($0.value(at: 1)) }
        #expect(names == [.text("楼1"), .text("楼2")])
        try fixture.checkIndex()
    }

    @Test func `refuses another grid`() throws {
        let fixture = try StoreFixture()
        try fixture.merge(Self.row(of: 1))
        let other = StoreReferenceSystem(
            id: 4550, name: "x", organization: "EPSG", organizationCode: 4550, definition: "x")
        let error = #expect(throws: DistrictStoresError.self) {
            try DistrictStore.merge(at: fixture.store, grid: other) { _ in }
        }
        #expect(error?.description.contains("EPSG:4549") == true)
        #expect(error?.description.contains("EPSG:4550") == true)
    }

    @Test func `is not seen by a reader before its commit`() throws {
        let fixture = try StoreFixture()
        try fixture.merge(Self.row(of: 2))
        let reader = try DistrictStore(opening: fixture.store)
        try DistrictStore.merge(at: fixture.store, grid: StoreFixture.grid) { transaction in
            try StoreFixture.write(Self.row(of: 8), "meilong", 7, StoreFixture.buildings, into: transaction)
            let seen = try reader.layers().first?.featureCount
            #expect(seen == 2)
        }
        #expect(try reader.layers().first?.featureCount == 8)
    }

    @Test func `keeps the issues of a source in order`() throws {
        let fixture = try StoreFixture()
        let issues = [
            RecordIssue(kind: .rejected, row: 4, name: "null-geometry", message: "Record 4 has no geometry."),
            RecordIssue(kind: .repaired, row: 2, name: "self-intersection", message: "…", x: 1, y: 2),
        ]
        try fixture.merge(Self.row(of: 2), issues: issues)
        try DistrictStore.merge(at: fixture.store, grid: StoreFixture.grid) { transaction in
            let stored = try transaction.issues(of: "meilong")
            #expect(stored == issues)
        }
    }
}

extension StoreFixture {
    /// The spatial index is sound and holds exactly the features' ids.
    func checkIndex(layer: String = "buildings") throws {
        let queue = try DatabaseQueue(path: store.path)
        try queue.read { db in
            #expect(try String.fetchOne(db, sql: "SELECT rtreecheck('rtree_\(layer)_geom')") == "ok")
            #expect(try String.fetchOne(db, sql: "PRAGMA integrity_check") == "ok")
            let features = try Int64.fetchAll(db, sql: "SELECT fid FROM \"\(layer)\" ORDER BY fid")
            let entries = try Int64.fetchAll(db, sql: "SELECT id FROM \"rtree_\(layer)_geom\" ORDER BY id")
            #expect(features == entries)
        }
    }
}
