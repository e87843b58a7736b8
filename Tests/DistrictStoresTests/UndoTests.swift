// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures
import TestSupport
import Testing

@testable import DistrictStores

@Suite("A change set that is taken back")
struct UndoTests {
    private typealias House = StoreFixture.House

    @discardableResult
    private func undo(_ changeSet: Int64, in fixture: StoreFixture) throws -> (sources: [String], changes: ChangeSet) {
        let (sources, changes) = try DistrictStore.merge(
            at: fixture.store, grid: StoreFixture.grid, summary: { _ in "took back \(changeSet)" }
        ) { try $0.undo(changeSet: changeSet) }
        return (sources, changes)
    }

    private func state(_ fixture: StoreFixture) throws -> [String] {
        try fixture.dump()
    }

    private func past(_ fixture: StoreFixture) throws -> Int? {
        try DatabaseQueue(path: fixture.store.path).read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM miaopu_past")
        }
    }

    /// Where the spatial index has the features.
    private func index(_ fixture: StoreFixture) throws -> [String] {
        try DatabaseQueue(path: fixture.store.path).read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM rtree_buildings_geom ORDER BY id").map { "\($0)" }
        }
    }

    private let before = [
        House(row: 1, x: 631_000, y: 3_444_000), House(row: 2, x: 631_050, y: 3_444_000, name: "二"),
        House(row: 3, x: 631_100, y: 3_444_000),
    ]
    /// One moved, one gone, one new.
    private let after = [
        House(row: 1, x: 631_005.5, y: 3_444_000), House(row: 2, x: 631_050, y: 3_444_000, name: "二"),
        House(row: 4, x: 631_200, y: 3_444_000),
    ]

    @Test("leaves every row and the index as they were, and can be taken back in turn")
    func redelivery() throws {
        let fixture = try StoreFixture()
        try fixture.merge(before)
        let first = (try state(fixture), try index(fixture))
        try fixture.merge(after)
        #expect(try past(fixture) == 2)
        let second = (try state(fixture), try index(fixture))
        #expect(first.0 != second.0)

        let undone = try undo(2, in: fixture)
        #expect(undone.changes.id == 3)
        #expect(undone.changes.layers == [.init(layer: "buildings", inserted: 1, updated: 1, deleted: 1)])
        #expect(try state(fixture) == first.0)
        #expect(try index(fixture) == first.1)
        #expect(try past(fixture) == 0)

        try undo(3, in: fixture)
        #expect(try state(fixture) == second.0)
        #expect(try index(fixture) == second.1)
    }

    @Test("deletes a source that came with it, and brings it back in turn")
    func newSource() throws {
        let fixture = try StoreFixture()
        try fixture.merge(before)
        let first = try state(fixture)
        try fixture.merge(
            [House(row: 1, x: 640_000, y: 3_450_000)], source: "xinzhuang", slot: 9,
            issues: [RecordIssue(kind: .noted, row: 1, name: "noted", message: "Record 1 is noted.")])
        let second = try state(fixture)
        let undone = try undo(2, in: fixture)
        #expect(undone.sources == ["xinzhuang"])
        #expect(try state(fixture) == first)
        #expect(try past(fixture) == 0, "what was taken back never was")
        try undo(3, in: fixture)
        #expect(try state(fixture) == second)
    }

    @Test("brings a source back that was removed with it")
    func removedSource() throws {
        let fixture = try StoreFixture()
        try fixture.merge(before)
        let first = try state(fixture)
        try DistrictStore.merge(at: fixture.store, grid: StoreFixture.grid) { transaction in
            for record in try transaction.sources().values { try transaction.removeSource(record) }
        }
        try undo(2, in: fixture)
        #expect(try state(fixture) == first)
        let held = try DistrictStore.merge(at: fixture.store, grid: StoreFixture.grid) {
            try $0.heldDeliveries()
        }.result
        #expect(held["meilong"] == HeldDelivery(source: "meilong", fingerprint: nil, changeSet: 3))
    }

    @Test("is refused when a later one built upon it, which is named")
    func conflict() throws {
        let fixture = try StoreFixture()
        try fixture.merge(before)
        try fixture.merge(after)
        var latest = after
        latest[0].x += 1
        try fixture.merge(latest)
        let whole = try state(fixture)
        let error = #expect(throws: DistrictStoresError.self) { try undo(2, in: fixture) }
        #expect(error?.description.contains("take change set 3 back first") == true, "\(error?.description ?? "")")
        #expect(try state(fixture) == whole)

        try undo(3, in: fixture)
        try undo(2, in: fixture)
        let log = try DistrictStore(opening: fixture.store).changeSets()
        #expect(log.map(\.undoneBy) == [nil, nil, 4, 5, nil])
    }

    @Test("is refused when it was taken back already, is not there, or the fields are others")
    func refusals() throws {
        let fixture = try StoreFixture()
        try fixture.merge(before)
        try fixture.merge(after)
        #expect(throws: DistrictStoresError.self) { try undo(7, in: fixture) }
        try undo(2, in: fixture)
        #expect(throws: DistrictStoresError.self) { try undo(2, in: fixture) }

        let fields = StoreFixture.buildings.schema.fields
        let renamed = LayerDefinition(
            id: "buildings", title: "房屋",
            schema: Schema(geometryType: .multiPolygon, fields: [fields[0], fields[1], Field("area_m2", .real)]))
        try fixture.merge(after, layer: renamed)
        let log = try DistrictStore(opening: fixture.store).changeSets(limit: 1)
        #expect(log.first?.obstacle != nil)
        let error = #expect(throws: DistrictStoresError.self) { try undo(3, in: fixture) }
        #expect(error?.description.contains("fields of “buildings”") == true, "\(error?.description ?? "")")
    }

    @Test("is the same as never to have merged, whatever was merged", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func randomMerges(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let fixture = try StoreFixture()
        var states: [[String]] = []
        var indexes: [[String]] = []
        var houses: [Int64: House] = [:]
        try fixture.merge([House(row: 1, x: 0, y: 0)], source: "other", slot: 8)
        for _ in 0..<8 {
            states.append(try state(fixture))
            indexes.append(try index(fixture))
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let row = Int64.random(in: 1...40, using: &random)
                if houses[row] != nil, Bool.random(using: &random) {
                    houses[row] = nil
                } else {
                    houses[row] = House(
                        row: row, x: Double(Int.random(in: 0...9000, using: &random)),
                        y: Double(Int.random(in: 0...9000, using: &random)), name: "\(Int.random(in: 0...3, using: &random))")
                }
            }
            try fixture.merge(houses.values.sorted { $0.row < $1.row })
        }
        let last = try DistrictStore(opening: fixture.store).lastChangeSet()
        for (back, changeSet) in stride(from: last, through: last - 7, by: -1).enumerated() where changeSet > 1 {
            try undo(changeSet, in: fixture)
            #expect(try state(fixture) == states[states.count - 1 - back], "seed \(seed), change set \(changeSet)")
            #expect(try index(fixture) == indexes[indexes.count - 1 - back], "seed \(seed), change set \(changeSet)")
        }
    }

    @Test("is not kept when it was a plan")
    func plan() throws {
        let fixture = try StoreFixture()
        let first = try DistrictStore.merge(at: fixture.store, grid: StoreFixture.grid, isPlan: true) { transaction in
            try StoreFixture.write(before, "meilong", 7, StoreFixture.buildings, into: transaction)
        }
        #expect(first.changes.id == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path) == [])
        try fixture.merge(before)
        let whole = try state(fixture)
        let second = try DistrictStore.merge(at: fixture.store, grid: StoreFixture.grid, isPlan: true) { transaction in
            try StoreFixture.write(after, "meilong", 7, StoreFixture.buildings, into: transaction)
        }
        #expect(second.changes.layers == [.init(layer: "buildings", inserted: 1, updated: 1, deleted: 1)])
        #expect(try state(fixture) == whole)
        #expect(try DistrictStore(opening: fixture.store).lastChangeSet() == 1)
    }
}
