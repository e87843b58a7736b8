// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Pixmaps

/// What a label is drawn with. Lengths are in pixels.
struct LabelPaint: Hashable {
    var color: PremultipliedColor
    var haloColor: Color
    var haloWidth: Double
    var haloBlur: Double
    /// The colours of sections that have their own.
    var sectionColors: [PremultipliedColor?]

    /// The largest halo, in parts of the text's size, as browsers draw it.
    private static let widestHalo = 0.25

    init(_ evaluation: LayerEvaluation, size: Double, sections: [FormattedText.Section], pixelRatio: Double) {
        let opacity = min(max(evaluation[.textOpacity], 0), 1)
        color = PremultipliedColor(evaluation[.textColor], opacity: opacity)
        haloColor = evaluation[.textHaloColor].multiplied(byOpacity: opacity)
        haloWidth = min(max(evaluation[.textHaloWidth], 0) * pixelRatio, size * Self.widestHalo)
        haloBlur = min(max(evaluation[.textHaloBlur], 0) * pixelRatio, size * Self.widestHalo)
        sectionColors = sections.contains { $0.color != nil }
            ? sections.map { $0.color.map { PremultipliedColor($0, opacity: opacity) } } : []
    }

    var hasHalo: Bool { haloWidth > 0 && haloColor.alpha > 0 }

    /// Whether there is anything to see.
    var isVisible: Bool { !color.isTransparent || hasHalo || sectionColors.contains { $0?.isTransparent == false } }

    /// How far it is drawn beyond the glyphs.
    var reach: Double { hasHalo ? haloWidth + haloBlur / 2 + 1 : 1 }

    func color(ofSection section: Int) -> PremultipliedColor {
        guard sectionColors.indices.contains(section), let own = sectionColors[section] else { return color }
        return own
    }
}
