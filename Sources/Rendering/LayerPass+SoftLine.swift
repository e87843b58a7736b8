// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MapStyles
import Pixmaps
import Rasterizing
import Snapshots

/// What a line is coloured with, pixel by pixel; lengths are in pixels of the
/// picture.
private struct SoftLinePaint {
    var style: StrokeStyle
    /// Where the stroke begins and ends, from its middle, half a pixel of soft
    /// edge included.
    var inner: Double
    var outer: Double
    /// Over how many pixels an edge fades.
    var fade: Double
    var opacity: Double
    var color: PremultipliedColor

    init?(_ evaluation: LayerEvaluation, pixelRatio: Double) {
        func length(_ key: PropertyKey<Double>, _ largest: Double = 256) -> Double {
            min(max(evaluation[key] * pixelRatio, -largest), largest)
        }
        let width = length(.lineWidth)
        opacity = min(max(evaluation[.lineOpacity], 0), 1)
        guard width > 0, opacity > 0 else { return nil }
        style = StrokeStyle(
            width: width, cap: Rasterizing.LineCap(evaluation[.lineCap]),
            join: Rasterizing.LineJoin(evaluation[.lineJoin]), miterLimit: evaluation[.lineMiterLimit],
            roundLimit: evaluation[.lineRoundLimit], offset: length(.lineOffset))
        let gap = max(length(.lineGapWidth), 0) / 2
        inner = gap > 0 ? gap + 0.5 : 0
        outer = gap + width / 2 * (gap > 0 ? 2 : 1) + 0.5
        fade = max(length(.lineBlur), 0) + 1
        color = PremultipliedColor(evaluation[.lineColor], opacity: 1)
    }

    /// How much of a pixel at a distance from the middle is covered, as in
    /// MapLibre's shader.
    func coverage(_ across: Double) -> Double {
        let distance = abs(across)
        return min(max(min(distance - (inner - fade), outer - distance) / fade, 0), 1) * opacity
    }
}

/// An image along a line.
private struct LinePattern {
    let image: SpriteImage
    let sampler: PixmapSampler
    /// Pixels of the image for each pixel of the picture, along the line.
    let scale: Double
    /// The height of the image in pixels of the picture.
    let height: Double

    init(_ image: SpriteImage, _ frame: TileFrame) {
        self.image = image
        sampler = PixmapSampler(image.pixmap, wraps: true)
        let grown = exp2(frame.zoom - frame.zoom.rounded(.down))
        scale = image.pixelRatio / (frame.pixelRatio * grown)
        height = image.height * frame.pixelRatio
    }

    /// - Parameter reach: the stroke's half width.
    func color(_ place: LineField.Place, reach: Double) -> PremultipliedColor {
        // An image lower than the stroke is stretched over it; its foot lies to
        // the left of the line.
        let half = min(reach, (height + 2) / 2)
        let y = 0.5 - place.across / reach * half / height
        return PremultipliedColor(packed: sampler.linear(place.along * scale, y * Double(image.pixmap.height)))
    }
}

extension LayerPass {
    /// Draws lines with blurred edges, gradients or patterns, pixel by pixel.
    mutating func drawSoftLines() {
        let shift = shift(.lineTranslate)
        select(
            reach: length(shift) + Self.varyingReach, accepts: { $0 != .points }, sortKey: .lineSortKey)
        let hasGradient = layer.sets(.lineGradient)
        for feature in features {
            turn(to: feature, for: .identity)
            guard let paint = SoftLinePaint(evaluation, pixelRatio: pixelRatio) else { continue }
            var pattern: LinePattern?
            if layer.hasPattern {
                guard let image = patterns.image(evaluation[.linePattern]) else { continue }
                pattern = LinePattern(image, patterns.frame)
            }
            let gradient = hasGradient ? gradient() : []
            canvas.forEachLine(source.geometry(of: feature), grid, shift) { points, isClosed in
                let total = max(Self.length(of: points, isClosed: isClosed), 1e-9)
                canvas.drawField(points, isClosed: isClosed, style: paint.style, reach: paint.outer) { place in
                    let color =
                        if let pattern {
                            pattern.color(place, reach: paint.outer)
                        } else if hasGradient {
                            gradient[min(max(Int(place.along / total * Double(gradient.count)), 0), gradient.count - 1)]
                        } else {
                            paint.color
                        }
                    return color.withOpacity(paint.coverage(place.across))
                }
            }
        }
    }

    /// The colours along the line of the feature at hand.
    private func gradient() -> [PremultipliedColor] {
        defer { evaluation.lineProgress = nil }
        return (0..<256).map { step in
            evaluation.lineProgress = Double(step) / 255
            return evaluation[.lineGradient].map { PremultipliedColor($0, opacity: 1) } ?? .transparent
        }
    }

    private static func length(of points: UnsafeBufferPointer<SubpixelPoint>, isClosed: Bool) -> Double {
        func length(_ a: SubpixelPoint, _ b: SubpixelPoint) -> Double {
            let (dx, dy) = (Double(Int(b.x) - Int(a.x)), Double(Int(b.y) - Int(a.y)))
            return (dx * dx + dy * dy).squareRoot() / Double(Subpixels.perPixel)
        }
        guard let first = points.first, let last = points.last else { return 0 }
        return (1..<points.count).reduce(isClosed ? length(last, first) : 0) {
            $0 + length(points[$1 - 1], points[$1])
        }
    }
}
