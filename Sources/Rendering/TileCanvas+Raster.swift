// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps

/// Half of a picture's quadrilateral, on which its pixels lie evenly.
private struct RasterTriangle {
    /// Pixels of the image for pixels of the screen: u = ux·x + uy·y + u0.
    private let u: SIMD3<Double>
    private let v: SIMD3<Double>
    private let isUpper: Bool

    /// The corners are those of the picture's `origin`, and of the next along its
    /// rows and along its columns. Nil when they lie on a line.
    init?(origin: SIMD2<Double>, row: SIMD2<Double>, column: SIMD2<Double>, isUpper: Bool) {
        let (a, b) = (row - origin, column - origin)
        let area = a.x * b.y - a.y * b.x
        guard abs(area) > 1e-9 else { return nil }
        var u = SIMD3(b.y, -b.x, b.x * origin.y - b.y * origin.x) / area
        var v = SIMD3(-a.y, a.x, a.y * origin.x - a.x * origin.y) / area
        if !isUpper {
            (u, v) = (-u, -v)
            u.z += 1
            v.z += 1
        }
        (self.u, self.v, self.isUpper) = (u, v, isUpper)
    }

    /// The place in the picture, 0 … 1, of the middle of a pixel; nil outside.
    @inline(__always)
    func place(_ x: Double, _ y: Double) -> (Double, Double)? {
        let place = (u.x * x + u.y * y + u.z, v.x * x + v.y * y + v.z)
        let isInside =
            isUpper
            ? place.0 >= 0 && place.1 >= 0 && place.0 + place.1 <= 1
            : place.0 < 1 && place.1 < 1 && place.0 + place.1 > 1
        return isInside ? place : nil
    }
}

extension TileCanvas {
    /// Draws a picture into a quadrilateral, with hard edges, as browsers do.
    ///
    /// - Parameters:
    ///   - corners: upper left, upper right, lower right and lower left, in
    ///     pixels of the canvas.
    ///   - covered: the pixels on which pictures above this one lie, by rows;
    ///     they are left alone.
    func draw(_ picture: Pixmap, corners: [SIMD2<Double>], _ paint: RasterPaint, covered: inout [Bool]) {
        guard picture.width > 0, picture.height > 0 else { return }
        let sampler = PixmapSampler(picture, wraps: false)
        let size = SIMD2(Double(picture.width), Double(picture.height))
        let triangles = [
            RasterTriangle(origin: corners[0], row: corners[1], column: corners[3], isUpper: true),
            RasterTriangle(origin: corners[2], row: corners[3], column: corners[1], isUpper: false),
        ].compactMap { $0 }
        func range(_ values: [Double], _ limit: Int) -> Range<Int> {
            let low = min(max(values.min() ?? 0, 0), Double(limit))
            let high = min(max(values.max() ?? 0, low), Double(limit))
            return Int(low)..<Int(high.rounded(.up))
        }
        let columns = range(corners.map(\.x), width)
        for y in range(corners.map(\.y), height) {
            for x in columns where !covered[y * width + x] {
                let middle = (Double(x) + 0.5, Double(y) + 0.5)
                guard let place = triangles.lazy.compactMap({ $0.place(middle.0, middle.1) }).first else { continue }
                covered[y * width + x] = true
                let (u, v) = (place.0 * size.x, place.1 * size.y)
                let color = paint.color(paint.isNearest ? sampler.nearest(u, v) : sampler.linear(u, v))
                pixmap[x, y] = PremultipliedColor(packed: color).over(pixmap[x, y])
            }
        }
    }
}
