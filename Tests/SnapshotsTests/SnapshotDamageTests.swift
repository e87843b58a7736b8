// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Snapshots
import SpatialIndexing
import TestSupport
import Testing

@Suite struct SnapshotDamageTests {
    /// Reads everything that there is to read, without expecting anything.
    private func readAll(_ snapshot: Snapshot) -> Int {
        var sum = 0
        for level in snapshot.levels {
            level.search(.everything) { feature in
                sum &+= level.row(of: feature)
                let geometry = level.geometry(of: feature)
                for run in 0..<min(geometry.runCount, 1000) {
                    sum &+= geometry.startsPart(run) ? 1 : 0
                    for value in geometry.run(run) { sum &+= Int(value) }
                }
                sum &+= Int(truncatingIfNeeded: snapshot.featureID(row: level.row(of: feature)))
                for column in snapshot.columns {
                    let code = column.code(row: level.row(of: feature))
                    sum &+= code
                    sum &+= column.utf8(code: code)?.count ?? 0
                    sum &+= column.value(code: code).description.utf8.count
                }
                return true
            }
        }
        return sum
    }

    @Test func `a file cut anywhere is refused`() throws {
        let folder = try ScratchFolder()
        try write(houses(60), to: folder.file("a"))
        let bytes = try Data(contentsOf: folder.file("a"))
        for count in stride(from: 1, to: bytes.count, by: 37) {
            try bytes.prefix(count).write(to: folder.file("b"))
            #expect(throws: SnapshotsError.self) { try Snapshot(mapping: folder.file("b")) }
        }
    }

    @Test func `flipped bytes are refused, noticed by verify, or harmless`() throws {
        let folder = try ScratchFolder()
        try write(houses(120), to: folder.file("a"))
        let bytes = [UInt8](try Data(contentsOf: folder.file("a")))
        let seed: UInt64 = 20_260_711
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        var opened = 0
        for _ in 0..<1500 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                damaged[Int.random(in: 0..<damaged.count, using: &generator)] = .random(
                    in: 0 ... .max, using: &generator)
            }
            try Data(damaged).write(to: folder.file("b"))
            guard let snapshot = try? Snapshot(mapping: folder.file("b")) else { continue }
            opened += 1
            _ = readAll(snapshot)
            _ = try? snapshot.verify()
        }
        #expect(opened > 100)
    }

    @Test func `starts and codes that point anywhere stay within the file`() throws {
        let folder = try ScratchFolder()
        try write(houses(300), to: folder.file("a"))
        let bytes = [UInt8](try Data(contentsOf: folder.file("a")))
        // Everything between header and table that is no description: all ones.
        var generator = SeededGenerator(seed: 5)
        for start in stride(from: 64, to: bytes.count - 6000, by: 509) {
            var damaged = bytes
            let length = Int.random(in: 4...400, using: &generator)
            for index in start..<(start + length) { damaged[index] = 0xFF }
            try Data(damaged).write(to: folder.file("b"))
            guard let snapshot = try? Snapshot(mapping: folder.file("b")) else { continue }
            _ = readAll(snapshot)
            #expect(throws: SnapshotsError.self) { try snapshot.verify() }
        }
    }

    @Test func `what is no snapshot is called so`() throws {
        let folder = try ScratchFolder()
        let missing = #expect(throws: SnapshotsError.self) { try Snapshot(mapping: folder.file("none")) }
        #expect(missing?.kind == .system(errno: ENOENT))
        for text in ["", "SQLite format 3\0", String(repeating: "x", count: 500)] {
            try Data(text.utf8).write(to: folder.file("a"))
            let error = #expect(throws: SnapshotsError.self) { try Snapshot(mapping: folder.file("a")) }
            #expect(error?.kind == .notASnapshot)
        }
        #expect(throws: SnapshotsError.self) { try Snapshot(mapping: folder.url) }
    }

    @Test func `another version of the format asks for a new cut`() throws {
        let folder = try ScratchFolder()
        try write(houses(5), to: folder.file("a"))
        var bytes = [UInt8](try Data(contentsOf: folder.file("a")))
        bytes[8] = 2
        try Data(bytes).write(to: folder.file("a"))
        let error = #expect(throws: SnapshotsError.self) { try Snapshot(mapping: folder.file("a")) }
        #expect(error?.kind == .otherVersion)
        #expect(error?.description.hasSuffix("the snapshot has format 2, this version reads 1; cut it again.") == true)
    }

    @Test func `a snapshot stays readable when its file is replaced or removed`() throws {
        let folder = try ScratchFolder()
        try write(houses(200), to: folder.file("a"))
        let old = try Snapshot(mapping: folder.file("a"))
        try write(houses(10), to: folder.file("a"))
        #expect(old.rowCount == 200)
        #expect(try Snapshot(mapping: folder.file("a")).rowCount == 10)
        try FileManager.default.removeItem(at: folder.file("a"))
        try old.verify()
        #expect(readAll(old) != 0)
    }
}
