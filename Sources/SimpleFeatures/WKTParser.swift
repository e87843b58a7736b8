// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension Geometry {
    /// Reads well-known text. Upper and lower case, `Z`, `M` and `ZM` (dropped),
    /// `EMPTY`, both spellings of `MULTIPOINT` and a leading `SRID=n;` are known.
    ///
    /// - Throws: `SimpleFeaturesError`; the offset counts UTF-8 bytes.
    /// - Complexity: O(*n*) in characters.
    public init(wkt: String, limits: GeometryLimits = .default) throws(SimpleFeaturesError) {
        var parser = WKTParser(text: Array(wkt.utf8), limits: limits)
        self = try parser.document()
    }
}

/// A recursive-descent reader of well-known text.
struct WKTParser {
    private let text: [UInt8]
    private var offset = 0
    private var tally: GeometryTally

    init(text: [UInt8], limits: GeometryLimits) {
        self.text = text
        tally = GeometryTally(limits: limits, format: .wkt)
    }

    mutating func document() throws(SimpleFeaturesError) -> Geometry {
        skipSpace()
        if word(at: offset) == "SRID" {
            while offset < text.count, text[offset] != UInt8(ascii: ";") { offset += 1 }
            offset = min(offset + 1, text.count)
        }
        let geometry = try geometry(depth: 1)
        skipSpace()
        if offset != text.count { throw fault(.trailing, "text follows the complete geometry") }
        return geometry
    }

    private mutating func geometry(depth: Int) throws(SimpleFeaturesError) -> Geometry {
        try tally.check(depth: depth, offset: offset)
        var name = nextWord()
        let start = offset
        // `POINTZ` and `POINT Z` are both in use.
        for suffix in ["ZM", "Z", "M"] where GeometryType(rawValue: name) == nil && name.hasSuffix(suffix) {
            name.removeLast(suffix.count)
        }
        guard let type = GeometryType(rawValue: name), type != .geometry else {
            let known = GeometryType.allCases.dropFirst().map(\.rawValue).joined(separator: ", ")
            throw SimpleFeaturesError(
                name.isEmpty ? .malformed : .unsupportedType, .wkt, offset: max(0, start - name.utf8.count),
                "“\(name.prefix(40))” is no type of geometry; \(known) are read")
        }
        skipSpace()
        let tag = word(at: offset)
        if tag == "Z" || tag == "M" || tag == "ZM" { offset += tag.utf8.count }
        switch type {
        case .point, .geometry:
            if isEmpty() { return .point(Point(nil)) }
            try expect("(")
            let coordinate = try coordinate()
            try expect(")")
            return .point(Point(coordinate))
        case .lineString: return .lineString(try lineString())
        case .polygon: return .polygon(try polygon())
        case .multiPoint:
            return .multiPoint(
                MultiPoint(
                    try list { parser throws(SimpleFeaturesError) in
                        try parser.tally.add(parts: 1, offset: parser.offset)
                        return try parser.memberPoint()
                    }))
        case .multiLineString:
            return .multiLineString(
                MultiLineString(
                    try list { parser throws(SimpleFeaturesError) in
                        try parser.tally.add(parts: 1, offset: parser.offset)
                        return try parser.lineString()
                    }))
        case .multiPolygon:
            return .multiPolygon(
                MultiPolygon(
                    try list { parser throws(SimpleFeaturesError) in
                        try parser.tally.add(parts: 1, offset: parser.offset)
                        return try parser.polygon()
                    }))
        case .geometryCollection:
            return .geometryCollection(
                GeometryCollection(
                    try list { parser throws(SimpleFeaturesError) in
                        try parser.tally.add(parts: 1, offset: parser.offset)
                        return try parser.geometry(depth: depth + 1)
                    }))
        }
    }

    // MARK: Parts

    private mutating func memberPoint() throws(SimpleFeaturesError) -> Point {
        if isEmpty() { return Point(nil) }
        guard accept("(") else { return Point(try coordinate()) }
        let coordinate = try coordinate()
        try expect(")")
        return Point(coordinate)
    }

    private mutating func lineString() throws(SimpleFeaturesError) -> LineString {
        let start = offset
        let coordinates = try coordinates()
        if coordinates.count == 1 {
            throw fault(.tooFewPositions, "a line of one position; two are the fewest", at: start)
        }
        return LineString(coordinates)
    }

    private mutating func polygon() throws(SimpleFeaturesError) -> Polygon {
        let start = offset
        var rings = try list { parser throws(SimpleFeaturesError) in try parser.ring() }
        guard !rings.isEmpty else { return Polygon(LinearRing([])) }
        let exterior = rings.removeFirst()
        rings.removeAll(where: \.coordinates.isEmpty)
        if exterior.coordinates.isEmpty && !rings.isEmpty {
            throw fault(.tooFewPositions, "a polygon with holes whose exterior ring is empty", at: start)
        }
        return Polygon(exterior, interiorRings: rings)
    }

    private mutating func ring() throws(SimpleFeaturesError) -> LinearRing {
        let start = offset
        try tally.add(rings: 1, offset: offset)
        let coordinates = try coordinates()
        guard let first = coordinates.first, let last = coordinates.last else { return LinearRing([]) }
        if coordinates.count < 4 {
            throw fault(
                .tooFewPositions, "a ring of \(coordinates.count) positions; four are the fewest", at: start)
        }
        if first != last { throw fault(.ringNotClosed, "a ring whose last position is not its first", at: start) }
        return LinearRing(coordinates)
    }

    private mutating func coordinates() throws(SimpleFeaturesError) -> [Coordinate] {
        try list { parser throws(SimpleFeaturesError) in try parser.coordinate() }
    }

    private mutating func coordinate() throws(SimpleFeaturesError) -> Coordinate {
        try tally.add(coordinates: 1, offset: offset)
        let start = offset
        let x = try number()
        let y = try number()
        var dropped = 0
        while dropped < 2, let next = peek(), next != UInt8(ascii: ","), next != UInt8(ascii: ")") {
            _ = try number()
            dropped += 1
        }
        let coordinate = Coordinate(x: x, y: y)
        if !coordinate.isFinite { throw fault(.notFinite, "an ordinate is not a finite number", at: start) }
        return coordinate
    }

    // MARK: Tokens

    private mutating func list<Member>(
        _ read: (inout WKTParser) throws(SimpleFeaturesError) -> Member
    ) throws(SimpleFeaturesError) -> [Member] {
        if isEmpty() { return [] }
        try expect("(")
        var members: [Member] = []
        repeat { members.append(try read(&self)) } while accept(",")
        try expect(")")
        return members
    }

    private mutating func isEmpty() -> Bool {
        skipSpace()
        guard word(at: offset) == "EMPTY" else { return false }
        offset += 5
        return true
    }

    private mutating func number() throws(SimpleFeaturesError) -> Double {
        skipSpace()
        var end = offset
        while end < text.count {
            switch text[end] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                end += 1
                continue
            default: break
            }
            break
        }
        // Hexadecimal floating point is no WKT, though Swift reads it.
        let digits = String(decoding: text[offset..<end], as: UTF8.self)
        guard !digits.isEmpty, !digits.contains(where: { $0 == "x" || $0 == "X" }), let value = Double(digits) else {
            throw fault(.malformed, "a number is expected, not “\(digits.prefix(20))”")
        }
        offset = end
        return value
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(SimpleFeaturesError) {
        if accept(character) { return }
        if offset >= text.count { throw fault(.truncated, "the text ends where “\(character)” is expected") }
        throw fault(.malformed, "“\(character)” is expected")
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func peek() -> UInt8? {
        skipSpace()
        return offset < text.count ? text[offset] : nil
    }

    private mutating func skipSpace() {
        while offset < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[offset]) { offset += 1 }
    }

    private mutating func nextWord() -> String {
        skipSpace()
        let word = word(at: offset)
        offset += word.utf8.count
        return word
    }

    /// The letters from a position on, in upper case; not consumed.
    private func word(at start: Int) -> String {
        var letters: [UInt8] = []
        for byte in text[start...] {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): letters.append(byte)
            case UInt8(ascii: "a")...UInt8(ascii: "z"): letters.append(byte - 32)
            default: return String(decoding: letters, as: UTF8.self)
            }
        }
        return String(decoding: letters, as: UTF8.self)
    }

    private func fault(
        _ kind: SimpleFeaturesError.Kind, _ detail: String, at position: Int? = nil
    ) -> SimpleFeaturesError {
        SimpleFeaturesError(kind, .wkt, offset: position ?? offset, detail)
    }
}
