// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Pixmaps
import Rasterizing
import Snapshots

extension CirclePaint {
    fileprivate init(_ evaluation: LayerEvaluation, pixelRatio: Double) {
        radius = min(max(evaluation[.circleRadius] * pixelRatio, 0), Self.largestRadius)
        color = PremultipliedColor(evaluation[.circleColor], opacity: evaluation[.circleOpacity])
        blur = evaluation[.circleBlur]
        strokeWidth = min(max(evaluation[.circleStrokeWidth] * pixelRatio, 0), Self.largestRadius)
        strokeColor = PremultipliedColor(evaluation[.circleStrokeColor], opacity: evaluation[.circleStrokeOpacity])
    }

    private static let largestRadius = 256.0

    var isSeen: Bool { !color.isTransparent || strokeWidth > 0 && !strokeColor.isTransparent }
}

extension LayerPass {
    /// Draws a circle at each position; lines and polygons have one at each
    /// vertex.
    mutating func drawCircles() {
        let shift = shift(.circleTranslate)
        let ratio = pixelRatio
        let paint = { CirclePaint($0, pixelRatio: ratio) }
        let square = source.extent.map(grid.subpixels)
        var memo = circleMemo()
        var reach = Self.varyingReach
        if !memo.varies {
            let paint = memo.paint(evaluation, paint)
            reach = paint.outerRadius
        }
        select(reach: length(shift) + reach, accepts: { _ in true }, sortKey: .circleSortKey)
        for feature in features {
            turn(to: feature, for: memo.demand)
            let paint = memo.paint(evaluation, paint)
            guard paint.isSeen else { continue }
            let area = SubpixelRectangle(width: canvas.width, height: canvas.height).expanded(by: paint.outerRadius)
            canvas.forEachPosition(source.geometry(of: feature), grid, shift) { center in
                if area.contains(center), square?.contains(center) ?? true { canvas.drawCircle(center, paint) }
            }
        }
    }

    private func circleMemo() -> PaintMemo<CirclePaint> {
        let bound = evaluation.bound
        var memo = PaintMemo<CirclePaint>()
        for key in [
            .circleRadius, .circleOpacity, .circleBlur, .circleStrokeWidth, .circleStrokeOpacity,
        ] as [PropertyKey<Double>] {
            memo.include(bound.dependencies(of: key))
        }
        memo.include(bound.dependencies(of: .circleColor))
        memo.include(bound.dependencies(of: .circleStrokeColor))
        return memo
    }
}
