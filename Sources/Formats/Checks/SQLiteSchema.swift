// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation

/// The table `sqlite_schema` of a database file, read without running anything:
/// a GeoPackage is a program, and what it would run is looked at before SQLite
/// opens it.
struct SQLiteSchema {
    struct Entry {
        var kind: String
        var name: String
        var table: String
        var sql: String
    }

    private(set) var entries: [Entry] = []

    private let bytes: UnsafeRawBufferPointer
    private let pageSize: Int
    private let usable: Int
    private let decoder: TextDecoder
    private var visited: Set<Int> = []

    private struct Damage: Error {}
    private struct Crowd: Error {}

    /// More than any real file has; a layer comes to some dozen entries.
    private static let mostEntries = 20_000

    /// Why the header cannot be true; nil when it can.
    static func sizeComplaint(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard bytes.count >= 512 else { return "it has \(bytes.count) bytes, fewer than its first page" }
        let size = pageSize(bytes)
        guard size >= 512, size <= 65_536, size & (size - 1) == 0 else { return "its header is damaged" }
        let pages = Int(bytes.big(UInt32.self, at: 28))
        // The count is only right when the counters beside it agree.
        let isCounted = pages > 0 && bytes.big(UInt32.self, at: 24) == bytes.big(UInt32.self, at: 92)
        if isCounted && pages * size > bytes.count {
            return "it was cut off: its header says \(pages * size) bytes, and \(bytes.count) are there"
        }
        return bytes.count < size ? "it was cut off in its first page" : nil
    }

    private static func pageSize(_ bytes: UnsafeRawBufferPointer) -> Int {
        let stored = Int(bytes.big(UInt16.self, at: 16))
        return stored == 1 ? 65_536 : stored
    }

    /// - Throws: `FormatsError` when the table cannot be read.
    init(_ bytes: UnsafeRawBufferPointer, name: String) throws {
        self.bytes = bytes
        pageSize = Self.pageSize(bytes)
        usable = pageSize - Int(bytes[20])
        let encodings: [UInt32: String] = [2: "UTF-16LE", 3: "UTF-16BE"]
        guard usable >= 480, let decoder = TextDecoder(encoding: encodings[bytes.big(UInt32.self, at: 56)] ?? "UTF-8")
        else { throw FormatsError(.damaged, "“\(name)” is damaged: its header cannot be true.") }
        self.decoder = decoder
        do {
            try readPage(1, depth: 0)
        } catch is Crowd {
            throw FormatsError(
                .tooLarge, "“\(name)” has more than \(Self.mostEntries) tables, indexes and triggers, the most allowed."
            )
        } catch {
            throw FormatsError(.damaged, "“\(name)” is a damaged database: its list of tables cannot be read.")
        }
    }

    private mutating func readPage(_ number: Int, depth: Int) throws {
        guard number >= 1, number * pageSize <= bytes.count, depth < 20, visited.insert(number).inserted else {
            throw Damage()
        }
        let page = UnsafeRawBufferPointer(rebasing: bytes[((number - 1) * pageSize)..<(number * pageSize)])
        let header = number == 1 ? 100 : 0
        let count = Int(page.big(UInt16.self, at: header + 3))
        let isInterior = page[header] == 5
        guard isInterior || page[header] == 13 else { throw Damage() }
        let cells = header + (isInterior ? 12 : 8)
        guard cells + 2 * count <= pageSize else { throw Damage() }
        for index in 0..<count {
            let cell = Int(page.big(UInt16.self, at: cells + 2 * index))
            guard cell + 4 <= pageSize else { throw Damage() }
            if isInterior {
                try readPage(Int(page.big(UInt32.self, at: cell)), depth: depth + 1)
            } else {
                try readRow(page, at: cell)
            }
        }
        if isInterior { try readPage(Int(page.big(UInt32.self, at: header + 8)), depth: depth + 1) }
    }

    private mutating func readRow(_ page: UnsafeRawBufferPointer, at cell: Int) throws {
        guard entries.count < Self.mostEntries else { throw Crowd() }
        var offset = cell
        let count = try Self.varint(page, &offset)
        _ = try Self.varint(page, &offset)
        let payload = try self.payload(page, offset, count: count)
        try payload.withUnsafeBytes { row in
            var position = 0
            let headerCount = try Self.varint(row, &position)
            guard headerCount <= row.count else { throw Damage() }
            var texts: [String] = []
            var content = headerCount
            while position < headerCount, texts.count < 5 {
                let type = try Self.varint(row, &position)
                let size = Self.size(ofType: type)
                guard content + size <= row.count else { throw Damage() }
                let isText = type >= 13 && type % 2 == 1
                texts.append(isText ? decoder.decode(row.part(from: content, count: size)).text : "")
                content += size
            }
            guard texts.count == 5 else { throw Damage() }
            entries.append(Entry(kind: texts[0], name: texts[1], table: texts[2], sql: texts[4]))
        }
    }

    /// The bytes of a row, with what overflowed onto other pages.
    private func payload(_ page: UnsafeRawBufferPointer, _ offset: Int, count: Int) throws -> [UInt8] {
        guard count <= 4 << 20, count >= 0 else { throw Damage() }
        let most = usable - 35
        if count <= most {
            guard offset + count <= page.count else { throw Damage() }
            return Array(page[offset..<offset + count])
        }
        let least = (usable - 12) * 32 / 255 - 23
        let fit = least + (count - least) % (usable - 4)
        let local = fit <= most ? fit : least
        guard offset + local + 4 <= page.count else { throw Damage() }
        var result = Array(page[offset..<offset + local])
        var next = Int(page.big(UInt32.self, at: offset + local))
        while result.count < count {
            guard next >= 1, next * pageSize <= bytes.count else { throw Damage() }
            let start = (next - 1) * pageSize
            next = Int(bytes.big(UInt32.self, at: start))
            let part = min(count - result.count, usable - 4)
            result.append(contentsOf: bytes[(start + 4)..<(start + 4 + part)])
        }
        return result
    }

    private static func varint(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) throws -> Int {
        var value: UInt64 = 0
        for index in 0..<9 {
            guard offset < bytes.count else { throw Damage() }
            let byte = bytes[offset]
            offset += 1
            if index == 8 { return Int(truncatingIfNeeded: value << 8 | UInt64(byte)) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 { break }
        }
        return Int(truncatingIfNeeded: value)
    }

    private static func size(ofType type: Int) -> Int {
        switch type {
        case 0, 8, 9: 0
        case 1...4: type
        case 5: 6
        case 6, 7: 8
        default: type >= 12 ? (type - 12) / 2 : 0
        }
    }
}
