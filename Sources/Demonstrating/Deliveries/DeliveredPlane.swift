// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures

/// The plane in which a town's drawings are, and the way into it from the truth.
enum DeliveredPlane: Sendable {
    /// A reference system of the register.
    case register(String)
    case gcj02
    case bd09
    /// Beijing 54 as the town's old control network has it: off the register's
    /// CGCS2000 by a shift, a turn and a scale that only control points tell.
    case beijing54
    /// A plane of the town's own: its own meridian and origin, never registered.
    case local

    /// For the file itself: what a drawing program would write.
    var writtenName: String? {
        switch self {
        case .register(let name): name
        // People who trace a web map say that it is WGS 84.
        case .gcj02, .bd09: "EPSG:4326"
        case .beijing54: "EPSG:2437"
        case .local: nil
        }
    }

    var isFitted: Bool {
        switch self {
        case .beijing54, .local: true
        case .register, .gcj02, .bd09: false
        }
    }

    /// Digits behind the point: a tenth of a millimetre.
    var digits: Int {
        switch self {
        case .register("EPSG:4326"), .register("EPSG:4490"), .gcj02, .bd09: 9
        case .register, .beijing54, .local: 4
        }
    }
}

/// Moves geometry from the truth into a plane. For one worker.
struct PlaneDrawing {
    private let transform: CoordinateTransform?
    private let similarity: PlaneSimilarity?
    private let factor: Double

    init(_ plane: DeliveredPlane) throws {
        let truth = try CoordinateReferenceSystem(parsing: "EPSG:4549")
        factor = plane.digits > 6 ? 1e9 : 1e4
        switch plane {
        case .register("EPSG:4549"):
            transform = nil
            similarity = nil
        case .register(let name):
            transform = try CoordinateTransform(from: truth, to: CoordinateReferenceSystem(parsing: name))
            similarity = nil
        case .gcj02:
            transform = try CoordinateTransform(from: truth, to: .gcj02)
            similarity = nil
        case .bd09:
            transform = try CoordinateTransform(from: truth, to: .bd09)
            similarity = nil
        case .beijing54:
            transform = nil
            similarity = PlaneSimilarity(
                a: 1.000_003_4, b: 0.000_002_9, sourceOrigin: StreetPlan.middle,
                targetOrigin: StreetPlan.middle + Vector(x: -65.108, y: 38.974))
        case .local:
            transform = try CoordinateTransform(from: truth, to: CoordinateReferenceSystem(parsing: Self.localPlane))
            similarity = PlaneSimilarity(
                a: 1.000_012, b: -0.000_041, sourceOrigin: Coordinate(x: 0, y: 0),
                targetOrigin: Coordinate(x: 13.407, y: -21.935))
        }
    }

    /// Each position moved; no vertex is added, as no town adds any.
    func draw(_ geometry: Geometry) throws -> Geometry {
        try geometry.mapCoordinates { coordinates in
            var coordinates = coordinates
            try transform?.transform(&coordinates)
            if let similarity { coordinates = coordinates.map(similarity.apply) }
            return coordinates.map {
                Coordinate(x: ($0.x * factor).rounded() / factor, y: ($0.y * factor).rounded() / factor)
            }
        }
    }

    /// On CGCS2000, so that no datum shift is in it, with an origin of the kind
    /// that city planes have.
    private static let localPlane = """
        PROJCS["Xinzhuang plane",GEOGCS["China Geodetic Coordinate System 2000",\
        DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101],AUTHORITY["EPSG","1043"]],\
        PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4490"]],\
        PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",31.2352777778],\
        PARAMETER["central_meridian",121.4669444444],PARAMETER["scale_factor",1],\
        PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1]]
        """
}
