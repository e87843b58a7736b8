// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension Geometry {
    /// The geometry as ISO well-known binary: little endian, two dimensions. An
    /// empty point is written as `POINT(NaN NaN)`.
    ///
    /// - Complexity: O(*n*) in positions.
    public var wkb: [UInt8] {
        let count = wkbCount
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var writer = WKBWriter(UnsafeMutableRawBufferPointer(buffer))
            writer.write(self)
            initialized = writer.offset
        }
    }

    /// Appends what `wkb` is to bytes that are already there.
    ///
    /// - Complexity: O(*n*) in positions, amortised over appends.
    public func appendWKB(to bytes: inout [UInt8]) {
        let start = bytes.count
        // Zeroes first: an array cannot be handed out half initialised.
        bytes.append(contentsOf: repeatElement(0, count: wkbCount))
        bytes.withUnsafeMutableBytes { buffer in
            var writer = WKBWriter(UnsafeMutableRawBufferPointer(rebasing: buffer[start...]))
            writer.write(self)
        }
    }

    /// How many bytes `wkb` has.
    ///
    /// - Complexity: O(*n*) in rings and parts.
    public var wkbCount: Int {
        switch self {
        case .point: 21
        case .lineString(let line): 9 + 16 * line.coordinates.count
        case .polygon(let polygon): WKBWriter.count(polygon)
        case .multiPoint(let multi): 9 + 21 * multi.points.count
        case .multiLineString(let multi):
            multi.lineStrings.reduce(9) { $0 + 9 + 16 * $1.coordinates.count }
        case .multiPolygon(let multi): multi.polygons.reduce(9) { $0 + WKBWriter.count($1) }
        case .geometryCollection(let collection): collection.geometries.reduce(9) { $0 + $1.wkbCount }
        }
    }
}

/// Writes into memory that is large enough: `Geometry.wkbCount` bytes.
struct WKBWriter {
    private let buffer: UnsafeMutableRawBufferPointer
    private(set) var offset = 0

    init(_ buffer: UnsafeMutableRawBufferPointer) {
        self.buffer = buffer
    }

    static func count(_ polygon: Polygon) -> Int {
        if polygon.exteriorRing.coordinates.isEmpty { return 9 }
        var count = 9 + 4 + 16 * polygon.exteriorRing.coordinates.count
        for ring in polygon.interiorRings { count += 4 + 16 * ring.coordinates.count }
        return count
    }

    mutating func write(_ geometry: Geometry) {
        switch geometry {
        case .point(let point): write(point)
        case .lineString(let line): write(line)
        case .polygon(let polygon): write(polygon)
        case .multiPoint(let multi):
            header(4, count: multi.points.count)
            for point in multi.points { write(point) }
        case .multiLineString(let multi):
            header(5, count: multi.lineStrings.count)
            for line in multi.lineStrings { write(line) }
        case .multiPolygon(let multi):
            header(6, count: multi.polygons.count)
            for polygon in multi.polygons { write(polygon) }
        case .geometryCollection(let collection):
            header(7, count: collection.geometries.count)
            for member in collection.geometries { write(member) }
        }
    }

    private mutating func write(_ point: Point) {
        header(1)
        store(point.coordinate?.x.bitPattern ?? Double.nan.bitPattern)
        store(point.coordinate?.y.bitPattern ?? Double.nan.bitPattern)
    }

    private mutating func write(_ line: LineString) {
        header(2)
        run(line.coordinates)
    }

    private mutating func write(_ polygon: Polygon) {
        if polygon.exteriorRing.coordinates.isEmpty {
            header(3, count: 0)
            return
        }
        header(3, count: 1 + polygon.interiorRings.count)
        run(polygon.exteriorRing.coordinates)
        for ring in polygon.interiorRings { run(ring.coordinates) }
    }

    private mutating func header(_ code: UInt32) {
        buffer.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self)
        buffer.storeBytes(of: code.littleEndian, toByteOffset: offset + 1, as: UInt32.self)
        offset += 5
    }

    private mutating func header(_ code: UInt32, count: Int) {
        header(code)
        store(UInt32(truncatingIfNeeded: count))
    }

    private mutating func run(_ coordinates: [Coordinate]) {
        store(UInt32(truncatingIfNeeded: coordinates.count))
        #if _endian(little)
            coordinates.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<(offset + source.count)])
                    .copyMemory(from: source)
                offset += source.count
            }
        #else
            for coordinate in coordinates {
                store(coordinate.x.bitPattern)
                store(coordinate.y.bitPattern)
            }
        #endif
    }

    private mutating func store<Number: FixedWidthInteger & BitwiseCopyable>(_ value: Number) {
        buffer.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Number.self)
        offset += MemoryLayout<Number>.size
    }
}
