// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import Rasterizing

/// What a circle is drawn with, in pixels of the picture.
struct CirclePaint {
    var radius: Double
    var color: PremultipliedColor
    /// Over what share of the whole radius the edge fades; at least one pixel.
    var blur: Double
    var strokeWidth: Double
    var strokeColor: PremultipliedColor

    var outerRadius: Double { radius + strokeWidth }
}

extension TileCanvas {
    /// Draws a circle pixel by pixel, with the edges that MapLibre's shader
    /// gives it: they fade inwards.
    func drawCircle(_ center: SubpixelPoint, _ paint: CirclePaint) {
        let outer = paint.outerRadius
        guard outer > 0 else { return }
        let unit = Double(Subpixels.perPixel)
        let blur = max(paint.blur, 1 / outer)
        let inner = paint.radius / outer
        let fill = SIMD4(paint.color)
        let stroke = SIMD4(paint.strokeColor)
        func range(_ center: Int32, _ limit: Int) -> Range<Int> {
            let low = max(0, Int((Double(center) / unit - outer).rounded(.down)))
            return low..<max(low, min(limit, Int((Double(center) / unit + outer).rounded(.up))))
        }
        let columns = range(center.x, width)
        let rows = range(center.y, height)
        pixmap.withUnsafeMutablePixels { pixels in
            for row in rows {
                let dy = Double(row * Subpixels.perPixel + Subpixels.perPixel / 2 - Int(center.y)) / unit
                for column in columns {
                    let dx = Double(column * Subpixels.perPixel + Subpixels.perPixel / 2 - Int(center.x)) / unit
                    let square = dx * dx + dy * dy
                    if square >= outer * outer { continue }
                    let length = square.squareRoot() / outer
                    var color = fill
                    if paint.strokeWidth >= 0.01 {
                        color += (stroke - fill) * Self.smooth((length - inner + blur) / blur)
                    }
                    color *= Self.smooth((1 - length) / blur)
                    let index = row * width + column
                    pixels[index] = color.packed.over(PremultipliedColor(packed: pixels[index])).packed
                }
            }
        }
    }

    /// From 0 to 1 without corners.
    @inline(__always)
    private static func smooth(_ value: Double) -> Double {
        let share = min(max(value, 0), 1)
        return share * share * (3 - 2 * share)
    }
}

extension SIMD4<Double> {
    /// The premultiplied channels, 0 … 255.
    init(_ color: PremultipliedColor) {
        self.init(Double(color.red), Double(color.green), Double(color.blue), Double(color.alpha))
    }

    /// The nearest colour.
    @inline(__always)
    var packed: PremultipliedColor {
        let bytes = SIMD4<UInt32>(self + 0.5)
        return PremultipliedColor(packed: bytes.x | bytes.y << 8 | bytes.z << 16 | bytes.w << 24)
    }
}
