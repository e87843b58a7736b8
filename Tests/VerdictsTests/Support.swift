// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Projections
import SimpleFeatures
import TestSupport

@testable import Verdicts

/// Towns on EPSG:4549 with crooked borders that they share: rows and columns of
/// cells around Xinzhuang, each side of twenty edges.
struct CrookedTowns {
    let ground: ReferenceGround

    init(columns: Int = 4, rows: Int = 4, size: Double = 4_000, swing most: Double = 250, seed: UInt64 = 7) {
        var generator = SeededGenerator(seed: seed)
        let corner = Coordinate(x: 624_000, y: 3_436_000)
        var borders: [String: [Coordinate]] = [:]
        func border(_ from: (Int, Int), _ to: (Int, Int)) -> [Coordinate] {
            let key = "\(from)-\(to)"
            if let known = borders[key] { return known }
            let place = { (node: (Int, Int)) in
                Coordinate(x: corner.x + Double(node.0) * size, y: corner.y + Double(node.1) * size)
            }
            let (a, b) = (place(from), place(to))
            let line = (0...20).map { index -> Coordinate in
                let t = Double(index) / 20
                let swing = index == 0 || index == 20 ? 0 : Double.random(in: -most...most, using: &generator)
                let dx = (b.x - a.x) / size
                let dy = (b.y - a.y) / size
                return Coordinate(x: a.x + t * (b.x - a.x) - swing * dy, y: a.y + t * (b.y - a.y) + swing * dx)
            }
            borders[key] = line
            return line
        }
        var areas: [ReferenceGround.Area] = []
        for row in 0..<rows {
            for column in 0..<columns {
                let south = border((column, row), (column + 1, row))
                let east = border((column + 1, row), (column + 1, row + 1))
                let north = border((column, row + 1), (column + 1, row + 1))
                let west = border((column, row), (column, row + 1))
                let ring = south + east.dropFirst() + north.reversed().dropFirst() + west.reversed().dropFirst()
                areas.append(.init(town: "31011\(row)\(column)", rings: [ring]))
            }
        }
        ground = ReferenceGround(gridCRS: "EPSG:4549", areas: areas)
    }

    /// The outline of a town with everything that follows, in another system.
    func delivered(
        _ towns: [Int], in system: String, swapped: Bool = false, moved: Coordinate = Coordinate(x: 0, y: 0),
        noise: Double = 0
    ) throws -> PositionSample {
        let transform = try transform("EPSG:4549", system)
        var generator = SeededGenerator(seed: 99)
        var sampler = PositionSampler()
        for town in towns {
            for ring in ground.areas[town].rings {
                var run = ring.map {
                    Coordinate(
                        x: $0.x + moved.x + .random(in: -1...1, using: &generator) * noise,
                        y: $0.y + moved.y + .random(in: -1...1, using: &generator) * noise)
                }
                run[run.count - 1] = run[0]
                try transform.transform(&run)
                if swapped { run = run.map { Coordinate(x: $0.y, y: $0.x) } }
                sampler.take(.lineString(LineString(run)))
            }
        }
        return sampler.sample
    }
}

func transform(_ source: String, _ target: String) throws -> CoordinateTransform {
    try CoordinateTransform(
        from: CoordinateReferenceSystem(parsing: source), to: CoordinateReferenceSystem(parsing: target))
}

