// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport

@testable import Seams

/// Parcels on a bent grid, owned by a few towns in blocks, whose seams are then
/// spoiled as deliveries spoil them.
struct RandomCoverage {
    var features: [CoverageFeature]
    let size: Int
    private static let cell: Int64 = 20_000
    private static let origin = GridPoint(631_000_000, 3_444_000_000)

    /// - Parameters:
    ///   - size: parcels in each direction.
    ///   - owners: 2 to 5.
    ///   - damage: the share of vertices at seams that are spoiled, 0 to 1.
    ///   - limit: of the width, in metres; damage is half, once and three times of it.
    init(
        size: Int, owners: Int, damage: Double, limit: Double = 1, authorities: Bool = true,
        _ generator: inout SeededGenerator
    ) {
        self.size = size
        var corners: [[GridPoint]] = []
        for row in 0...size {
            corners.append((0...size).map { column in
                func bend() -> Int64 { .random(in: -3000...3000, using: &generator) }
                return GridPoint(
                    Self.origin.x + Int64(column) * Self.cell + bend(), Self.origin.y + Int64(row) * Self.cell + bend())
            })
        }
        let splitX = Int.random(in: 1..<size, using: &generator)
        let splitY = Int.random(in: 1..<size, using: &generator)
        func owner(_ row: Int, _ column: Int) -> Int64 {
            switch owners {
            case 2: column < splitX ? 1 : 2
            case 3: row < splitY ? 1 : column < splitX ? 2 : 3
            case 4: (row < splitY ? 1 : 3) + (column < splitX ? 0 : 1)
            default: row == size - 1 && column > 0 ? 5 : (row < splitY ? 1 : 3) + (column < splitX ? 0 : 1)
            }
        }
        // All equal, all different, or some of both.
        let ranks = (0...5).map { _ in authorities ? Int.random(in: 0...1, using: &generator) : 0 }
        features = []
        for row in 0..<size {
            for column in 0..<size {
                let own = owner(row, column)
                // What each owner believes its corners to be: the same for all of its parcels.
                let ring = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)].map {
                    corners[$0.0][$0.1]
                }
                features.append(
                    CoverageFeature(
                        id: Int64(row * size + column + 1), owner: own, authority: ranks[Int(own)],
                        geometry: Self.polygon(ring)))
            }
        }
        spoil(damage, limit, corners, owner, &generator)
    }

    static func polygon(_ ring: [GridPoint]) -> Geometry {
        .polygon(Polygon(LinearRing((ring + ring.prefix(1)).map(\.coordinate))))
    }

    static func ring(_ geometry: Geometry) -> [GridPoint] {
        guard case .polygon(let polygon) = geometry else { return [] }
        return polygon.exteriorRing.coordinates.dropLast().map { GridPoint($0) }
    }

    /// Moves, adds and rounds vertices of one owner's side.
    private mutating func spoil(
        _ damage: Double, _ limit: Double, _ corners: [[GridPoint]], _ owner: (Int, Int) -> Int64,
        _ generator: inout SeededGenerator
    ) {
        var moved: [GridPoint: [Int64: GridPoint]] = [:]
        for row in 0...size {
            for column in 0...size {
                var around: Set<Int64> = []
                for (r, c) in [(row - 1, column - 1), (row - 1, column), (row, column - 1), (row, column)]
                where r >= 0 && c >= 0 && r < size && c < size { around.insert(owner(r, c)) }
                let isOuter = row == 0 || column == 0 || row == size || column == size
                guard around.count > 1, !isOuter, Double.random(in: 0..<1, using: &generator) < damage,
                    let one = around.sorted().randomElement(using: &generator)
                else { continue }
                let factors: [Double] = [0.2, 0.5, 1, 3]
                let factor: Double = factors.randomElement(using: &generator) ?? 1
                let reach = Int64(limit * factor * 1000)
                let point = corners[row][column]
                moved[point] = [
                    one: GridPoint(
                        point.x + .random(in: -reach...reach, using: &generator),
                        point.y + .random(in: -reach...reach, using: &generator))
                ]
            }
        }
        for number in features.indices {
            let own = features[number].owner
            var ring: [GridPoint] = []
            let old = Self.ring(features[number].geometry)
            for (place, point) in old.enumerated() {
                let here = moved[point]?[own] ?? point
                ring.append(here)
                let next = old[place + 1 == old.count ? 0 : place + 1]
                let there = moved[next]?[own] ?? next
                // A vertex on the edge that the neighbour does not have.
                if Double.random(in: 0..<1, using: &generator) < damage / 4 {
                    let sum = GridPoint(here.x + there.x, here.y + there.y)
                    let middle = GridPoint(sum.x / 2, sum.y / 2)
                    if middle != here, middle != there { ring.append(middle) }
                }
            }
            features[number].geometry = Self.polygon(ring)
        }
    }
}
