// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MapStyles
import Typesetting

/// A label that wants a place.
struct LabelCandidate {
    enum Spot {
        case point(SIMD2<Double>)
        case line(LabelLine, distance: Double)
    }

    var sortKey: Double
    var feature: Int64
    /// Tells the spots of one feature apart.
    var number: Int
    var wish: LabelWish
    var spot: Spot

    /// Which of two is placed first; the same for the same data in any order.
    static func precedes(_ a: LabelCandidate, _ b: LabelCandidate) -> Bool {
        (a.sortKey, a.feature, a.number) < (b.sortKey, b.feature, b.number)
    }
}

/// How the labels of one feature are to be set and placed. Lengths are in pixels.
final class LabelWish {
    enum Overlap {
        case never, cooperative, always
    }

    let text: LabelText
    let size: Double
    let sides: [LabelSide]
    let paint: LabelPaint
    let padding: Double
    let translation: SIMD2<Double>
    /// Where what points east is turned to.
    let turn: SIMD2<Double>
    let overlap: Overlap
    /// Others may stand on it.
    let ignoresPlacement: Bool
    /// The justification; nil follows the side.
    let justification: TextJustification?
    let keepsUpright: Bool
    /// The cosine of the largest angle between neighbouring glyphs.
    let leastCosine: Double
    let glyphsFollowLine: Bool
    let glyphsStandUpright: Bool

    /// In pixels.
    static let largestSize = 512.0

    /// Nil when the feature at hand has nothing to show.
    ///
    /// - Parameter pixelRatio: pixels of the picture for each of the style.
    init?(_ evaluation: LayerEvaluation, isAlongLine: Bool, pixelRatio: Double) {
        let alignment = evaluation[.textRotationAlignment]
        glyphsFollowLine = isAlongLine && alignment != "viewport"
        glyphsStandUpright = alignment == "viewport-glyph"
        guard let text = LabelText(evaluation, isAlongLine: glyphsFollowLine) else { return nil }
        size = min(max(evaluation[.textSize], 0), Self.largestSize) * pixelRatio
        guard size > 0 else { return nil }
        self.text = text
        paint = LabelPaint(evaluation, size: size, sections: text.text.sections, pixelRatio: pixelRatio)
        guard paint.isVisible else { return nil }
        sides = LabelSide.sides(evaluation)
        padding = min(max(evaluation[.textPadding], 0), 512) * pixelRatio
        let shift = evaluation[.textTranslate]
        let moved = shift.count == 2 ? SIMD2(min(max(shift[0], -512), 512), min(max(shift[1], -512), 512)) : .zero
        translation = moved * pixelRatio
        let angle = evaluation[.textRotate] * .pi / 180
        turn = angle == 0 || !angle.isFinite ? SIMD2(1, 0) : SIMD2(cos(angle), sin(angle))
        switch evaluation[.textOverlap] {
        case "always": overlap = .always
        case "cooperative": overlap = .cooperative
        case "never": overlap = .never
        default: overlap = evaluation[.textAllowOverlap] ? .always : .never
        }
        ignoresPlacement = evaluation[.textIgnorePlacement]
        switch evaluation[.textJustify] {
        case "left": justification = .left
        case "right": justification = .right
        case "center": justification = .center
        default: justification = nil
        }
        keepsUpright = evaluation[.textKeepUpright]
        leastCosine = cos(min(max(evaluation[.textMaxAngle], 0), 180) * .pi / 180)
    }
}
