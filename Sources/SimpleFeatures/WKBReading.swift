// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A geometry read from well-known binary, with what was left behind.
public struct WKBReading: Hashable, Sendable {
    public var geometry: Geometry
    /// Whether any part carried heights; they were dropped.
    public var hadZ: Bool
    /// Whether any part carried measures; they were dropped.
    public var hadM: Bool
    /// The reference system's number, when the bytes were EWKB with one.
    public var srid: UInt32?

    /// Reads ISO WKB and EWKB, of either byte order in every part.
    ///
    /// `POINT(NaN NaN)` is the empty point. Every other ordinate must be finite,
    /// rings must be closed with four or more positions, lines have two or more.
    ///
    /// - Throws: `SimpleFeaturesError` of any kind; nothing is allocated for a
    ///   count that the bytes cannot hold.
    /// - Complexity: O(*n*) in bytes; one allocation for each run of positions.
    public static func read(
        _ bytes: UnsafeRawBufferPointer, limits: GeometryLimits = .default
    ) throws(SimpleFeaturesError) -> WKBReading {
        var parser = WKBParser(bytes: bytes, limits: limits)
        let geometry = try parser.geometry(depth: 1)
        try parser.expectEnd()
        return WKBReading(geometry: geometry, hadZ: parser.hadZ, hadM: parser.hadM, srid: parser.srid)
    }

    /// The same for an array.
    public static func read(
        _ bytes: [UInt8], limits: GeometryLimits = .default
    ) throws(SimpleFeaturesError) -> WKBReading {
        try bytes.withUnsafeBufferPointer { buffer throws(SimpleFeaturesError) in
            try read(UnsafeRawBufferPointer(buffer), limits: limits)
        }
    }
}

extension Geometry {
    /// Reads ISO WKB or EWKB; heights and measures are dropped.
    ///
    /// - Throws: as `WKBReading.read`.
    public init(
        wkb: UnsafeRawBufferPointer, limits: GeometryLimits = .default
    ) throws(SimpleFeaturesError) {
        self = try WKBReading.read(wkb, limits: limits).geometry
    }

    /// Reads ISO WKB or EWKB; heights and measures are dropped.
    ///
    /// - Throws: as `WKBReading.read`.
    public init(wkb: [UInt8], limits: GeometryLimits = .default) throws(SimpleFeaturesError) {
        self = try WKBReading.read(wkb, limits: limits).geometry
    }
}
