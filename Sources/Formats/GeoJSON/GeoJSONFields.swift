// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// The fields of a GeoJSON text: all names that its features use, each with the
/// type that holds all of its values.
struct GeoJSONFields {
    private struct Entry {
        var name: String
        /// As it stands in the text.
        var raw: [UInt8]
        var type: FieldType?
        var count = 0
    }

    private var entries: [Entry] = []
    private var indexes: [String: Int] = [:]
    private var id: Entry?
    /// Features mostly name their fields in the same order: the entry that the
    /// next key is compared with first.
    private var expected = 0

    mutating func beginRecord() {
        expected = 0
    }

    mutating func note(_ key: JSONString, _ cursor: inout JSONCursor) throws(JSONCursor.Fault) {
        let index = index(of: key)
        entries[index].count += 1
        try Self.widen(&entries[index].type, &cursor)
    }

    mutating func noteID(_ cursor: inout JSONCursor) throws(JSONCursor.Fault) {
        if id == nil { id = Entry(name: "id", raw: Array("id".utf8)) }
        id?.count += 1
        var type = id?.type
        try Self.widen(&type, &cursor)
        id?.type = type
    }

    private mutating func index(of key: JSONString) -> Int {
        if expected < entries.count, Self.isSame(entries[expected].raw, key.raw) {
            expected += 1
            return expected - 1
        }
        let name = key.text
        if let known = indexes[name] {
            expected = known + 1
            return known
        }
        entries.append(Entry(name: name, raw: Array(key.raw)))
        indexes[name] = entries.count - 1
        expected = entries.count
        return entries.count - 1
    }

    fileprivate static func isSame(_ first: [UInt8], _ second: UnsafeRawBufferPointer) -> Bool {
        guard first.count == second.count, let address = second.baseAddress else { return false }
        return first.withUnsafeBytes { memcmp($0.baseAddress ?? address, address, second.count) == 0 }
    }

    /// Makes the type large enough for the value at the cursor, and passes over
    /// it.
    private static func widen(_ type: inout FieldType?, _ cursor: inout JSONCursor) throws(JSONCursor.Fault) {
        let found: FieldType
        switch cursor.current {
        case 0x6E: return try cursor.skipValue()
        case 0x74, 0x66:
            found = .boolean
            try cursor.skipValue()
        case 0x2D, 0x30...0x39, 0x49, 0x4E:
            let number = try cursor.number()
            if number.special != nil { return }
            found = number.integer != nil ? .integer : .real
        default:
            found = .text
            try cursor.skipValue()
        }
        switch (type, found) {
        case (nil, _): type = found
        case (let known?, found) where known == found: break
        case (.integer?, .real), (.real?, .integer): type = .real
        default: type = .text
        }
    }

    /// The fields that are kept: at most `ceiling`, the most used ones, in the
    /// order of the text; and a sentence when there are more.
    func layout(ceiling: Int) -> GeoJSONLayout {
        var chosen = Array(entries.indices)
        var note: String?
        let room = id == nil || indexes["id"] != nil ? ceiling : ceiling - 1
        if chosen.count > room {
            chosen = Array(chosen.sorted { (entries[$1].count, $0) < (entries[$0].count, $1) }.prefix(room)).sorted()
            let kept = Set(chosen)
            let values = entries.indices.filter { !kept.contains($0) }.reduce(0) { $0 + entries[$1].count }
            note =
                "There are \(entries.count) different properties; the \(room) most used were kept, and \(values) values "
                + "of the others left out."
        }
        var columns = chosen.map {
            GeoJSONLayout.Column(name: entries[$0].name, raw: entries[$0].raw, type: entries[$0].type ?? .text)
        }
        var idColumn: Int?
        if let id, indexes["id"] == nil {
            idColumn = columns.count
            columns.append(GeoJSONLayout.Column(name: "id", raw: [], type: id.type ?? .text))
        }
        return GeoJSONLayout(columns: columns, idColumn: idColumn, note: note)
    }
}

/// Which property goes into which column.
struct GeoJSONLayout {
    struct Column {
        var name: String
        var raw: [UInt8]
        var type: FieldType
    }

    let columns: [Column]
    /// The column of the features' own `id`.
    let idColumn: Int?
    let note: String?
    private let indexes: [String: Int]
    private var expected = 0

    init(columns: [Column], idColumn: Int?, note: String?) {
        self.columns = columns
        self.idColumn = idColumn
        self.note = note
        var indexes: [String: Int] = [:]
        for (index, column) in columns.enumerated() where index != idColumn { indexes[column.name] = index }
        self.indexes = indexes
    }

    var fields: [Field] { columns.map { Field($0.name, $0.type) } }

    mutating func beginRecord() {
        expected = 0
    }

    /// The column of a key; nil when it is not kept.
    mutating func column(of key: JSONString) -> Int? {
        if expected < columns.count, GeoJSONFields.isSame(columns[expected].raw, key.raw) {
            expected += 1
            return expected - 1
        }
        guard let known = indexes[key.text] else { return nil }
        expected = known + 1
        return known
    }

    /// The value at the cursor as the column's type has it; passes over it.
    func value(_ cursor: inout JSONCursor, column: Int) throws -> AttributeValue {
        let type = columns[column].type
        let start = cursor.offset
        switch cursor.current {
        case 0x6E:
            try cursor.skipValue()
            return .null
        case 0x74, 0x66:
            let value = cursor.current == 0x74
            try cursor.skipValue()
            return type == .boolean ? .boolean(value) : .text(value ? "true" : "false")
        case 0x2D, 0x30...0x39, 0x49, 0x4E:
            let number = try cursor.number()
            if number.special != nil { return .null }
            if type == .text { return .text(number.text) }
            if type == .integer, let value = number.integer { return .integer(value) }
            let value = number.double
            return value.isFinite ? .real(value) : .null
        case 0x22:
            return .text(try cursor.string().text)
        default:
            try cursor.skipValue()
            return .text(String(decoding: cursor.bytes[start..<cursor.offset], as: UTF8.self))
        }
    }
}
