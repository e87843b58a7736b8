// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

@testable import Seams

/// A feature from text; owner and id are often the same in small cases.
func area(
    _ id: Int64, owner: Int64, _ wkt: String, authority: Int = 0, isProtected: Bool = false
) throws -> CoverageFeature {
    CoverageFeature(
        id: id, owner: owner, authority: authority, isProtected: isProtected, geometry: try Geometry(wkt: wkt))
}

/// What is wrong with a coverage, in the words of GEOS and nothing of ours.
struct CoverageOracle {
    let engine: TopologyEngine

    init() throws { engine = try TopologyEngine() }

    /// The area that is covered twice by different owners, in square metres.
    func overlap(_ features: [CoverageFeature]) throws -> Double {
        var sum = 0.0
        for (number, one) in features.enumerated() {
            for two in features[(number + 1)...] where one.owner != two.owner {
                guard one.geometry.envelope.intersects(two.geometry.envelope) else { continue }
                sum += try engine.area(engine.intersection(one.geometry, two.geometry))
            }
        }
        return sum
    }

    /// The area of all together, in square metres.
    func covered(_ features: [CoverageFeature]) throws -> Double {
        try engine.area(union(features))
    }

    func union(_ features: [CoverageFeature]) throws -> Geometry {
        try engine.unaryUnion(.geometryCollection(GeometryCollection(features.map(\.geometry))))
    }

    /// The area of holes in all together.
    func holes(_ features: [CoverageFeature]) throws -> Double {
        let union = try union(features)
        var sum = 0.0
        let polygons: [Polygon]
        switch union {
        case .polygon(let polygon): polygons = [polygon]
        case .multiPolygon(let multi): polygons = multi.polygons
        default: polygons = []
        }
        for polygon in polygons { for ring in polygon.interiorRings { sum += abs(ring.twiceSignedArea) / 2 } }
        return sum
    }

    func areValid(_ features: [CoverageFeature]) throws -> Bool {
        for feature in features where try engine.validityFault(of: feature.geometry) != nil { return false }
        return true
    }
}

extension CoverageResult {
    /// The features as they are after the repair.
    func applied(to features: [CoverageFeature]) -> [CoverageFeature] {
        features.map { feature in
            var feature = feature
            feature.geometry = changed[feature.id] ?? feature.geometry
            return feature
        }
    }
}
