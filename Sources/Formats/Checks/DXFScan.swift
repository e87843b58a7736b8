// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings

/// A walk over a DXF drawing before GDAL sees it: how often its blocks are
/// inserted into one another, in which code page it is, what is in it.
struct DXFScan {
    private struct Insert {
        var block: String
        var columns = 1
        var rows = 1
    }

    private struct Content {
        var entities = 0
        var inserts: [Insert] = []
    }

    /// `$ACADVER`: AC1021 is the release of 2007, the first in UTF-8.
    private(set) var version = ""
    /// `$DWGCODEPAGE`: `ANSI_936`.
    private(set) var codePage = ""
    /// `$INSUNITS`: 6 is the metre, 0 says nothing.
    private(set) var units: Int?
    private(set) var arcs = DrawingArcs()
    private(set) var sample = TextSample()
    private var kinds: [String: Int] = [:]
    private var blocks: [String: Content] = [:]
    private var drawing = Content()

    private static let known: Set<String> = [
        "3DFACE", "ARC", "ATTDEF", "ATTRIB", "CIRCLE", "DIMENSION", "ELLIPSE", "HATCH", "INSERT", "LEADER", "LINE",
        "LWPOLYLINE", "MLEADER", "MTEXT", "MULTILEADER", "POINT", "POLYLINE", "SOLID", "SPLINE", "TEXT", "TRACE",
    ]
    /// Parts of other entities.
    private static let parts: Set<String> = ["VERTEX", "SEQEND", "ENDBLK", "ENDSEC", "SECTION", "EOF", "BLOCK"]

    static func beginsLikeDXF(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var lines = Lines(bytes)
        while let code = lines.next(), let value = lines.next() {
            if trimmed(code).has("999") { continue }
            return trimmed(code).has("0") && trimmed(value).has("section")
        }
        return false
    }

    /// - Throws: `FormatsError` when the drawing is a bomb or not a drawing.
    init(_ bytes: UnsafeRawBufferPointer, name: String, limits: DatasetLimits) throws {
        var lines = Lines(bytes)
        var section = ""
        var block: String?
        var entity = ""
        var insert: Insert?
        var variable = ""
        var isNamed = false

        func close(_ scan: inout DXFScan) {
            if let done = insert { scan.add(insert: done, to: block) }
            insert = nil
        }
        while let codeLine = lines.next(), let valueLine = lines.next() {
            guard let code = Self.integer(codeLine) else {
                throw FormatsError(
                    .damaged, "“\(name)” is not a DXF drawing: line \(lines.number - 1) ought to be a group code.")
            }
            if !valueLine.isASCII { sample.look(at: valueLine) }
            if code != 0 { arcs.take(code, valueLine) }
            switch code {
            case 0:
                close(&self)
                entity = Self.text(valueLine).uppercased()
                arcs.begin(entity)
                isNamed = false
                if entity == "ENDBLK" { block = nil }
                if entity == "ENDSEC" { section = "" }
                guard section == "ENTITIES" || section == "BLOCKS", !Self.parts.contains(entity) else { continue }
                if section == "ENTITIES" { kinds[entity, default: 0] += 1 }
                if entity == "INSERT" { insert = Insert(block: "") } else { add(entityTo: block) }
            case 2 where entity == "SECTION": section = Self.text(valueLine).uppercased()
            case 2 where entity == "BLOCK" && !isNamed:
                isNamed = true
                block = Self.text(valueLine)
                blocks[Self.text(valueLine), default: Content()].entities += 0
            case 2: insert?.block = Self.text(valueLine)
            case 70 where variable == "$INSUNITS" && section == "HEADER": units = Self.integer(valueLine)
            case 70: insert?.columns = max(1, Self.integer(valueLine) ?? 1)
            case 71: insert?.rows = max(1, Self.integer(valueLine) ?? 1)
            case 9: variable = Self.text(valueLine).uppercased()
            case 1 where variable == "$ACADVER" && section == "HEADER": version = Self.text(valueLine).uppercased()
            case 3 where variable == "$DWGCODEPAGE" && section == "HEADER": codePage = Self.text(valueLine).uppercased()
            default: break
            }
        }
        close(&self)
        try checkExpansion(name, limits)
    }

    private mutating func add(insert: Insert, to block: String?) {
        if let block {
            blocks[block, default: Content()].inserts.append(insert)
        } else {
            drawing.inserts.append(insert)
        }
    }

    private mutating func add(entityTo block: String?) {
        if let block { blocks[block, default: Content()].entities += 1 } else { drawing.entities += 1 }
    }

    private func checkExpansion(_ name: String, _ limits: DatasetLimits) throws {
        var sizes: [String: Int] = [:]
        var open: Set<String> = []

        func size(of content: Content, depth: Int) throws -> Int {
            guard depth <= limits.nesting else {
                throw FormatsError(
                    .tooLarge, "“\(name)” has blocks nested more than \(limits.nesting) levels deep, the most allowed.")
            }
            var sum = content.entities
            for insert in content.inserts {
                let (times, isTooMany) = insert.columns.multipliedReportingOverflow(by: insert.rows)
                let (product, isTooLarge) = times.multipliedReportingOverflow(
                    by: max(1, try size(ofBlock: insert.block, depth)))
                let (total, isHuge) = sum.addingReportingOverflow(product)
                if isTooMany || isTooLarge || isHuge { return .max }
                sum = total
            }
            return sum
        }
        func size(ofBlock block: String, _ depth: Int) throws -> Int {
            if let known = sizes[block] { return known }
            guard let content = blocks[block] else { return 0 }
            guard open.insert(block).inserted else {
                throw FormatsError(.unsafe, "“\(name)” has a block that contains itself, “\(block)”; it is refused.")
            }
            let found = try size(of: content, depth: depth + 1)
            open.remove(block)
            sizes[block] = found
            return found
        }
        let total = try size(of: drawing, depth: 0)
        guard total <= limits.features else {
            let count = total == .max ? "more entities than can be counted" : "\(total) entities"
            throw FormatsError(
                .tooLarge,
                "“\(name)” is too expensive to read: with all blocks inserted it has \(count); \(limits.features) is the "
                    + "most allowed.")
        }
    }

    /// What the drawing says of its unit, for the report.
    var unitNote: String? {
        let names = [
            1: "inches", 2: "feet", 3: "miles", 4: "millimetres", 5: "centimetres", 6: "metres", 7: "kilometres",
            10: "yards", 14: "decimetres",
        ]
        guard let units, units != 0, units != 6 else { return nil }
        return "The drawing says that its unit is \(names[units] ?? "number \(units) of the list of AutoCAD"); its numbers were "
            + "taken as they stand, in the unit of the reference system."
    }

    /// What the drawing says of its text.
    var claim: EncodingClaim {
        if version >= "AC1021" { return EncodingClaim(.header, "UTF-8") }
        let page = codePage.replacing("DOS", with: "ANSI_")
        guard page.hasPrefix("ANSI_") else { return .none }
        let number = page.dropFirst(5)
        switch number {
        case "936": return EncodingClaim(.header, "GBK")
        case "950": return EncodingClaim(.header, "BIG5")
        default:
            let name = "CP\(number)"
            return TextDecoder(encoding: name) == nil ? .none : EncodingClaim(.header, name)
        }
    }

    /// The kinds of entities that have no shape on a map, with their counts.
    var notes: [String] {
        let left = kinds.filter { !Self.known.contains($0.key) }.sorted { $0.key < $1.key }
        guard !left.isEmpty else { return [] }
        return [
            "Entities that are not drawn on maps may be missing: \(left.map { "\($0.value) × \($0.key)" }.joined(separator: ", "))."
        ]
    }

    private static func trimmed(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let first = line.firstIndex(where: { $0 > 0x20 }), let last = line.lastIndex(where: { $0 > 0x20 }) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(rebasing: line[first...last])
    }

    static func text(_ line: UnsafeRawBufferPointer) -> String {
        String(decoding: trimmed(line), as: UTF8.self)
    }

    static func integer(_ line: UnsafeRawBufferPointer) -> Int? {
        let digits = trimmed(line)
        guard let first = digits.first, digits.count <= 18 else { return nil }
        let isNegative = first == 0x2D
        var value = 0
        let body = isNegative ? UnsafeRawBufferPointer(rebasing: digits[1...]) : digits
        guard !body.isEmpty else { return nil }
        for byte in body {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return isNegative ? -value : value
    }

    /// The lines of a text, whatever ends them.
    struct Lines {
        private let bytes: UnsafeRawBufferPointer
        private(set) var offset = 0
        private(set) var number = 0

        init(_ bytes: UnsafeRawBufferPointer) {
            self.bytes = bytes
            if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { offset = 3 }
        }

        mutating func next() -> UnsafeRawBufferPointer? {
            guard offset < bytes.count else { return nil }
            let start = offset
            while offset < bytes.count, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
            let line = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
            if offset < bytes.count {
                offset += bytes[offset] == 0x0D && offset + 1 < bytes.count && bytes[offset + 1] == 0x0A ? 2 : 1
            }
            number += 1
            return line
        }
    }
}
