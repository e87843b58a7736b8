// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Pixmaps
import Rasterizing
import Snapshots

/// What a circle is drawn with. Lengths are in pixels of the picture.
private struct CirclePaint {
    var radius: Double
    var color: PremultipliedColor
    var strokeWidth: Double
    var strokeColor: PremultipliedColor

    init(_ evaluation: LayerEvaluation, pixelRatio: Double) {
        radius = min(max(evaluation[.circleRadius] * pixelRatio, 0), Self.largestRadius)
        color = PremultipliedColor(evaluation[.circleColor], opacity: evaluation[.circleOpacity])
        strokeWidth = min(max(evaluation[.circleStrokeWidth] * pixelRatio, 0), Self.largestRadius)
        strokeColor = PremultipliedColor(evaluation[.circleStrokeColor], opacity: evaluation[.circleStrokeOpacity])
    }

    static let largestRadius = 256.0

    var hasStroke: Bool { strokeWidth > 0 && !strokeColor.isTransparent }
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
            reach = paint.radius + paint.strokeWidth
        }
        select(reach: length(shift) + reach, accepts: { _ in true }, sortKey: .circleSortKey)
        for feature in features {
            turn(to: feature, for: memo.demand)
            let paint = memo.paint(evaluation, paint)
            let outer = paint.radius + paint.strokeWidth
            let area = SubpixelRectangle(width: canvas.width, height: canvas.height).expanded(by: outer)
            canvas.forEachPosition(source.geometry(of: feature), grid, shift) { center in
                if area.contains(center), square?.contains(center) ?? true { drawCircle(center, paint, outer) }
            }
        }
    }

    private func drawCircle(_ center: SubpixelPoint, _ paint: CirclePaint, _ outer: Double) {
        if paint.hasStroke {
            // Under an opaque middle the stroke's disc is whole, so that nothing
            // shines through between the two.
            let isCovered = paint.color.isOpaque
            canvas.addDisc(center, radius: outer, innerRadius: isCovered ? 0 : paint.radius)
            canvas.paint(paint.strokeColor)
        }
        if paint.radius > 0 && !paint.color.isTransparent {
            canvas.addDisc(center, radius: paint.radius)
            canvas.paint(paint.color)
        }
    }

    private func circleMemo() -> PaintMemo<CirclePaint> {
        let bound = evaluation.bound
        var memo = PaintMemo<CirclePaint>()
        for key in [
            .circleRadius, .circleOpacity, .circleStrokeWidth, .circleStrokeOpacity,
        ] as [PropertyKey<Double>] {
            memo.include(bound.dependencies(of: key))
        }
        memo.include(bound.dependencies(of: .circleColor))
        memo.include(bound.dependencies(of: .circleStrokeColor))
        return memo
    }
}
