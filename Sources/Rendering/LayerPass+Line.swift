// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MapStyles
import Pixmaps
import Rasterizing
import Snapshots

/// What a line is drawn with, in pixels of the picture.
private final class LinePaint {
    let color: PremultipliedColor
    /// The strokes to either side of a gap; one where there is no gap.
    let strokes: [StrokeStyle]
    /// In pixels.
    let reach: Double

    /// - Parameters:
    ///   - dashes: the lengths of dashes and gaps in widths.
    ///   - dashUnit: the width that dashes are measured in; nil for the line's.
    init(_ evaluation: LayerEvaluation, pixelRatio: Double, dashes: [Double], dashUnit: Double?) {
        color = PremultipliedColor(evaluation[.lineColor], opacity: evaluation[.lineOpacity])
        let width = evaluation[.lineWidth] * pixelRatio
        let offset = evaluation[.lineOffset] * pixelRatio
        var style = StrokeStyle(
            width: min(width, Self.largestWidth), cap: Rasterizing.LineCap(evaluation[.lineCap]),
            join: Rasterizing.LineJoin(evaluation[.lineJoin]), miterLimit: evaluation[.lineMiterLimit],
            roundLimit: evaluation[.lineRoundLimit], dashes: dashes.map { $0 * (dashUnit ?? width) },
            offset: min(max(offset, -Self.largestWidth), Self.largestWidth))
        let gap = min(evaluation[.lineGapWidth] * pixelRatio, Self.largestWidth)
        guard width > 0, !color.isTransparent else {
            strokes = []
            reach = 0
            return
        }
        var sides = [style]
        if gap > 0 {
            let middle = style.offset
            style.offset = middle + (gap + style.width) / 2
            sides[0].offset = middle - (gap + style.width) / 2
            sides.append(style)
        }
        strokes = sides
        reach = sides.map(\.reach).max() ?? 0
    }

    /// In pixels.
    static let largestWidth = 256.0
}

extension LayerPass {
    /// Draws lines, and the rings of polygons as lines.
    mutating func drawLines() {
        let shift = shift(.lineTranslate)
        let ratio = pixelRatio
        let whole = wholeZoom()
        let grown = exp2(evaluation.zoom - evaluation.zoom.rounded(.down)) * ratio
        let paint = { (evaluation: LayerEvaluation) in
            LinePaint(
                evaluation, pixelRatio: ratio, dashes: (whole ?? evaluation)[.lineDasharray] ?? [],
                dashUnit: whole.map { $0[.lineWidth] * grown })
        }
        var memo = lineMemo()
        // A width that is the same for all is known before the search.
        let reach = memo.varies ? Self.varyingReach : memo.paint(evaluation, paint).reach
        select(reach: length(shift) + reach, accepts: { $0 != .points }, sortKey: .lineSortKey)
        var pending: PremultipliedColor?
        for feature in features {
            turn(to: feature, for: memo.demand)
            if let whole { turn(whole, to: feature, for: memo.demand) }
            let paint = memo.paint(evaluation, paint)
            guard !paint.strokes.isEmpty else { continue }
            let geometry = source.geometry(of: feature)
            for stroke in paint.strokes { canvas.addStrokes(geometry, grid, shift, stroke) }
            if memo.varies || !paint.color.isOpaque {
                canvas.paint(paint.color)
            } else {
                pending = paint.color
            }
        }
        if let pending { canvas.paint(pending) }
    }

    /// The evaluation at the whole zoom below, for dashes: they grow with the map
    /// until the next one. Nil where that is the same.
    private func wholeZoom() -> LayerEvaluation? {
        let zoom = evaluation.zoom.rounded(.down)
        guard layer.sets(.lineDasharray), zoom != evaluation.zoom else { return nil }
        let whole = evaluation.bound.evaluation(zoom: zoom)
        whole.row = source.row
        return whole
    }

    private func lineMemo() -> PaintMemo<LinePaint> {
        let bound = evaluation.bound
        var memo = PaintMemo<LinePaint>()
        for key in [
            .lineOpacity, .lineWidth, .lineOffset, .lineGapWidth, .lineMiterLimit, .lineRoundLimit,
        ] as [PropertyKey<Double>] {
            memo.include(bound.dependencies(of: key))
        }
        memo.include(bound.dependencies(of: .lineColor))
        memo.include(bound.dependencies(of: .lineCap))
        memo.include(bound.dependencies(of: .lineJoin))
        memo.include(bound.dependencies(of: .lineDasharray))
        return memo
    }
}

extension Rasterizing.LineCap {
    init(_ cap: MapStyles.LineCap) {
        switch cap {
        case .butt: self = .butt
        case .round: self = .round
        case .square: self = .square
        }
    }
}

extension Rasterizing.LineJoin {
    init(_ join: MapStyles.LineJoin) {
        switch join {
        case .bevel: self = .bevel
        case .round: self = .round
        case .miter: self = .miter
        }
    }
}
