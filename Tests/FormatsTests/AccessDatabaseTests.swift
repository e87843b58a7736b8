// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

@Suite("Access databases are read through ODBC, in a child", .enabled(if: executable != nil))
struct AccessDatabaseTests {
    /// Databases of other projects; `test.mdb` of meza 0.47.0 on PyPI (MIT) is one.
    static let samples: [URL] = {
        guard let root = sharedData?.appendingPathComponent("formats/access") else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.filter { $0.hasSuffix(".mdb") || $0.hasSuffix(".accdb") }.sorted()
            .map { root.appendingPathComponent($0) }
    }()

    /// The first pages of a database of Jet 4 without anything in it.
    private static func pages(_ count: Int, mark: String = "Standard Jet DB\0", version: UInt8 = 1) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count * 4096)
        bytes.replaceSubrange(0..<4, with: [0, 1, 0, 0])
        bytes.replaceSubrange(4..<20, with: Array(mark.utf8))
        bytes[0x14] = version
        return bytes
    }

    @Test func `what is no database, or was cut off, is refused before any driver sees it`() throws {
        let folder = try TemporaryFolder()
        for (bytes, words) in [
            (Array("Standard Jet DB".utf8), "do not begin like one"), (Array(Self.pages(3).dropLast(100)), "cut off"),
            (Self.pages(1), "cut off"), (Array("SQLite format 3\0".utf8) + [0], "SQLite"),
        ] {
            let error = try #require(refusal(folder.write(bytes, to: "a.mdb")))
            #expect(error.description.contains(words), "\(error)")
        }
    }

    @Test func `a database of empty or senseless pages is refused, and nothing else happens`() throws {
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 11)
        for round in 0..<6 {
            var bytes = Self.pages(8, mark: round % 2 == 0 ? "Standard Jet DB\0" : "Standard ACE DB\0", version: round < 4 ? 1 : 2)
            if round > 1 {
                for index in 4096..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: generator.next()) }
            }
            let error = try #require(refusal(folder.write(bytes, to: "a.mdb")), "round \(round)")
            #expect(error.description.contains("“a.mdb”"), "\(error)")
        }
    }

    @Test func `the name of a file adds nothing to the settings of the driver`() throws {
        let folder = try TemporaryFolder()
        let scratch = try TemporaryFolder()
        let url = try folder.write(Self.pages(8), to: "a;DSN=other;x.mdb")
        var staging = Staging(folder: scratch.url, limits: DatasetLimits())
        let file = try staging.stage(path: url.path).files[0]
        #expect(file.path.hasSuffix("/database.mdb") && file.name == "a;DSN=other;x.mdb")
    }

    @Test("Real ones are read whole, and survive changed bytes", .enabled(if: !samples.isEmpty), arguments: samples)
    func real(url: URL) throws {
        let inspection = try inspect(url)
        #expect(inspection.format == .accessDatabase && !inspection.layers.isEmpty)
        for layer in inspection.layers {
            let balance = try #require(layer.balance, "\(layer.stop ?? "")")
            #expect(balance.declared == nil || balance.declared == balance.total)
        }
        let original = [UInt8](try Data(contentsOf: url))
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<(isLong ? 200 : 12) {
            var bytes = original
            for _ in 0..<8 {
                let place = 4096 + Int(generator.next() % UInt64(bytes.count - 4096))
                bytes[place] = UInt8(truncatingIfNeeded: generator.next())
            }
            // It is read or refused; the child may die, and this process must not.
            _ = refusal(try folder.write(bytes, to: "a.mdb"))
        }
    }
}
