// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The binary geometry of GeoPackage: a header with the reference system and
/// the envelope, then WKB.
public enum GeoPackageGeometry {
    /// Appends a geometry. The header carries the envelope, except for points
    /// and empty geometries. Little endian.
    ///
    /// - Complexity: O(*n*) in positions.
    public static func encode(_ geometry: Geometry, srsID: Int32, into bytes: inout [UInt8]) {
        var envelope = Envelope.empty
        var isPoint = false
        if case .point(let point) = geometry {
            isPoint = point.coordinate != nil
        } else {
            envelope = geometry.envelope
        }
        let hasEnvelope = !envelope.isEmpty
        let headerCount = hasEnvelope ? 40 : 8
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: headerCount + geometry.wkbCount))
        bytes.withUnsafeMutableBytes { all in
            let buffer = UnsafeMutableRawBufferPointer(rebasing: all[start...])
            buffer[0] = UInt8(ascii: "G")
            buffer[1] = UInt8(ascii: "P")
            buffer[3] = 1 | (hasEnvelope ? 1 << 1 : 0) | (!hasEnvelope && !isPoint ? 1 << 4 : 0)
            buffer.storeBytes(of: srsID.littleEndian, toByteOffset: 4, as: Int32.self)
            if hasEnvelope {
                let bounds = [envelope.minX, envelope.maxX, envelope.minY, envelope.maxY]
                for index in 0..<4 {
                    buffer.storeBytes(
                        of: bounds[index].bitPattern.littleEndian, toByteOffset: 8 + 8 * index, as: UInt64.self)
                }
            }
            var writer = WKBWriter(UnsafeMutableRawBufferPointer(rebasing: buffer[headerCount...]))
            writer.write(geometry)
        }
    }

    /// Reads a geometry and the number of its reference system.
    ///
    /// - Throws: `SimpleFeaturesError` when the header is none of a GeoPackage
    ///   (`malformed`, `truncated`), or as `WKBReading.read`.
    /// - Complexity: O(*n*) in bytes.
    public static func decode(
        _ bytes: UnsafeRawBufferPointer, limits: GeometryLimits = .default
    ) throws(SimpleFeaturesError) -> (geometry: Geometry, srsID: Int32) {
        let header = try Header(bytes)
        let wkb = UnsafeRawBufferPointer(rebasing: bytes[header.count...])
        return (try Geometry(wkb: wkb, limits: limits), header.srsID)
    }

    /// The same for an array.
    public static func decode(
        _ bytes: [UInt8], limits: GeometryLimits = .default
    ) throws(SimpleFeaturesError) -> (geometry: Geometry, srsID: Int32) {
        try bytes.withUnsafeBufferPointer { buffer throws(SimpleFeaturesError) in
            try decode(UnsafeRawBufferPointer(buffer), limits: limits)
        }
    }

    /// The envelope that the header states, or that of the positions when it
    /// states none; in the reference system of the bytes.
    ///
    /// - Returns: nil for an empty geometry, and for bytes that are no geometry.
    /// - Complexity: O(1) with an envelope in the header or for a point.
    public static func envelope(of bytes: UnsafeRawBufferPointer) -> Envelope? {
        guard let header = try? Header(bytes), !header.isEmpty else { return nil }
        if let envelope = header.envelope { return envelope.isEmpty ? nil : envelope }
        guard let geometry = try? decode(bytes, limits: .trusted).geometry else { return nil }
        let envelope = geometry.envelope
        return envelope.isEmpty ? nil : envelope
    }

    /// The same for an array.
    public static func envelope(of bytes: [UInt8]) -> Envelope? {
        bytes.withUnsafeBytes { envelope(of: $0) }
    }

    struct Header {
        var srsID: Int32
        var isEmpty: Bool
        var envelope: Envelope?
        /// Bytes before the WKB.
        var count: Int

        init(_ bytes: UnsafeRawBufferPointer) throws(SimpleFeaturesError) {
            func fault(_ kind: SimpleFeaturesError.Kind, _ detail: String) -> SimpleFeaturesError {
                SimpleFeaturesError(kind, .geoPackage, offset: 0, detail)
            }
            guard bytes.count >= 8 else { throw fault(.truncated, "\(bytes.count) bytes; the header alone has 8") }
            guard bytes[0] == UInt8(ascii: "G"), bytes[1] == UInt8(ascii: "P") else {
                throw fault(.malformed, "the bytes do not begin with “GP”")
            }
            let flags = bytes[3]
            guard flags & 0x20 == 0 else { throw fault(.unsupportedType, "an extended geometry") }
            let isLittle = flags & 1 == 1
            let ordinates: Int
            switch flags >> 1 & 7 {
            case 0: ordinates = 0
            case 1: ordinates = 4
            case 2, 3: ordinates = 6
            case 4: ordinates = 8
            default: throw fault(.malformed, "envelope code \(flags >> 1 & 7); 0 to 4 are known")
            }
            count = 8 + 8 * ordinates
            guard bytes.count >= count else {
                throw fault(.truncated, "\(bytes.count) bytes; the header announces \(count)")
            }
            let number = bytes.loadUnaligned(fromByteOffset: 4, as: Int32.self)
            srsID = isLittle ? Int32(littleEndian: number) : Int32(bigEndian: number)
            isEmpty = flags & 0x10 != 0
            if ordinates >= 4 {
                func bound(_ index: Int) -> Double {
                    let value = bytes.loadUnaligned(fromByteOffset: 8 + 8 * index, as: UInt64.self)
                    return Double(bitPattern: isLittle ? UInt64(littleEndian: value) : UInt64(bigEndian: value))
                }
                envelope = Envelope(minX: bound(0), minY: bound(2), maxX: bound(1), maxY: bound(3))
            }
        }
    }
}
