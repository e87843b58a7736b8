// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Ground that several owners have, or that none has: faces that hang together
/// and are decided as one.
struct SeamZone {
    enum Claim: Hashable {
        /// Ground of nobody; open when a side leads to the outside.
        case gap(isOpen: Bool)
        /// An overlap that one owner keeps.
        case kept(by: Int64)
        /// An overlap that owners of equal authority divide.
        case divided
        case refused(CoverageDefect.Refusal)
    }

    enum Fate: Hashable {
        case repair
        /// A rounding of vertices: no defect, and taken along with repairs that
        /// touch it.
        case silent
        case refused(CoverageDefect.Refusal)
    }

    var claim: Claim
    var faces: [Int]
    /// Half-edges with the zone on the left and not on the right.
    var border: [Int]
    /// Of all features that cover it or border on it; numbers in the ground.
    var features: [Int32]
    /// Of those who cover it, or border on it when nobody does.
    var owners: [Int64]
    var rings: [[GridPoint]]
    /// In square metres.
    var area: Double
    /// Of all its rings, in metres.
    var outline: Double
    var fate: Fate = .silent
    /// Why a check refused it.
    var detail = ""
    /// In metres, once it was measured.
    var width: Double?

    /// A node on a zone's border, with what else tells zones there apart: the
    /// same whatever lines divide the ground.
    struct Signature: Hashable {
        var isGap: Bool
        var owners: [Int64]
        var node: GridPoint
    }

    func signatures(in ground: SeamGround) -> [Signature] {
        border.map {
            Signature(isGap: isGap, owners: owners, node: ground.arrangement.nodes[ground.arrangement.origin($0)])
        }
    }

    var isGap: Bool { if case .gap = claim { true } else { false } }

    /// As area, holes in their places.
    var geometry: Geometry {
        func ring(_ points: [GridPoint]) -> LinearRing {
            LinearRing((points + points.prefix(1)).map(\.coordinate))
        }
        let polygons = GridRing.polygons(rings).map {
            Polygon(ring($0.shell), interiorRings: $0.holes.map(ring))
        }
        return polygons.count == 1 ? .polygon(polygons[0]) : .multiPolygon(MultiPolygon(polygons))
    }
}
