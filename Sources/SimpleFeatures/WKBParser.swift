// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A cursor over well-known binary. All reads are bounds checked, and counts are
/// compared with the bytes that are left before anything is allocated.
struct WKBParser {
    /// What the header of one part says.
    struct Header {
        var code: UInt32
        var swapped: Bool
        /// Ordinates of a position: 2, 3 or 4.
        var ordinates: Int
    }

    private(set) var hadZ = false
    private(set) var hadM = false
    private(set) var srid: UInt32?

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private var tally: GeometryTally

    init(bytes: UnsafeRawBufferPointer, limits: GeometryLimits) {
        self.bytes = bytes
        tally = GeometryTally(limits: limits, format: .wkb)
    }

    func expectEnd() throws(SimpleFeaturesError) {
        if offset != bytes.count {
            throw fault(.trailing, "the geometry is complete, yet \(bytes.count - offset) more bytes follow")
        }
    }

    mutating func geometry(depth: Int) throws(SimpleFeaturesError) -> Geometry {
        try tally.check(depth: depth, offset: offset)
        let header = try header()
        switch header.code {
        case 1: return .point(try point(header))
        case 2: return .lineString(try lineString(header))
        case 3: return .polygon(try polygon(header))
        case 4:
            return .multiPoint(
                MultiPoint(
                    try members(header, smallest: 21) { parser, member throws(SimpleFeaturesError) in
                        try parser.expect(member, code: 1)
                        return try parser.point(member)
                    }))
        case 5:
            return .multiLineString(
                MultiLineString(
                    try members(header, smallest: 9) { parser, member throws(SimpleFeaturesError) in
                        try parser.expect(member, code: 2)
                        return try parser.lineString(member)
                    }))
        case 6:
            return .multiPolygon(
                MultiPolygon(
                    try members(header, smallest: 9) { parser, member throws(SimpleFeaturesError) in
                        try parser.expect(member, code: 3)
                        return try parser.polygon(member)
                    }))
        case 7:
            let count = try count(header, smallest: 9)
            try tally.add(parts: count, offset: offset)
            var geometries: [Geometry] = []
            geometries.reserveCapacity(count)
            for _ in 0..<count { geometries.append(try geometry(depth: depth + 1)) }
            return .geometryCollection(GeometryCollection(geometries))
        default:
            throw unsupported(header.code)
        }
    }

    // MARK: Parts

    private mutating func point(_ header: Header) throws(SimpleFeaturesError) -> Point {
        try require(header.ordinates * 8)
        let x = ordinate(at: offset, header.swapped)
        let y = ordinate(at: offset + 8, header.swapped)
        if x.isNaN && y.isNaN {
            offset += header.ordinates * 8
            return Point(nil)
        }
        guard x.isFinite && y.isFinite else { throw notFinite() }
        try tally.add(coordinates: 1, offset: offset)
        offset += header.ordinates * 8
        return Point(x: x, y: y)
    }

    private mutating func lineString(_ header: Header) throws(SimpleFeaturesError) -> LineString {
        let coordinates = try coordinates(header)
        if coordinates.count == 1 { throw fault(.tooFewPositions, "a line of one position; two are the fewest") }
        return LineString(coordinates)
    }

    private mutating func polygon(_ header: Header) throws(SimpleFeaturesError) -> Polygon {
        let count = try count(header, smallest: 4)
        guard count > 0 else { return Polygon(LinearRing([])) }
        try tally.add(rings: count, offset: offset)
        let exterior = try ring(header)
        guard count > 1 else { return Polygon(exterior) }
        var interiors: [LinearRing] = []
        interiors.reserveCapacity(count - 1)
        for _ in 1..<count {
            let interior = try ring(header)
            // An empty hole is no hole; an exterior ring without positions
            // makes an empty polygon, which cannot have holes.
            if !interior.coordinates.isEmpty { interiors.append(interior) }
        }
        if exterior.coordinates.isEmpty && !interiors.isEmpty {
            throw fault(.tooFewPositions, "a polygon with holes whose exterior ring is empty")
        }
        return Polygon(exterior, interiorRings: interiors)
    }

    private mutating func ring(_ header: Header) throws(SimpleFeaturesError) -> LinearRing {
        let start = offset
        let coordinates = try coordinates(header)
        guard let first = coordinates.first, let last = coordinates.last else { return LinearRing([]) }
        if coordinates.count < 4 {
            offset = start
            throw fault(.tooFewPositions, "a ring of \(coordinates.count) positions; four are the fewest")
        }
        if first != last {
            offset = start
            throw fault(.ringNotClosed, "a ring whose last position is not its first")
        }
        return LinearRing(coordinates)
    }

    private mutating func members<Member>(
        _ header: Header, smallest: Int,
        _ read: (inout WKBParser, Header) throws(SimpleFeaturesError) -> Member
    ) throws(SimpleFeaturesError) -> [Member] {
        let count = try count(header, smallest: smallest)
        try tally.add(parts: count, offset: offset)
        var members: [Member] = []
        members.reserveCapacity(count)
        for _ in 0..<count {
            let member = try self.header()
            members.append(try read(&self, member))
        }
        return members
    }

    private func expect(_ header: Header, code: UInt32) throws(SimpleFeaturesError) {
        if header.code != code {
            throw fault(.malformed, "a multi-geometry has a member of type \(header.code); only \(code) may be here")
        }
    }

    // MARK: Numbers

    private mutating func header() throws(SimpleFeaturesError) -> Header {
        try require(5)
        let order = bytes[offset]
        guard order <= 1 else {
            throw fault(.malformed, "byte order \(order); 0 (big endian) and 1 (little endian) are known")
        }
        let swapped = order == 0
        var code = integer(at: offset + 1, swapped)
        offset += 5
        var hasZ = code & 0x8000_0000 != 0
        var hasM = code & 0x4000_0000 != 0
        if code & 0x2000_0000 != 0 {
            try require(4)
            srid = integer(at: offset, swapped)
            offset += 4
        }
        code &= 0x1FFF_FFFF
        switch code / 1000 {
        case 0: break
        case 1: hasZ = true
        case 2: hasM = true
        case 3: (hasZ, hasM) = (true, true)
        default: throw unsupported(code)
        }
        hadZ = hadZ || hasZ
        hadM = hadM || hasM
        return Header(code: code % 1000, swapped: swapped, ordinates: 2 + (hasZ ? 1 : 0) + (hasM ? 1 : 0))
    }

    /// A count of things of which each takes `smallest` bytes or more.
    @inline(__always)
    private mutating func count(_ header: Header, smallest: Int) throws(SimpleFeaturesError) -> Int {
        try require(4)
        let count = Int(integer(at: offset, header.swapped))
        offset += 4
        if count > (bytes.count - offset) / smallest {
            throw fault(.truncated, "\(count) parts are announced, which \(bytes.count - offset) bytes cannot hold")
        }
        return count
    }

    private mutating func coordinates(_ header: Header) throws(SimpleFeaturesError) -> [Coordinate] {
        let stride = header.ordinates * 8
        let count = try count(header, smallest: stride)
        guard count > 0, let base = bytes.baseAddress else { return [] }
        try tally.add(coordinates: count, offset: offset)
        let source = base + offset
        var finite = true
        let coordinates = [Coordinate](unsafeUninitializedCapacity: count) { buffer, initialized in
            if stride == 16 && !header.swapped {
                // A position in memory is the sixteen bytes of the file.
                UnsafeMutableRawBufferPointer(buffer).copyMemory(
                    from: UnsafeRawBufferPointer(start: source, count: count * 16))
            } else {
                for index in 0..<count {
                    let position = source + index * stride
                    buffer.initializeElement(
                        at: index,
                        to: Coordinate(
                            x: Self.ordinate(position, header.swapped),
                            y: Self.ordinate(position + 8, header.swapped)))
                }
            }
            initialized = count
            for coordinate in buffer.prefix(count) where !coordinate.isFinite { finite = false }
        }
        guard finite else { throw notFinite() }
        offset += count * stride
        return coordinates
    }

    @inline(__always)
    private func require(_ count: Int) throws(SimpleFeaturesError) {
        if bytes.count - offset < count {
            throw fault(.truncated, "\(count) bytes are needed and \(bytes.count - offset) are left")
        }
    }

    /// The caller has checked that four bytes are there.
    @inline(__always)
    private func integer(at offset: Int, _ swapped: Bool) -> UInt32 {
        let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return swapped ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
    }

    /// The caller has checked that eight bytes are there.
    @inline(__always)
    private func ordinate(at offset: Int, _ swapped: Bool) -> Double {
        let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return Double(bitPattern: swapped ? UInt64(bigEndian: value) : UInt64(littleEndian: value))
    }

    @inline(__always)
    private static func ordinate(_ pointer: UnsafeRawPointer, _ swapped: Bool) -> Double {
        let value = pointer.loadUnaligned(as: UInt64.self)
        return Double(bitPattern: swapped ? UInt64(bigEndian: value) : UInt64(littleEndian: value))
    }

    // MARK: Faults

    @inline(never)
    private func fault(_ kind: SimpleFeaturesError.Kind, _ detail: String) -> SimpleFeaturesError {
        SimpleFeaturesError(kind, .wkb, offset: offset, detail)
    }

    @inline(never)
    private func notFinite() -> SimpleFeaturesError {
        fault(.notFinite, "an ordinate is not a finite number")
    }

    @inline(never)
    private func unsupported(_ code: UInt32) -> SimpleFeaturesError {
        let names: [UInt32: String] = [
            8: "CircularString", 9: "CompoundCurve", 10: "CurvePolygon", 11: "MultiCurve", 12: "MultiSurface",
            13: "Curve", 14: "Surface", 15: "PolyhedralSurface", 16: "TIN", 17: "Triangle",
        ]
        let name = names[code % 1000].map { " (\($0))" } ?? ""
        return fault(.unsupportedType, "geometry type \(code)\(name); types 1 to 7 are read")
    }
}
