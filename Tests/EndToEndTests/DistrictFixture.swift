// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// A district of its own for each test, removed with it.
final class DistrictFixture {
    let directory: URL

    init(
        name: String = "试验区", grid: String = "EPSG:4549", sources: String = "",
        towns: [String: String] = ["310112108": "梅陇镇"]
    )
        throws
    {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("district-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: directory.appendingPathComponent("maps"), withIntermediateDirectories: true)
        let list = towns.sorted { $0.key < $1.key }.map { "  - { code: \"\($0.key)\", name: \($0.value) }\n" }.joined()
        try write(
            "name: \(name)\ngrid: { crs: \"\(grid)\", precision: 0.001 }\ntowns:\n\(list)sources:\n\(sources)",
            to: "district.yaml")
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    var store: URL { directory.appendingPathComponent("district.gpkg") }

    func write(_ text: String, to path: String) throws {
        try write(Data(text.utf8), to: path)
    }

    func write(_ data: Data, to path: String) throws {
        let url = directory.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    func copy(_ url: URL, to path: String) throws {
        let target = directory.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: url.resolvingSymlinksInPath(), to: target)
    }

    @discardableResult
    func merge(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> Program.Result {
        try Program.run(["merge", "--district", directory.path] + arguments, environment: environment)
    }

    /// Merges and reads the report; expects it to be JSON.
    func report(_ arguments: [String] = []) throws -> Report {
        let result = try merge(["--json"] + arguments)
        do {
            return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        } catch {
            Issue.record("no report: exit \(result.status) \(result.errors) \(result.output.prefix(500))")
            throw error
        }
    }

    /// What of a report the tests look at.
    struct Report: Decodable {
        struct Source: Decodable {
            struct Counts: Decodable, Equatable {
                var read: Int
                var accepted: Int
                var repaired: Int
                var rejected: Int
                var skipped: Int
            }
            struct IssueCount: Decodable {
                var name: String
                var count: Int
                var example: String
            }
            struct Shift: Decodable {
                var mean: Double
            }
            var id: String
            var outcome: String
            var counts: Counts
            var crs: String?
            var steps: [String]
            var shift: Shift?
            var issues: [IssueCount]
            var notes: [String]
            var needs: [String]
        }
        struct Layer: Decodable {
            var id: String
            var inserted: Int
            var updated: Int
            var deleted: Int
        }
        var changeSet: Int?
        var layers: [Layer]
        var sources: [Source]

        func source(_ id: String) throws -> Source {
            try #require(sources.first { $0.id == id })
        }
    }

    /// The rows of a query on the store or another database, run by Python's SQLite;
    /// values are parted by |.
    func query(_ sql: String, in file: URL? = nil) throws -> [String] {
        let script = """
            import sqlite3, sys
            connection = sqlite3.connect(sys.argv[1])
            for row in connection.execute(sys.argv[2]):
                print("|".join("" if v is None else str(v) for v in row))
            connection.close()
            """
        let result = try #require(try Program.tool("python3", ["-c", script, (file ?? store).path, sql]))
        #expect(result.status == 0, "\(result.errors)")
        return result.output.split(separator: "\n").map(String.init)
    }

    /// What lies in the district's folder beside what the test put there.
    func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: directory.path).sorted()
    }
}
