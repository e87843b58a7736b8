// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// Pulling the plug at the worst moment.
@Suite(.serialized) struct `A merge that is cut off` {
    /// Enough houses that a merge takes long enough to be hit in the middle.
    static func houses(_ count: Int, name: String) -> String {
        let features = (0..<count).map { number -> String in
            let x = 121.3 + Double(number % 300) * 0.0005
            let y = 31.0 + Double(number / 300) * 0.0005
            let ring = "[[\(x),\(y)],[\(x + 0.0003),\(y)],[\(x + 0.0003),\(y + 0.0002)],[\(x),\(y)]]"
            return
                #"{"type":"Feature","properties":{"name":"\#(name)\#(number)"},"geometry":{"type":"Polygon","coordinates":[\#(ring)]}}"#
        }
        return #"{"type":"FeatureCollection","features":["# + features.joined(separator: ",\n") + "]}"
    }

    static func fixture(_ count: Int) throws -> DistrictFixture {
        let fixture = try DistrictFixture(
            sources: """
                  - { id: a, town: "310112108", layer: buildings, path: maps/a.geojson }
                  - { id: b, town: "310112108", layer: buildings, path: maps/b.geojson }

                """)
        try fixture.write(houses(count, name: "甲"), to: "maps/a.geojson")
        try fixture.write(houses(count, name: "乙"), to: "maps/b.geojson")
        return fixture
    }

    static func state(_ fixture: DistrictFixture) throws -> [String] {
        guard FileManager.default.fileExists(atPath: fixture.store.path) else { return [] }
        #expect(try fixture.query("PRAGMA integrity_check") == ["ok"])
        return try fixture.query("SELECT name FROM buildings ORDER BY fid")
    }

    @Test func `by kill leaves the old district or the new one, and the next merge completes`() throws {
        let count = 3000
        let fixture = try Self.fixture(count)
        let began = ContinuousClock.now
        #expect(try fixture.merge().status == 0)
        let duration = ContinuousClock.now - began
        let first = try Self.state(fixture)
        #expect(first.count == 2 * count)
        try fixture.write(Self.houses(count, name: "丙"), to: "maps/a.geojson")
        let complete = try { () -> [String] in
            let other = try Self.fixture(count)
            try other.write(Self.houses(count, name: "丙"), to: "maps/a.geojson")
            #expect(try other.merge().status == 0)
            return try Self.state(other)
        }()

        var generator = SystemRandomNumberGenerator()
        var seen = (old: 0, new: 0)
        for _ in 0..<(Program.isLong ? 100 : 8) {
            let process = try Program.start(
                ["merge", "--district", fixture.directory.path], output: Pipe(), errors: Pipe())
            let share = Double.random(in: 0...1, using: &generator)
            let delay = Double(duration.components.attoseconds) / 1e18 + Double(duration.components.seconds)
            usleep(UInt32(delay * share * 1_000_000))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let state = try Self.state(fixture)
            #expect(state == first || state == complete, "a district that is neither the old nor the new one")
            if state == complete { seen.new += 1 } else { seen.old += 1 }
            if state == complete { break }
        }
        print("killed: \(seen.old) times the old district, \(seen.new) times the new one")
        #expect(try fixture.merge().status == 0)
        #expect(try Self.state(fixture) == complete)
    }

    @Test func `by a full disk leaves nothing, and completes when there is room`() throws {
        let fixture = try Self.fixture(6000)
        let disk = FileManager.default.temporaryDirectory.appendingPathComponent("disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: disk) }
        guard try Program.tool("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk.path])?.status == 0 else {
            print("skipped: a small disk cannot be mounted here")
            return
        }
        defer { _ = try? Program.tool("umount", ["-l", disk.path]) }
        for name in ["district.yaml", "maps"] {
            try FileManager.default.copyItem(
                at: fixture.directory.appendingPathComponent(name), to: disk.appendingPathComponent(name))
        }
        let full = try Program.run(["merge", "--district", disk.path])
        #expect(full.status == 3, "\(full.errors)")
        #expect(full.errors.contains("The disk is full"), "\(full.errors)")
        let left = try FileManager.default.contentsOfDirectory(atPath: disk.path).filter { !$0.hasPrefix(".") }
        #expect(left.sorted() == ["district.yaml", "maps"])
        _ = try Program.tool("mount", ["-o", "remount,size=64m", disk.path])
        #expect(try Program.run(["merge", "--district", disk.path]).status == 0)
    }

    @Test func `by Ctrl-C leaves the old district and says so`() throws {
        let fixture = try Self.fixture(20_000)
        let errors = Pipe()
        let process = try Program.start(
            ["merge", "--district", fixture.directory.path], output: Pipe(), errors: errors)
        // The first line of progress: the merge is under way.
        _ = errors.fileHandleForReading.availableData
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 130)
        let left = try fixture.files().filter { $0.contains("gpkg") }
        #expect(left.isEmpty, "\(left)")
        #expect(try fixture.merge().status == 0)
    }

    /// Every call that writes to the district's folder fails once, the first one
    /// first, until a merge comes through.
    ///
    /// When nothing can be written any more after the last page of the merge was,
    /// the pages can neither be taken back nor be known to last: whoever opens the
    /// store next finds the old district or the new one, and always a whole one.
    /// `MIAOPU_LONG=1` tries every call in every way, else a sample of them.
    @Test(
        arguments: Program.isLong
            ? [(EIO, "once"), (EIO, "forever"), (ENOSPC, "once"), (ENOSPC, "forever")]
            : [(EIO, "once"), (ENOSPC, "forever")])
    func `by the storage leaves the old district`(code: Int32, mode: String) throws {
        let library = FileManager.default.temporaryDirectory.appendingPathComponent("faults-\(UUID().uuidString).so")
        defer { try? FileManager.default.removeItem(at: library) }
        let source = Program.package.appendingPathComponent("tools/faults/faults.c").path
        let compiled = try #require(
            try Program.tool("gcc", ["-shared", "-fPIC", "-O1", "-o", library.path, source, "-ldl"]))
        #expect(compiled.status == 0, "\(compiled.errors)")

        let fixture = try Self.fixture(40)
        #expect(try fixture.merge().status == 0)
        let first = try Self.state(fixture)
        let before = try Data(contentsOf: fixture.store)
        try fixture.write(Self.houses(50, name: "丁"), to: "maps/a.geojson")
        let counter = fixture.directory.appendingPathComponent("count")
        func environment(_ number: Int) -> [String: String] {
            [
                "LD_PRELOAD": library.path, "FAULT_DIR": fixture.directory.appendingPathComponent("district").path,
                "FAULT_AT": "\(number)", "FAULT_ERRNO": "\(code)", "FAULT_MODE": mode, "FAULT_COUNT": counter.path,
            ]
        }
        var number = 1
        var failures = 0
        var surprises: [[String]] = []
        let step = Program.isLong ? 1 : 11
        while number < 2000 {
            let result = try fixture.merge(environment: environment(number))
            let state = try Self.state(fixture)
            if result.status == 0 {
                // What SQLite does without, as long as the district is complete.
                #expect(state.filter { $0.hasPrefix("丁") }.count == 50, "call \(number) was lost in silence")
                let text = try String(contentsOf: counter, encoding: .utf8)
                if number > Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 { break }
                try Self.restore(before, of: fixture)
            } else {
                failures += 1
                #expect(result.status == 3, "call \(number): exit \(result.status): \(result.errors)")
                let sentences = result.errors.split(separator: "\n").filter {
                    !$0.hasPrefix("a: ") && !$0.hasPrefix("b: ") && !$0.hasPrefix("buildings: ")
                }
                #expect(sentences.count == 1, "\(result.errors)")
                if state != first {
                    // The report is made of the district that is committed.
                    let isDone = result.errors.contains("The merge is done")
                    #expect(mode == "forever" || isDone, "call \(number) left a changed district")
                    surprises.append(state)
                    try Self.restore(before, of: fixture)
                }
            }
            number += step
        }
        #expect(failures > 0)
        try Self.restore(before, of: fixture)
        print("\(mode) \(code): \(failures) of some \(number) failing calls were noticed and left the old district")
        #expect(try fixture.merge().status == 0)
        #expect(try fixture.query("SELECT count(*) FROM buildings WHERE name LIKE '丁%'") == ["50"])
        let second = try Self.state(fixture)
        #expect(surprises.allSatisfy { $0 == second }, "a district in between")
    }

    private static func restore(_ store: Data, of fixture: DistrictFixture) throws {
        for ending in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: fixture.store.path + ending) }
        try store.write(to: fixture.store)
    }
}
