// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import Rasterizing
import Typesetting

/// Draws labels onto one canvas, and keeps the shapes of glyphs between them.
final class LabelPen {
    private struct GlyphKey: Hashable {
        var face: Int
        var glyph: UInt32
        var size: Double
    }

    private var glyphs: [GlyphKey: Path] = [:]
    private var placed = Path()
    private var stroker: Stroker

    /// Shapes that are kept; a Chinese character takes about two kilobytes.
    private static let mostGlyphs = 8192
    /// How far a glyph's lines may lie from its curves, in pixels.
    private static let tolerance = 0.06
    /// In how many steps a blurred halo fades.
    private static let blurSteps = 4

    init(width: Int, height: Int) {
        stroker = Stroker(visible: SubpixelRectangle(width: width, height: height))
    }

    /// Draws a label whose anchor lies at a place of the canvas.
    func draw(_ label: PlacedLabel, at anchor: SubpixelPoint, onto canvas: TileCanvas) {
        if label.paint.hasHalo { drawHalo(label, anchor, canvas) }
        var color: PremultipliedColor?
        for (index, glyph) in label.block.glyphs.enumerated() {
            let next = label.paint.color(ofSection: glyph.section)
            if let color, color != next { canvas.paint(color) }
            color = next
            place(label, index, anchor)
            canvas.rasterizer.add(placed)
        }
        if let color { canvas.paint(color) }
    }

    private func drawHalo(_ label: PlacedLabel, _ anchor: SubpixelPoint, _ canvas: TileCanvas) {
        let (width, blur) = (label.paint.haloWidth, label.paint.haloBlur)
        let steps = blur > 0 ? Self.blurSteps : 1
        var below = 0.0
        for step in 1...steps {
            // Each step is laid over the wider ones, so that together they cover
            // what the fade asks for there.
            let covered = Double(step) / Double(steps)
            let opacity = (covered - below) / (1 - below)
            below = covered
            let radius = width + blur / 2 - (Double(step) - 0.5) * blur / Double(steps)
            let style = StrokeStyle(width: 2 * max(0, radius), join: .round)
            for index in label.block.glyphs.indices {
                place(label, index, anchor)
                canvas.rasterizer.add(placed)
                if radius > 0 { stroker.stroke(placed, style: style, onto: canvas.rasterizer) }
            }
            canvas.paint(PremultipliedColor(label.paint.haloColor, opacity: opacity))
        }
    }

    /// Puts the shape of a label's glyph to its place.
    private func place(_ label: PlacedLabel, _ index: Int, _ anchor: SubpixelPoint) {
        let glyph = label.block.glyphs[index]
        let offset: SIMD2<Double>
        let direction: SIMD2<Double>
        switch label.arrangement {
        case .block(let corner, let turn):
            offset = corner + (glyph.position * label.size).turned(turn)
            direction = turn
        case .glyphs(let glyphs):
            offset = glyphs[index].offset
            direction = glyphs[index].direction
        }
        let shift = SubpixelPoint(pixelX: offset.x, pixelY: offset.y) ?? SubpixelPoint(x: 0, y: 0)
        let origin = SubpixelPoint(x: anchor.x &+ shift.x, y: anchor.y &+ shift.y)
        placed.place(shape(glyph, label.size * glyph.scale, direction), at: origin)
    }

    private func shape(_ glyph: TextBlock.Glyph, _ size: Double, _ direction: SIMD2<Double>) -> Path {
        guard direction == SIMD2(1, 0) else { return Self.path(glyph, size, direction) }
        let key = GlyphKey(face: glyph.face.id, glyph: glyph.id, size: size)
        if let known = glyphs[key] { return known }
        if glyphs.count >= Self.mostGlyphs { glyphs.removeAll() }
        let path = Self.path(glyph, size, direction)
        glyphs[key] = path
        return path
    }

    /// The outline as lines that run the way strokes do, so that a halo's
    /// strokes and the glyph inside of them add up.
    private static func path(_ glyph: TextBlock.Glyph, _ size: Double, _ direction: SIMD2<Double>) -> Path {
        let outline = glyph.face.outline(of: glyph.id)
        var path = Path()
        var contour: [SIMD2<Double>] = []
        func finish() {
            let points = outline.isClockwise ? contour.reversed() : contour
            for (index, point) in points.enumerated() {
                if index == 0 { path.move(toX: point.x, y: point.y) } else { path.line(toX: point.x, y: point.y) }
            }
            if !points.isEmpty { path.close() }
            contour.removeAll(keepingCapacity: true)
        }
        outline.flatten(
            tolerance: tolerance / max(size, 1),
            move: {
                finish()
                contour.append(($0 * size).turned(direction))
            },
            line: { contour.append(($0 * size).turned(direction)) })
        finish()
        return path
    }
}

extension SIMD2<Double> {
    /// The vector turned so that what pointed east points in a direction.
    func turned(_ direction: SIMD2<Double>) -> SIMD2<Double> {
        SIMD2(x * direction.x - y * direction.y, x * direction.y + y * direction.x)
    }
}
