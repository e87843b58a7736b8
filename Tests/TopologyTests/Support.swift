// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport

@testable import Topology

func wkt(_ text: String) throws -> Geometry { try Geometry(wkt: text) }

func polygon(_ positions: [(Double, Double)]) -> Geometry {
    polygon(positions.map { Coordinate(x: $0.0, y: $0.1) })
}

/// A polygon with this exterior ring, closed when it is not.
func polygon(_ corners: [Coordinate]) -> Geometry {
    var ring = corners
    if let first = ring.first, ring.last != first { ring.append(first) }
    return .polygon(Polygon(LinearRing(ring)))
}

/// Polygons as bad as deliveries get, around a place in a metric grid.
struct RandomPolygons {
    static let kinds = 7

    let center: Coordinate
    let size: Double
    let count: Int

    static func next(_ kind: Int, _ generator: inout SeededGenerator) -> Geometry {
        let x = Double.random(in: 600_000...650_000, using: &generator)
        let y = Double.random(in: 3_430_000...3_460_000, using: &generator)
        let exponent = Double.random(in: -2.5...3, using: &generator)
        let shape = RandomPolygons(
            center: Coordinate(x: x, y: y), size: pow(10, exponent), count: .random(in: 3...20, using: &generator))
        switch kind {
        case 0: return shape.star(&generator)
        case 1: return shape.tangle(&generator)
        case 2: return polygon([shape.at(0.1, 1), shape.at(3.2, 1), shape.at(1.5, 0.8), shape.at(4.5, 1)])
        case 3: return shape.spike(width: Bool.random(using: &generator) ? 0 : 0.0004)
        case 4: return shape.comb(&generator)
        case 5: return shape.repeating()
        default: return shape.overlappingParts(&generator)
        }
    }

    private func at(_ angle: Double, _ radius: Double) -> Coordinate {
        Coordinate(x: center.x + size * radius * cos(angle), y: center.y + size * radius * sin(angle))
    }

    /// Simple, in either direction.
    private func star(_ generator: inout SeededGenerator) -> Geometry {
        var angles: [Double] = []
        for _ in 0..<count { angles.append(.random(in: 0...6.28, using: &generator)) }
        var corners: [Coordinate] = []
        for angle in angles.sorted() { corners.append(at(angle, .random(in: 0.2...1, using: &generator))) }
        if Bool.random(using: &generator) { corners.reverse() }
        return polygon(corners)
    }

    /// Corners in any order: crosses itself many times.
    private func tangle(_ generator: inout SeededGenerator) -> Geometry {
        var corners: [Coordinate] = []
        for _ in 0..<count {
            let angle = Double.random(in: 0...6.28, using: &generator)
            corners.append(at(angle, .random(in: 0...1, using: &generator)))
        }
        return polygon(corners)
    }

    /// A square with a spike, thin or of no width at all.
    private func spike(width: Double) -> Geometry {
        let tip = Coordinate(x: center.x + 3 * size, y: center.y)
        let foot = at(5, 0.9)
        let otherTip = Coordinate(x: tip.x, y: tip.y + width)
        return polygon([at(0, 1), at(1.5, 1), at(3, 1), at(4.5, 1), foot, tip, otherTip, foot])
    }

    /// Teeth around a grid cell wide.
    private func comb(_ generator: inout SeededGenerator) -> Geometry {
        var corners: [Coordinate] = []
        var x = center.x
        for _ in 0..<count {
            corners.append(Coordinate(x: x, y: center.y))
            corners.append(Coordinate(x: x, y: center.y + size))
            x += 0.0007
            corners.append(Coordinate(x: x, y: center.y + size))
            corners.append(Coordinate(x: x, y: center.y))
            x += Double.random(in: 0.0003...0.003, using: &generator)
        }
        corners.append(Coordinate(x: x + 1, y: center.y - size))
        corners.append(Coordinate(x: center.x, y: center.y - size))
        return polygon(corners)
    }

    /// Positions repeated, edges run twice, collinear corners.
    private func repeating() -> Geometry {
        let square = [at(0, 1), at(1, 1), at(2, 1), at(3, 1)]
        var corners: [Coordinate] = []
        for corner in square { corners += [corner, corner] }
        return polygon(corners + [square[0], square[1], square[0]])
    }

    /// Several polygons with holes.
    private func overlappingParts(_ generator: inout SeededGenerator) -> Geometry {
        var parts: [Polygon] = []
        for _ in 0..<3 {
            let east = size * Double.random(in: -1...1, using: &generator)
            let north = size * Double.random(in: -1...1, using: &generator)
            var rings: [LinearRing] = []
            for radius in [1, 0.4, 0.4] {
                var corners: [Coordinate] = []
                for index in 0..<6 {
                    let corner = at(Double(index), radius * Double.random(in: 0.5...1, using: &generator))
                    corners.append(Coordinate(x: corner.x + east, y: corner.y + north))
                }
                rings.append(LinearRing(corners + [corners[0]]))
            }
            parts.append(Polygon(rings[0], interiorRings: Array(rings.dropFirst())))
        }
        return .multiPolygon(MultiPolygon(parts))
    }
}
