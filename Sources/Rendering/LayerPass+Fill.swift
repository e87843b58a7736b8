// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Pixmaps
import Rasterizing
import Snapshots

extension LayerPass {
    /// Fills polygons, and then outlines them where the style gives an outline
    /// its own colour.
    ///
    /// Translucent features darken each other where they overlap. The areas of
    /// opaque features of one colour are painted as one shape, which leaves no
    /// lines between neighbours.
    mutating func drawFills() {
        let shift = shift(.fillTranslate)
        select(reach: length(shift) + 1, accepts: { $0 == .polygons }, sortKey: .fillSortKey)
        var memo = PaintMemo<PremultipliedColor>()
        memo.include(evaluation.bound.dependencies(of: .fillColor))
        memo.include(evaluation.bound.dependencies(of: .fillOpacity))
        var pending: PremultipliedColor?
        for feature in features {
            turn(to: feature, for: memo.demand)
            let color = memo.paint(evaluation) { PremultipliedColor($0[.fillColor], opacity: $0[.fillOpacity]) }
            if color.isTransparent { continue }
            let geometry = source.geometry(of: feature)
            canvas.addPolygon(geometry, grid, shift)
            if memo.varies || !color.isOpaque {
                canvas.paint(color)
            } else {
                pending = color
            }
        }
        if let pending { canvas.paint(pending) }
        if layer.sets(.fillOutlineColor) && evaluation[.fillAntialias] { drawOutlines(shift) }
    }

    /// Fills polygons with images; those that name none, or one that the sprite
    /// lacks, are left out, as in a browser.
    mutating func drawPatternFills() {
        let shift = shift(.fillTranslate)
        select(reach: length(shift) + 1, accepts: { $0 == .polygons }, sortKey: .fillSortKey)
        let demand = max(
            FeatureDemand(evaluation.bound.dependencies(of: .fillPattern)),
            FeatureDemand(evaluation.bound.dependencies(of: .fillOpacity)))
        for feature in features {
            turn(to: feature, for: demand)
            guard let pattern = patterns.source(evaluation[.fillPattern], opacity: evaluation[.fillOpacity]) else {
                continue
            }
            canvas.addPolygon(source.geometry(of: feature), grid, shift)
            canvas.paint(pattern)
        }
    }

    private func drawOutlines(_ shift: SubpixelPoint) {
        var memo = PaintMemo<PremultipliedColor>()
        memo.include(evaluation.bound.dependencies(of: .fillOutlineColor))
        memo.include(evaluation.bound.dependencies(of: .fillOpacity))
        let pen = StrokeStyle(width: pixelRatio, join: .bevel)
        var pending: PremultipliedColor?
        for feature in features {
            turn(to: feature, for: memo.demand)
            let color = memo.paint(evaluation) { evaluation in
                evaluation[.fillOutlineColor].map { PremultipliedColor($0, opacity: evaluation[.fillOpacity]) }
                    ?? .transparent
            }
            if color.isTransparent { continue }
            let geometry = source.geometry(of: feature)
            canvas.addStrokes(geometry, grid, shift, pen)
            if memo.varies || !color.isOpaque {
                canvas.paint(color)
            } else {
                pending = color
            }
        }
        if let pending { canvas.paint(pending) }
    }
}
