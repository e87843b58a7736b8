// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ

/// The datum behind a reference system, as far as the rules of the merge tell
/// datums apart.
enum GeodeticFrame: Hashable, Sendable {
    case wgs84
    case cgcs2000
    /// Beijing 1954, Xian 1980 and New Beijing: classical Chinese datums whose
    /// shift to a modern frame is not published.
    case classicalChinese(name: String)
    case other(name: String)

    /// Whether positions in this frame may be taken for positions in the other
    /// modern one, which is right to some decimetres.
    var isModern: Bool { self == .wgs84 || self == .cgcs2000 }

    var name: String {
        switch self {
        case .wgs84: "WGS 84"
        case .cgcs2000: "CGCS2000"
        case .classicalChinese(let name), .other(let name): name
        }
    }

    /// The frame of a geodetic reference system.
    ///
    /// The name alone is not believed: a text may call anything "WGS 84", so
    /// the ellipsoid must be the right one too.
    init(ofGeodetic crs: ProjObject) {
        let datum = crs.part(proj_crs_get_datum) ?? crs.part(proj_crs_get_datum_ensemble)
        let name = datum?.name ?? crs.name
        var letters = name.lowercased().filter { $0.isLetter || $0.isNumber }
        if name.hasPrefix("D_") { letters.removeFirst() }
        switch letters {
        case "worldgeodeticsystem1984", "worldgeodeticsystem1984ensemble", "wgs1984", "wgs84":
            self = Self.hasModernEllipsoid(crs) ? .wgs84 : .other(name: name)
        case "china2000", "chinageodeticcoordinatesystem2000", "cgcs2000", "chinageodetic2000":
            self = Self.hasModernEllipsoid(crs) ? .cgcs2000 : .other(name: name)
        case "beijing1954": self = .classicalChinese(name: "Beijing 1954")
        case "xian1980": self = .classicalChinese(name: "Xian 1980")
        case "newbeijing", "newbeijing1954": self = .classicalChinese(name: "New Beijing")
        default: self = .other(name: name)
        }
    }

    private static func hasModernEllipsoid(_ crs: ProjObject) -> Bool {
        guard let ellipsoid = crs.part(proj_get_ellipsoid) else { return false }
        var axis = 0.0
        var inverseFlattening = 0.0
        guard
            proj_ellipsoid_get_parameters(
                crs.context.pointer, ellipsoid.pointer, &axis, nil, nil, &inverseFlattening) != 0
        else { return false }
        return abs(axis - 6_378_137) < 1e-3 && abs(inverseFlattening - 298.2572) < 1e-3
    }
}
