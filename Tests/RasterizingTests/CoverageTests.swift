// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Pixmaps
import Rasterizing
import TestSupport
import Testing

/// Draws opaque white on nothing: alpha is the coverage.
func coverage(width: Int, height: Int, rule: FillRule = .nonZero, _ path: Path) -> Pixmap {
    var pixmap = Pixmap(width: width, height: height)
    Rasterizer(width: width, height: height).fill(path, rule: rule, color: .white, onto: &pixmap)
    return pixmap
}

/// The sum of all coverages, in pixels.
func coveredArea(_ pixmap: Pixmap) -> Double {
    var sum = 0.0
    for y in 0..<pixmap.height { for x in 0..<pixmap.width { sum += Double(pixmap[x, y].alpha) } }
    return sum / 255
}

@Suite struct CoverageTests {
    @Test func `A rectangle on the pixel grid covers whole pixels`() {
        var path = Path()
        path.addRectangle(minX: 2, minY: 1, maxX: 5, maxY: 3)
        let pixmap = coverage(width: 8, height: 4, path)
        for y in 0..<4 {
            for x in 0..<8 {
                #expect(pixmap[x, y].alpha == ((2..<5).contains(x) && (1..<3).contains(y) ? 255 : 0))
            }
        }
    }

    @Test func `A rectangle between pixels covers the share of each that it takes`() {
        var path = Path()
        path.addRectangle(minX: 1.25, minY: 0.5, maxX: 3.75, maxY: 2.125)
        let pixmap = coverage(width: 5, height: 4, path)
        let columns = [0, 0.75, 1, 0.75, 0]
        let rows = [0.5, 1, 0.125, 0]
        for y in 0..<4 {
            for x in 0..<5 {
                #expect(pixmap[x, y].alpha == UInt8((columns[x] * rows[y] * 255).rounded()), "\(x), \(y)")
            }
        }
    }

    @Test func `The diagonal of a pixel covers half of it`() {
        var path = Path()
        path.move(toX: 0, y: 0)
        path.line(toX: 4, y: 0)
        path.line(toX: 0, y: 4)
        let pixmap = coverage(width: 5, height: 5, path)
        for y in 0..<5 {
            for x in 0..<5 {
                #expect(pixmap[x, y].alpha == (x + y < 3 ? 255 : x + y == 3 ? 128 : 0), "\(x), \(y)")
            }
        }
    }

    @Test func `A slanted edge leaves the exact trapezoids`() {
        // From (0, 0) to (4, 1): the row's pixels lie 7/8, 5/8, 3/8 and 1/8
        // above the line.
        var path = Path()
        path.move(toX: 0, y: 0)
        path.line(toX: 4, y: 0)
        path.line(toX: 4, y: 1)
        let pixmap = coverage(width: 4, height: 1, path)
        for x in 0..<4 {
            #expect(pixmap[x, 0].alpha == UInt8((Double(2 * x + 1) / 8 * 255).rounded()), "\(x)")
        }
    }

    @Test func `The direction of a contour does not matter`() {
        var forward = Path()
        var backward = Path()
        // The first line of an empty path begins it.
        let corners = [(1.3, 0.2), (7.9, 3.1), (4.4, 7.7), (0.4, 5.5)]
        for corner in corners { forward.line(toX: corner.0, y: corner.1) }
        for corner in corners.reversed() { backward.line(toX: corner.0, y: corner.1) }
        #expect(coverage(width: 8, height: 8, forward) == coverage(width: 8, height: 8, backward))
    }

    @Test func `Non-zero fills what even-odd leaves out`() {
        var path = Path()
        path.addRectangle(minX: 0, minY: 0, maxX: 6, maxY: 6)
        path.addRectangle(minX: 2, minY: 2, maxX: 4, maxY: 4)
        #expect(coverage(width: 6, height: 6, rule: .nonZero, path)[3, 3].alpha == 255)
        #expect(coverage(width: 6, height: 6, rule: .evenOdd, path)[3, 3].alpha == 0)
        #expect(coverage(width: 6, height: 6, rule: .evenOdd, path)[1, 1].alpha == 255)
        path.addRectangle(minX: 2, minY: 2, maxX: 4, maxY: 4)
        #expect(coverage(width: 6, height: 6, rule: .evenOdd, path)[3, 3].alpha == 255)
    }

    @Test func `A contour that runs the other way cuts a hole`() {
        let rasterizer = Rasterizer(width: 6, height: 6)
        var outer = Path()
        outer.addRectangle(minX: 0, minY: 0, maxX: 6, maxY: 6)
        var inner = Path()
        inner.addRectangle(minX: 2, minY: 2, maxX: 4, maxY: 4)
        outer.forEachContour { points, _ in rasterizer.add(points) }
        inner.forEachContour { points, _ in rasterizer.add(points, reversed: true) }
        var pixmap = Pixmap(width: 6, height: 6)
        rasterizer.paint(.white, onto: &pixmap)
        #expect(pixmap[3, 3].alpha == 0)
        #expect(pixmap[1, 3].alpha == 255)
    }

    @Test func `Neighbours that share an edge cover each pixel once between them`() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<200 {
            let x0 = Double.random(in: -20...40, using: &generator)
            let x1 = Double.random(in: -20...40, using: &generator)
            let y0 = -Double.random(in: 1...20, using: &generator)
            let y1 = Double.random(in: 21...40, using: &generator)
            var left = Path()
            left.move(toX: -100, y: y0)
            left.line(toX: x0, y: y0)
            left.line(toX: x1, y: y1)
            left.line(toX: -100, y: y1)
            var right = Path()
            right.move(toX: 100, y: y0)
            right.line(toX: x0, y: y0)
            right.line(toX: x1, y: y1)
            right.line(toX: 100, y: y1)
            let (a, b) = (coverage(width: 20, height: 20, left), coverage(width: 20, height: 20, right))
            for y in 0..<20 {
                for x in 0..<20 {
                    let sum = Int(a[x, y].alpha) + Int(b[x, y].alpha)
                    #expect(abs(sum - 255) <= 1, "seed 11, \(x), \(y)")
                }
            }
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `The coverage of random polygons adds up to their area`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        // A star around the middle never crosses itself, so its area is known.
        let corners = Int.random(in: 3...60, using: &generator)
        let points = (0..<corners).map { index -> (Double, Double) in
            let angle = (Double(index) + Double.random(in: 0..<0.9, using: &generator)) / Double(corners) * 2 * .pi
            let radius = Double.random(in: 0.5...30, using: &generator)
            return (32 + radius * cos(angle), 32 + radius * cos(angle - .pi / 2))
        }
        var path = Path()
        var twiceArea = 0.0
        for (index, point) in points.enumerated() {
            let next = points[(index + 1) % corners]
            twiceArea += point.0 * next.1 - next.0 * point.1
            if index == 0 { path.move(toX: point.0, y: point.1) } else { path.line(toX: point.0, y: point.1) }
        }
        let drawn = coveredArea(coverage(width: 64, height: 64, path))
        // Corners move by up to 1/512 pixel, pixels round to 1/255.
        #expect(abs(drawn - abs(twiceArea) / 2) < 0.35 + abs(twiceArea) * 0.0005, "seed \(seed)")
    }

    @Test func `A shape far larger than the picture fills it`() {
        for extent in [1e3, 1e6, 1e12, .infinity] {
            var path = Path()
            path.move(toX: -extent, y: -extent)
            path.line(toX: extent, y: -extent)
            path.line(toX: extent, y: extent)
            path.line(toX: -extent, y: extent)
            #expect(coverage(width: 9, height: 7, path).solidColor == .white)
        }
    }

    @Test func `A shape outside of the picture changes nothing`() {
        for (dx, dy) in [(-100.0, 0.0), (100, 0), (0, 100), (0, -100), (1e7, 1e7)] {
            var path = Path()
            path.addRectangle(minX: dx, minY: dy, maxX: dx + 20, maxY: dy + 20)
            #expect(coverage(width: 10, height: 10, path).solidColor == .transparent)
        }
    }

    @Test func `NaN and infinity are survived`() {
        var path = Path()
        path.move(toX: .nan, y: 1)
        path.line(toX: 1, y: .nan)
        path.move(toX: 1, y: 1)
        path.line(toX: .infinity, y: 1)
        path.line(toX: .nan, y: .nan)
        path.line(toX: 1, y: -.infinity)
        _ = coverage(width: 10, height: 10, path)
        _ = coverage(width: 0, height: 10, path)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `A window onto a shape shows the same pixels as the whole picture`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var path = Path()
        for index in 0..<Int.random(in: 3...30, using: &generator) {
            let x = Int32.random(in: -60_000...90_000, using: &generator)
            let y = Int32.random(in: -60_000...90_000, using: &generator)
            let point = SubpixelPoint(x: x, y: y)
            if index == 0 { path.move(to: point) } else { path.line(to: point) }
        }
        let whole = coverage(width: 128, height: 128, rule: .evenOdd, path)
        for (x, y) in [(0, 0), (64, 0), (0, 64), (64, 64), (13, 57)] {
            var moved = Path()
            path.forEachContour { points, _ in
                for (index, point) in points.enumerated() {
                    let place = SubpixelPoint(x: point.x - Int32(x) * 256, y: point.y - Int32(y) * 256)
                    if index == 0 { moved.move(to: place) } else { moved.line(to: place) }
                }
            }
            let window = coverage(width: 64, height: 64, rule: .evenOdd, moved)
            #expect(window == whole.cropped(x: x, y: y, width: 64, height: 64), "seed \(seed), window \(x), \(y)")
        }
    }

    @Test func `Translucent paint mixes with what is there`() {
        var pixmap = Pixmap(width: 40, height: 2, color: PremultipliedColor(straightRed: 0, green: 0, blue: 200))
        var path = Path()
        path.addRectangle(minX: 0, minY: 0, maxX: 37.5, maxY: 1)
        let red = PremultipliedColor(straightRed: 255, green: 0, blue: 0, alpha: 128)
        Rasterizer(width: 40, height: 2).fill(path, color: red, onto: &pixmap)
        let mixed = PremultipliedColor(premultipliedRed: 128, green: 0, blue: 100, alpha: 255)
        for x in 0..<37 { #expect(pixmap[x, 0] == mixed, "\(x)") }
        #expect(pixmap[37, 0] == PremultipliedColor(premultipliedRed: 64, green: 0, blue: 150, alpha: 255))
        #expect(pixmap[38, 0] == PremultipliedColor(straightRed: 0, green: 0, blue: 200))
        #expect(pixmap[0, 1] == PremultipliedColor(straightRed: 0, green: 0, blue: 200))
    }

    @Test func `A rasteriser is empty after painting and after forgetting`() {
        let rasterizer = Rasterizer(width: 8, height: 8)
        var path = Path()
        path.addRectangle(minX: 1, minY: 1, maxX: 20, maxY: 20)
        rasterizer.add(path)
        rasterizer.discard()
        var pixmap = Pixmap(width: 8, height: 8)
        rasterizer.paint(.white, onto: &pixmap)
        #expect(pixmap.solidColor == .transparent)
        rasterizer.fill(path, color: .white, onto: &pixmap)
        var again = Pixmap(width: 8, height: 8)
        rasterizer.paint(.white, onto: &again)
        #expect(again.solidColor == .transparent)
        var other = Pixmap(width: 9, height: 8)
        rasterizer.fill(path, color: .white, onto: &other)
        rasterizer.paint(.white, onto: &again)
        #expect(other.solidColor == .transparent)
        #expect(again.solidColor == .transparent)
    }
}
