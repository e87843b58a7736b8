// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import Testing

@testable import DistrictStores

@Suite struct `Opening a store` {
    @Test func `that does not exist says how to make it`() throws {
        let fixture = try StoreFixture()
        let error = #expect(throws: DistrictStoresError.self) { try DistrictStore(opening: fixture.store) }
        #expect(error?.kind == .unusable)
        #expect(error?.description.contains("miaopu merge") == true)
        #expect(!FileManager.default.fileExists(atPath: fixture.store.path))
    }

    @Test func `that is no database says so and does not touch it`() throws {
        let fixture = try StoreFixture()
        let garbage = Data(repeating: 0x41, count: 5000)
        try garbage.write(to: fixture.store)
        let error = #expect(throws: DistrictStoresError.self) { try DistrictStore(opening: fixture.store) }
        #expect(error?.kind == .unusable)
        #expect(throws: DistrictStoresError.self) {
            try DistrictStore.merge(at: fixture.store, grid: StoreFixture.grid) { _ in }
        }
        #expect(try Data(contentsOf: fixture.store) == garbage)
    }

    @Test(arguments: [(1, "earlier version"), (DistrictStore.format + 1, "layouts up to")])
    func `of another layout is refused by both readers and merges`(format: Int, sentence: String) throws {
        let fixture = try StoreFixture()
        try fixture.merge(`A merge into the store`.row(of: 2))
        try DatabaseQueue(path: fixture.store.path).write { db in
            try db.execute(
                sql: "UPDATE miaopu_district SET value = ? WHERE key = 'format'", arguments: [String(format)])
        }
        let reading = #expect(throws: DistrictStoresError.self) { try DistrictStore(opening: fixture.store) }
        let merging = #expect(throws: DistrictStoresError.self) {
            try fixture.merge(`A merge into the store`.row(of: 3))
        }
        for error in [reading, merging] {
            #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
        }
    }

    /// The second merge leaves a store that keeps a write-ahead log.
    @Test(.enabled(if: mayBeRefused), arguments: [1, 2])
    func `in a folder that may not be written reads it and leaves nothing there`(merges: Int) throws {
        let fixture = try StoreFixture()
        for count in 1...merges { try fixture.merge(`A merge into the store`.row(of: 10 * count)) }
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
        #expect(names == ["district.gpkg"])
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: fixture.folder.path)
        defer {
            try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fixture.folder.path)
        }
        let store = try DistrictStore(opening: fixture.store)
        #expect(try store.layers().first?.featureCount == 10 * merges)
        var count = 0
        try store.forEachFeature(in: "buildings") { _ in count += 1 }
        #expect(count == 10 * merges)
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path) == names)
    }

    /// Root may write everywhere.
    private static let mayBeRefused: Bool = {
        if geteuid() != 0 { return true }
        print("skipped: root may write in any folder; run the tests as another user")
        return false
    }()

    @Test func `of a truncated file never traps`() throws {
        let fixture = try StoreFixture()
        try fixture.merge(`A merge into the store`.row(of: 200))
        let whole = try Data(contentsOf: fixture.store)
        for length in stride(from: 0, to: whole.count, by: whole.count / 23) {
            try whole.prefix(length).write(to: fixture.store)
            _ = try? DistrictStore(opening: fixture.store).layers()
        }
    }
}
