// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import SpatialIndexing
import TestSupport
import Testing

private let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

@Suite struct SQLiteRTreePackingTests {
    /// Lets Python's SQLite make an R*Tree, put our rows into its tables, check
    /// it and search it; gives what the script prints.
    private func judge(
        _ packing: SQLiteRTreePacking, pageSize: Int, query: Envelope, insert: Bool = false
    ) throws -> [String] {
        func hex(_ bytes: [UInt8]) -> String {
            bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        let rows = [
            packing.nodes.map { "['\(hex($0.data))',\($0.number)]" }.joined(separator: ","),
            packing.rowids.map { "[\($0.rowid),\($0.node)]" }.joined(separator: ","),
            packing.parents.map { "[\($0.node),\($0.parent)]" }.joined(separator: ","),
        ]
        let script = """
            import sqlite3
            c = sqlite3.connect(':memory:')
            c.execute('pragma page_size = \(pageSize)')
            c.execute('create virtual table x using rtree(id, minx, maxx, miny, maxy)')
            c.execute('delete from x_node')
            for data, number in [\(rows[0])]:
                c.execute('insert into x_node values(?, ?)', (number, bytes.fromhex(data)))
            c.executemany('insert into x_rowid values(?, ?)', [\(rows[1])])
            c.executemany('insert into x_parent values(?, ?)', [\(rows[2])])
            if \(insert ? "True" : "False"):
                for i in range(2000): c.execute('insert into x values(?, ?, ?, ?, ?)', (10**7 + i, i, i + 1, i, i + 1))
                c.execute('delete from x where id between 5 and 900')
            print(c.execute("select rtreecheck('x')").fetchone()[0])
            print(c.execute('select count(*) from x').fetchone()[0])
            where = 'maxx >= ? and minx <= ? and maxy >= ? and miny <= ?'
            bounds = (\(query.minX), \(query.maxX), \(query.minY), \(query.maxY))
            print(*[r[0] for r in c.execute('select id from x where ' + where, bounds)])
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python ?? "")
        process.arguments = ["-"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(Data(script.utf8))
        try input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private func entries(_ count: Int) -> [(id: Int64, envelope: Envelope)] {
        var generator = SeededGenerator(seed: UInt64(count))
        return (0..<count).map { index in
            let x = 350_000 + Double.random(in: 0...40_000, using: &generator)
            let y = 3_440_000.123 + Double.random(in: 0...40_000, using: &generator)
            return (Int64(index + 1), Envelope(minX: x, minY: y, maxX: x + 12.345, maxY: y + 8.001))
        }
    }

    @Test(
        .enabled(if: python != nil, "Python with SQLite is not installed"),
        arguments: [(0, 4096), (1, 4096), (51, 4096), (52, 4096), (2602, 4096), (9000, 4096), (500, 1024), (700, 512)])
    func `SQLite finds the packed tree sound and searches it`(count: Int, pageSize: Int) throws {
        let entries = entries(count)
        let query = Envelope(minX: 355_000, minY: 3_445_000, maxX: 365_000, maxY: 3_452_000)
        let lines = try judge(
            SQLiteRTreePacking(entries: entries, pageSize: pageSize), pageSize: pageSize, query: query)
        #expect(lines.first == "ok")
        #expect(lines.dropFirst().first == "\(count)")
        let found = Set((lines.dropFirst(2).first ?? "").split(separator: " ").compactMap { Int64($0) })
        // Boxes are rounded outwards, so nothing that meets the query is missing.
        for entry in entries where entry.envelope.intersects(query) { #expect(found.contains(entry.id)) }
        for entry in entries where found.contains(entry.id) {
            #expect(entry.envelope.expanded(by: 0.5).intersects(query))
        }
    }

    @Test(.enabled(if: python != nil, "Python with SQLite is not installed"))
    func `SQLite goes on inserting and deleting in it`() throws {
        let lines = try judge(
            SQLiteRTreePacking(entries: entries(3000)), pageSize: 4096,
            query: Envelope(minX: 0, minY: 0, maxX: 1, maxY: 1), insert: true)
        #expect(lines.prefix(2) == ["ok", "\(3000 + 2000 - 896)"])
    }

    @Test func `nodes are numbered from the root and evenly filled`() {
        let packing = SQLiteRTreePacking(entries: entries(2700))
        #expect(packing.nodes.map(\.number) == Array(1...Int64(packing.nodes.count)))
        #expect(packing.nodes.allSatisfy { $0.data.count == 1228 })
        let counts = packing.nodes.map { Int($0.data[2]) << 8 | Int($0.data[3]) }
        #expect(counts.dropFirst(3).allSatisfy { (48...51).contains($0) })
        #expect(packing.nodes[0].data[1] == 2)
    }

    @Test func `empty envelopes are left out`() {
        let packing = SQLiteRTreePacking(entries: [(1, .empty), (2, Envelope(minX: 0, minY: 0, maxX: 1, maxY: 1))])
        #expect(packing.rowids.map(\.rowid) == [2])
        #expect(packing.nodes.count == 1 && packing.parents.isEmpty)
    }
}
