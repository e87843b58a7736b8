// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Pixmaps
import Rasterizing
import Testing

/// A picture that is drawn again and compared.
struct Drawing: Sendable, CustomTestStringConvertible {
    let name: String
    let draw: @Sendable (inout Canvas) -> Void

    var testDescription: String { name }
}

/// White paper with a pen.
struct Canvas {
    var pixmap: Pixmap
    let rasterizer: Rasterizer
    var stroker = Stroker()

    init(width: Int, height: Int, paper: PremultipliedColor = .white) {
        pixmap = Pixmap(width: width, height: height, color: paper)
        rasterizer = Rasterizer(width: width, height: height)
    }

    mutating func fill(_ path: Path, _ color: PremultipliedColor, rule: FillRule = .nonZero) {
        rasterizer.fill(path, rule: rule, color: color, onto: &pixmap)
    }

    mutating func stroke(
        _ points: [(Double, Double)], isClosed: Bool = false, _ style: StrokeStyle, _ color: PremultipliedColor
    ) {
        stroker.stroke(line(points, isClosed: isClosed), style: style, onto: rasterizer)
        rasterizer.paint(color, onto: &pixmap)
    }

    func line(_ points: [(Double, Double)], isClosed: Bool = false) -> Path {
        var path = Path()
        for (index, point) in points.enumerated() {
            if index == 0 { path.move(toX: point.0, y: point.1) } else { path.line(toX: point.0, y: point.1) }
        }
        if isClosed { path.close() }
        return path
    }
}

/// Half transparent, so that covering a pixel twice would show.
let ink = PremultipliedColor(straightRed: 20, green: 60, blue: 140, alpha: 140)
let thread = PremultipliedColor(straightRed: 220, green: 30, blue: 30)

let strokeDrawings: [Drawing] = [
    Drawing(name: "caps") { canvas in
        for (row, cap) in [LineCap.butt, .round, .square].enumerated() {
            let y = 24 + Double(row) * 40
            canvas.stroke([(30, y), (98, y - 6)], StrokeStyle(width: 22, cap: cap), ink)
            canvas.stroke([(30, y), (98, y - 6)], StrokeStyle(width: 1), thread)
        }
    },
    Drawing(name: "dots") { canvas in
        for (column, cap) in [LineCap.butt, .round, .square].enumerated() {
            canvas.stroke([(24 + Double(column) * 40, 24.5)], StrokeStyle(width: 22, cap: cap), ink)
        }
    },
    Drawing(name: "joins") { canvas in
        for (row, join) in [LineJoin.miter, .round, .bevel].enumerated() {
            for (column, rise) in [8.0, 24, 60, 4].enumerated() {
                let (x, y) = (8 + Double(column) * 62, 70 + Double(row) * 80)
                let corner =
                    column == 3
                    ? [(x + 4, y), (x + 40, y - 4), (x + 4, y - 8)] : [(x, y), (x + 22, y - rise), (x + 44, y)]
                canvas.stroke(corner, StrokeStyle(width: 12, join: join), ink)
                canvas.stroke(corner, StrokeStyle(width: 1), thread)
            }
        }
    },
    Drawing(name: "miter-limit") { canvas in
        for (row, limit) in [1.0, 2, 4, 10].enumerated() {
            let y = 30 + Double(row) * 32
            canvas.stroke([(10, y - 12), (90, y), (10, y + 12)], StrokeStyle(width: 6, miterLimit: limit), ink)
        }
    },
    Drawing(name: "rings") { canvas in
        for (column, join) in [LineJoin.miter, .round, .bevel].enumerated() {
            let x = 12 + Double(column) * 60
            let corners = [(x + 8, 14.0), (x + 40, 20), (x + 30, 50), (x + 2, 40)]
            canvas.stroke(corners, isClosed: true, StrokeStyle(width: 9, join: join), ink)
            // A ring that is smaller than the pen is wide.
            let small = [(x + 14, 76.0), (x + 18, 76), (x + 18, 80), (x + 14, 80)]
            canvas.stroke(small, isClosed: true, StrokeStyle(width: 20, join: join), ink)
        }
    },
    Drawing(name: "curves") { canvas in
        // Many short segments, gentle and tight: the inner side must not darken.
        for (column, radius) in [40.0, 12, 4].enumerated() {
            let points = (0...72).map { step -> (Double, Double) in
                let angle = Double(step) / 72 * 1.5 * .pi
                return (48 + Double(column) * 74 + radius * cos(angle), 50 + radius * cos(angle - .pi / 2))
            }
            for join in [LineJoin.miter, .round] where join == (column == 1 ? .round : .miter) {
                canvas.stroke(points, StrokeStyle(width: 14, cap: .round, join: join), ink)
            }
        }
    },
    Drawing(name: "self-overlap") { canvas in
        let round = StrokeStyle(width: 12, cap: .round, join: .round)
        canvas.stroke([(10, 10), (110, 90), (110, 10), (10, 90)], round, ink)
        canvas.stroke([(130, 20), (200, 20), (130, 20.5)], StrokeStyle(width: 12, join: .miter), ink)
        canvas.stroke([(130, 60), (200, 60), (130, 60)], round, ink)
    },
    Drawing(name: "thin") { canvas in
        for (row, width) in [0.1, 0.25, 0.5, 1, 1.5, 2, 3].enumerated() {
            let y = 6 + Double(row) * 10
            canvas.stroke([(4, y), (60, y)], StrokeStyle(width: width), .black)
            canvas.stroke([(66, y + 0.5), (124, y + 0.5)], StrokeStyle(width: width), .black)
            canvas.stroke([(130, y - 3), (188, y + 3)], StrokeStyle(width: width), .black)
        }
    },
    Drawing(name: "dashes") { canvas in
        let wave = (0...40).map { step -> (Double, Double) in
            (8 + Double(step) * 5.6, 14 + 10 * cos(Double(step) / 4))
        }
        let patterns: [([Double], LineCap)] = [
            ([12, 6], .butt), ([12, 6], .round), ([0, 9], .round), ([14, 4, 2, 4], .butt), ([7], .square),
            ([3, 3, 9], .butt),
        ]
        for (row, pattern) in patterns.enumerated() {
            let moved = wave.map { ($0.0, $0.1 + Double(row) * 34) }
            canvas.stroke(moved, StrokeStyle(width: 5, cap: pattern.1, join: .round, dashes: pattern.0), ink)
        }
    },
    Drawing(name: "dashed-rings") { canvas in
        let square = [(12.0, 12.0), (84, 12), (84, 84), (12, 84)]
        canvas.stroke(square, isClosed: true, StrokeStyle(width: 8, dashes: [20, 8]), ink)
    },
    Drawing(name: "offset") { canvas in
        let bend = [(14.0, 90.0), (50, 40), (100, 70), (150, 20), (160, 90)]
        canvas.stroke(bend, StrokeStyle(width: 1), .black)
        canvas.stroke(bend, StrokeStyle(width: 3, offset: 8), thread)
        canvas.stroke(bend, StrokeStyle(width: 3, offset: -8), ink)
        let square = [(190.0, 30.0), (230, 30), (230, 80), (190, 80)]
        canvas.stroke(square, isClosed: true, StrokeStyle(width: 1), .black)
        canvas.stroke(square, isClosed: true, StrokeStyle(width: 3, offset: 8), thread)
        canvas.stroke(square, isClosed: true, StrokeStyle(width: 3, offset: -8), ink)
    },
    Drawing(name: "fills") { canvas in
        let star = (0..<5).map { index -> (Double, Double) in
            let angle = Double(index) * 4 * .pi / 5
            return (50 + 44 * cos(angle + .pi / 2), 52 + 44 * cos(angle + .pi))
        }
        canvas.fill(canvas.line(star), ink)
        canvas.fill(canvas.line(star.map { ($0.0 + 96, $0.1) }), ink, rule: .evenOdd)
        for index in 0..<24 {
            let x = 206 + Double(index % 4) * 12.3
            let y = 8 + Double(index / 4) * 15.7
            let size = 0.6 + Double(index) * 0.35
            let house = [(x, y), (x + size, y + size * 0.3), (x + size * 0.8, y + size), (x - 0.2, y + size * 0.8)]
            canvas.fill(canvas.line(house), .black)
        }
    },
    Drawing(name: "discs") { canvas in
        for (index, radius) in [0.3, 0.5, 1, 1.5, 2.5, 4, 8, 16, 30].enumerated() {
            var path = Path()
            let center = SubpixelPoint(x: Int32([6, 14, 22, 32, 44, 58, 78, 110, 166][index] * 256), y: 32 * 256 + 77)
            path.add(Disc(radius: radius), center: center)
            canvas.fill(path, ink)
            path.removeAll()
            path.add(Disc(radius: radius + 3), center: center)
            path.add(Disc(radius: radius), center: center, reversed: true)
            if radius > 4 { canvas.fill(path, thread.withOpacity(0.5)) }
        }
    },
]

@Suite struct StrokeGoldenTests {
    static let golden = Golden(suite: "Rasterizing")

    @Test(arguments: strokeDrawings)
    func `Fills and strokes look as they did when a person looked at them`(drawing: Drawing) throws {
        var canvas = Canvas(width: 256, height: drawing.name == "joins" ? 250 : drawing.name == "dashes" ? 200 : 128)
        drawing.draw(&canvas)
        try Self.golden.check(canvas.pixmap, drawing.name)
    }

    @Test func `Every golden belongs to a drawing`() {
        #expect(Self.golden.unused(names: strokeDrawings.map(\.name)) == [])
    }
}
