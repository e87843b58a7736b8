// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import Rasterizing
import TestSupport
import Testing

/// Strokes opaque white on nothing: alpha is the coverage.
private func stroked(_ points: [(Double, Double)], isClosed: Bool = false, _ style: StrokeStyle) -> Pixmap {
    var path = Path()
    for point in points { path.line(toX: point.0, y: point.1) }
    if isClosed { path.close() }
    let rasterizer = Rasterizer(width: 64, height: 64)
    var stroker = Stroker(visible: SubpixelRectangle(width: 64, height: 64))
    stroker.stroke(path, style: style, onto: rasterizer)
    var pixmap = Pixmap(width: 64, height: 64)
    rasterizer.paint(.white, onto: &pixmap)
    return pixmap
}

@Suite struct StrokeTests {
    @Test(arguments: [0.1, 0.3, 0.7, 1, 2.5, 9])
    func `A straight stroke covers its length times its width`(width: Double) {
        for (dx, dy) in [(40.0, 0.0), (0, 40), (30, 21), (-17, 33)] {
            let start = (dx < 0 ? 50.0 : 12.2, 14.7)
            let pixmap = stroked([start, (start.0 + dx, start.1 + dy)], StrokeStyle(width: width))
            let expected = (dx * dx + dy * dy).squareRoot() * width
            // Sides lie on 1/256 pixel, and each pixel rounds to 1/255.
            #expect(abs(coveredArea(pixmap) - expected) < expected * 0.02 + 0.3, "\(width) along \(dx), \(dy)")
        }
    }

    @Test func `Caps add the area of half a disc or half a square at each end`() {
        let line = [(20.0, 30.0), (44.0, 33.0)]
        let plain = coveredArea(stroked(line, StrokeStyle(width: 10)))
        #expect(abs(coveredArea(stroked(line, StrokeStyle(width: 10, cap: .round))) - plain - 78.54) < 1)
        #expect(abs(coveredArea(stroked(line, StrokeStyle(width: 10, cap: .square))) - plain - 100) < 0.5)
    }

    @Test func `Points in between do not change a straight stroke`() {
        let style = StrokeStyle(width: 6.5, cap: .round, join: .round)
        let two = stroked([(8, 20), (56, 20)], style)
        let many = stroked((0...48).map { (8 + Double($0), 20) }, style)
        #expect(two == many)
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `A closed stroke covers what its segments and round corners cover`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let points = (0..<Int.random(in: 3...7, using: &generator)).map { _ in
            (Double.random(in: 12...52, using: &generator), Double.random(in: 12...52, using: &generator))
        }
        let style = StrokeStyle(width: .random(in: 1...14, using: &generator), cap: .round, join: .round)
        let ring = stroked(points, isClosed: true, style)
        for (index, start) in points.enumerated() {
            let segment = stroked([start, points[(index + 1) % points.count]], style)
            for y in 0..<64 {
                for x in 0..<64 where segment[x, y].alpha == 255 {
                    // Arcs are chords of up to 1/25 pixel less.
                    #expect(ring[x, y].alpha > 225, "seed \(seed), pixel \(x), \(y)")
                }
            }
        }
    }

    @Test func `Dashes cover their share of a line, wherever its points lie`() {
        let style = StrokeStyle(width: 4, dashes: [3, 5])
        let straight = stroked([(4, 10), (60, 10)], style)
        #expect(abs(coveredArea(straight) - 7 * 3 * 4) < 0.5)
        let bent = stroked([(4, 10), (4.1, 10), (22, 10), (41.3, 10), (60, 10)], style)
        #expect(straight.difference(from: bent, tolerance: 2)?.differingPixels == 0)
    }

    @Test func `A dashed line of a million pixels costs what is seen of it`() {
        let style = StrokeStyle(width: 3, dashes: [2, 2])
        let pixmap = stroked([(-1_000_000, 20), (1_000_000, 20)], style)
        #expect(abs(coveredArea(pixmap) - 64 * 3 / 2) < 7)
    }

    @Test func `Strokes that make no sense draw nothing and stop nothing`() {
        let line = [(10.0, 10.0), (50.0, 50.0)]
        for width in [0, -3, .nan, .infinity] as [Double] {
            #expect(stroked(line, StrokeStyle(width: width)).solidColor == .transparent)
        }
        #expect(stroked([], StrokeStyle(width: 4)).solidColor == .transparent)
        #expect(stroked([(9, 9), (9, 9)], StrokeStyle(width: 4)).solidColor == .transparent)
        for style in [
            StrokeStyle(width: 4, miterLimit: .nan), StrokeStyle(width: 4, join: .round, roundLimit: -1),
            StrokeStyle(width: 4, dashes: [.nan, 2]), StrokeStyle(width: 4, dashes: [-1, 2]),
            StrokeStyle(width: 4, dashes: [0, 0]), StrokeStyle(width: 4, offset: .nan),
            StrokeStyle(width: 1e9), StrokeStyle(width: 4, offset: 1e12),
        ] {
            _ = stroked(line + [(10, 50)], isClosed: true, style)
        }
    }
}
