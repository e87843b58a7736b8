// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Typesetting

/// A label at a spot, with the room that it takes, in pixels of the plan.
struct FittedLabel {
    var label: PlacedLabel
    /// What others must stay out of.
    var room: [PixelBox]
}

/// Lays a candidate's glyphs out at its spot.
struct LabelFitting {
    let pixelsPerCell: Double

    /// A block of lines at a point.
    func block(_ wish: LabelWish, _ block: TextBlock, side: LabelSide, at point: SIMD2<Double>) -> FittedLabel {
        let size = SIMD2(block.width, block.height) * wish.size
        let corner = side.offset * wish.size - side.anchor.share * size
        var box = PixelBox.empty
        for x in [0, size.x] {
            for y in [0, size.y] {
                let place = (corner + SIMD2(x, y)).turned(wish.turn)
                box.formUnion(PixelBox(minX: place.x, minY: place.y, maxX: place.x, maxY: place.y))
            }
        }
        let anchor = Anchor(point, pixelsPerCell)
        box = box.moved(by: anchor.place + wish.translation)
        let offset = corner.turned(wish.turn) + wish.translation
        return FittedLabel(
            label: PlacedLabel(
                cellX: anchor.x, cellY: anchor.y, block: block, size: wish.size,
                arrangement: .block(offset: offset, direction: wish.turn), paint: wish.paint,
                reach: box.expanded(by: wish.paint.reach + wish.size * Self.overhang)),
            room: [box.expanded(by: wish.padding)])
    }

    /// Glyphs along a line; nil where the line is too short or too bent.
    func glyphs(_ wish: LabelWish, _ block: TextBlock, along line: LabelLine, at distance: Double) -> FittedLabel? {
        guard let side = wish.sides.first else { return nil }
        let width = block.width * wish.size
        let start = distance + (side.offset.x - side.anchor.share.x * block.width) * wish.size
        guard start >= 0, start + width <= line.length else { return nil }
        let runsWest = line.place(at: start + width).point.x < line.place(at: start).point.x
        if wish.keepsUpright, runsWest, let reversed = line.reversed {
            return glyphs(wish, block, along: reversed, start: line.length - start - width, side: side)
        }
        return glyphs(wish, block, along: line, start: start, side: side)
    }

    private func glyphs(
        _ wish: LabelWish, _ block: TextBlock, along line: LabelLine, start: Double, side: LabelSide
    ) -> FittedLabel? {
        let anchor = Anchor(line.place(at: start + block.width * wish.size / 2).point, pixelsPerCell)
        let drop = (side.offset.y - side.anchor.share.y * block.height) * wish.size
        var placed: [PlacedLabel.PlacedGlyph] = []
        var room: [PixelBox] = []
        var reach = PixelBox.empty
        var last: SIMD2<Double>?
        for glyph in block.glyphs {
            let half = glyph.advance / 2 * wish.size
            let (point, heading) = line.place(at: start + glyph.position.x * wish.size + half)
            // The angle between neighbours decides, whichever way it turns.
            if let last, (last * heading).sum() < wish.leastCosine { return nil }
            last = heading
            let direction = (wish.glyphsStandUpright ? SIMD2(1, 0) : heading).turned(wish.turn)
            let offset = SIMD2(-half, glyph.position.y * wish.size + drop).turned(direction)
            placed.append(
                PlacedLabel.PlacedGlyph(offset: point - anchor.place + offset + wish.translation, direction: direction))
            let middle = SIMD2(0, drop + block.height * wish.size / 2).turned(direction)
            let radius = max(half, glyph.scale * wish.size / 2)
            let center = point + middle + wish.translation
            let box = PixelBox(minX: center.x, minY: center.y, maxX: center.x, maxY: center.y).expanded(by: radius)
            room.append(box.expanded(by: wish.padding))
            reach.formUnion(box)
        }
        guard !placed.isEmpty else { return nil }
        return FittedLabel(
            label: PlacedLabel(
                cellX: anchor.x, cellY: anchor.y, block: block, size: wish.size, arrangement: .glyphs(placed),
                paint: wish.paint, reach: reach.expanded(by: wish.paint.reach + wish.size * Self.overhang)),
            room: room)
    }

    /// How far ink may lie outside of a label's box, in ems: tall marks, and
    /// letters that lean.
    private static let overhang = 1.0

    /// A point on a cell of the snapshot's grid.
    private struct Anchor {
        let x: Int32
        let y: Int32
        /// In pixels.
        let place: SIMD2<Double>

        init(_ point: SIMD2<Double>, _ pixelsPerCell: Double) {
            func cell(_ value: Double) -> Int32 {
                Int32(min(max((value / pixelsPerCell).rounded(), Double(Int32.min)), Double(Int32.max)))
            }
            x = cell(point.x)
            y = cell(point.y)
            place = SIMD2(Double(x), Double(y)) * pixelsPerCell
        }
    }
}
