// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// What the two numbers of a position mean: a coordinate reference system.
///
/// Whatever axis order its authority declares, positions in memory are x = east
/// or longitude, y = north or latitude. Two values are equal when they were
/// made from the same text; whether two texts mean the same is not asked.
public struct CoordinateReferenceSystem: Hashable, Sendable {
    /// What kind of thing the text names.
    enum Kind: Hashable, Sendable {
        /// A geographic or projected reference system that PROJ knows.
        case proj
        /// A PROJ pipeline: a way out of an unnamed reference system.
        case pipeline
        /// The two distorted systems of Chinese web maps.
        case gcj02
        case bd09
    }

    /// The unit of both axes.
    public struct Unit: Hashable, Sendable {
        public let name: String
        /// Metres in one unit for lengths, radians in one unit for angles.
        public let factor: Double

        public static let degree = Unit(name: "degree", factor: .pi / 180)
        public static let metre = Unit(name: "metre", factor: 1)
    }

    /// The text that names the system, in its canonical form: `EPSG:4549`,
    /// `OGC:CRS84`, `GCJ-02`, `BD-09`, a PROJ string or WKT.
    public let definition: String
    /// The name that its authority or its author gave it.
    public let name: String
    /// `EPSG:4549`; nil when the text names no authority and PROJ is not at
    /// least 90 % sure of one.
    public let authorityCode: String?
    /// Whether x and y are longitude and latitude.
    public let isGeographic: Bool
    public let unit: Unit
    /// Where the system may be used, in degrees of longitude and latitude; nil
    /// when nobody said. An area across the antimeridian ends beyond 180.
    public let areaOfUse: Envelope?
    /// Whether the authority declares north before east. Positions in memory
    /// never do; protocols that follow the authority must swap.
    public let isNorthFirst: Bool
    /// The system as WKT 2 (ISO 19162:2019) on one line; empty for GCJ-02,
    /// BD-09 and pipelines, which WKT cannot say.
    public let wkt: String
    /// The name of the datum: `WGS 84`, `CGCS2000`, `Beijing 1954`.
    public var datumName: String { frame.name }
    /// Whether a transformation into this system is only good to some metres,
    /// because the system is a published approximation of a secret one.
    public var isDistorted: Bool { kind == .gcj02 || kind == .bd09 }

    let kind: Kind
    let frame: GeodeticFrame
    /// Whether the text itself brings a datum shift (`+towgs84`, `TOWGS84`).
    let declaresShift: Bool

    /// WGS 84 as longitude, latitude: the system in which everything crosses a
    /// border of the program.
    public static let crs84 = CoordinateReferenceSystem(
        definition: "OGC:CRS84", name: "WGS 84 (CRS84)", authorityCode: "OGC:CRS84", isGeographic: true,
        unit: .degree, areaOfUse: Envelope(minX: -180, minY: -90, maxX: 180, maxY: 90), isNorthFirst: false,
        wkt: """
            GEOGCRS["WGS 84 (CRS84)",ENSEMBLE["World Geodetic System 1984 ensemble",\
            MEMBER["World Geodetic System 1984 (Transit)"],MEMBER["World Geodetic System 1984 (G730)"],\
            MEMBER["World Geodetic System 1984 (G873)"],MEMBER["World Geodetic System 1984 (G1150)"],\
            MEMBER["World Geodetic System 1984 (G1674)"],MEMBER["World Geodetic System 1984 (G1762)"],\
            MEMBER["World Geodetic System 1984 (G2139)"],\
            ELLIPSOID["WGS 84",6378137,298.257223563,LENGTHUNIT["metre",1]],ENSEMBLEACCURACY[2.0]],\
            PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],CS[ellipsoidal,2],\
            AXIS["geodetic longitude (Lon)",east,ORDER[1],ANGLEUNIT["degree",0.0174532925199433]],\
            AXIS["geodetic latitude (Lat)",north,ORDER[2],ANGLEUNIT["degree",0.0174532925199433]],\
            ID["OGC","CRS84"]]
            """,
        kind: .proj, frame: .wgs84, declaresShift: false)

    /// The Chinese state's distorted WGS 84, by the published approximation.
    public static let gcj02 = distorted("GCJ-02", kind: .gcj02)

    /// Baidu's further distortion of GCJ-02.
    public static let bd09 = distorted("BD-09", kind: .bd09)

    private static func distorted(_ name: String, kind: Kind) -> CoordinateReferenceSystem {
        CoordinateReferenceSystem(
            definition: name, name: name, authorityCode: nil, isGeographic: true, unit: .degree,
            areaOfUse: Envelope(minX: 72.004, minY: 0.8293, maxX: 137.8347, maxY: 55.8271), isNorthFirst: false,
            wkt: "", kind: kind, frame: .other(name: name), declaresShift: false)
    }
}

extension CoordinateReferenceSystem: CustomStringConvertible {
    /// The authority's code with the name: `EPSG:4549 (CGCS2000 / …)`.
    public var description: String {
        guard let authorityCode, authorityCode != name else { return name }
        return "\(authorityCode) (\(name))"
    }
}
