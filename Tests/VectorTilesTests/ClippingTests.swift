// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import TestSupport
import Testing
import VectorTiles

@Suite struct ClippingTests {
    @Test func `A line that leaves and comes back becomes two`() throws {
        var encoder = TileGeometryEncoder(extent: 100, buffer: 10)
        encoder.begin(.lines)
        encoder.line([(50, 50), (150, 50), (150, 60), (50, 60)])
        #expect(
            try encoder.readBack() == .lines([points([(50, 50), (110, 50)]), points([(110, 60), (50, 60)])]))
    }

    @Test func `A line that passes through is cut at both sides`() throws {
        var encoder = TileGeometryEncoder(extent: 100, buffer: 0)
        encoder.begin(.lines)
        encoder.line([(-100, 0), (200, 150)])
        #expect(try encoder.readBack() == .lines([points([(0, 50), (100, 100)])]))
        encoder.begin(.lines)
        encoder.line([(-10, -5), (-5, -10), (2_000_000_000, -2_000_000_000)])
        #expect(encoder.isEmpty)
    }

    @Test func `Points outside are left out`() throws {
        var encoder = TileGeometryEncoder(extent: 100, buffer: 10)
        encoder.begin(.points)
        points([(-10, 110), (-11, 0), (50, 111)]).withUnsafeBufferPointer { encoder.addPoints($0) }
        #expect(try encoder.readBack() == .points(points([(-10, 110)])))
    }

    @Test func `A polygon around the tile becomes the tile with its buffer`() throws {
        var encoder = TileGeometryEncoder()
        encoder.begin(.polygons)
        encoder.ring([(-2_000_000_000, -2_000_000_000), (2_000_000_000, -2_000_000_000), (0, 2_000_000_000)])
        guard case .polygons(let rings)? = try encoder.readBack() else {
            Issue.record("nothing was left")
            return
        }
        #expect(Set(rings[0]) == Set(points([(-64, -64), (4160, -64), (4160, 4160), (-64, 4160)])))
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `Inside the square a clipped polygon is the same as before`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 3...40, using: &generator)
        let ring = (0..<count).map { _ in
            TilePoint.random(in: -6000...10_000, using: &generator)
        }
        var encoder = TileGeometryEncoder()
        encoder.begin(.polygons)
        ring.withUnsafeBufferPointer { encoder.addRing($0, isExterior: true) }
        var rings: [[TilePoint]] = []
        if case .polygons(let found)? = try encoder.readBack() { rings = found }
        for point in rings.joined() {
            #expect((-64...4160).contains(point.x) && (-64...4160).contains(point.y), "seed \(seed)")
        }
        var differences = 0
        let samples = 400
        for _ in 0..<samples {
            let x = Double.random(in: -63...4159, using: &generator) + 0.013
            let y = Double.random(in: -63...4159, using: &generator) + 0.017
            if isInside([ring], x, y) != isInside(rings, x, y) { differences += 1 }
        }
        // Cutting rounds to whole units, so samples beside an edge may change
        // sides. A ring whose loops cancel has no area, and is dropped.
        #expect(rings.isEmpty || differences <= samples / 50, "seed \(seed): \(differences)")
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `Clipped lines stay on the line and inside`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let line = (0..<Int.random(in: 2...30, using: &generator)).map { _ in
            TilePoint.random(in: -6000...10_000, using: &generator)
        }
        var encoder = TileGeometryEncoder()
        encoder.begin(.lines)
        line.withUnsafeBufferPointer { encoder.addLine($0) }
        guard case .lines(let parts)? = try encoder.readBack() else { return }
        for part in parts {
            for point in part {
                #expect((-64...4160).contains(point.x) && (-64...4160).contains(point.y), "seed \(seed)")
                let nearest = zip(line, line.dropFirst()).map { distance(point, $0, $1) }.min() ?? .infinity
                #expect(nearest < 1, "seed \(seed)")
            }
        }
    }

    private func distance(_ point: TilePoint, _ a: TilePoint, _ b: TilePoint) -> Double {
        let (dx, dy) = (Double(b.x - a.x), Double(b.y - a.y))
        let (px, py) = (Double(point.x - a.x), Double(point.y - a.y))
        let square = dx * dx + dy * dy
        let share = square > 0 ? min(1, max(0, (px * dx + py * dy) / square)) : 0
        return ((px - share * dx) * (px - share * dx) + (py - share * dy) * (py - share * dy)).squareRoot()
    }
}
