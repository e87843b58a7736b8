// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The shape of a glyph in ems: x to the right from the glyph's origin, y
/// **down** from the baseline. To be filled non-zero; outer contours run
/// clockwise as seen on a screen.
public struct GlyphOutline: Sendable {
    /// One step of the pen; every contour ends where it began.
    public enum Step: Sendable {
        case move(SIMD2<Double>)
        case line(SIMD2<Double>)
        /// A quadratic curve with its control point.
        case quadratic(SIMD2<Double>, to: SIMD2<Double>)
        /// A cubic curve with its control points.
        case cubic(SIMD2<Double>, SIMD2<Double>, to: SIMD2<Double>)
    }

    public internal(set) var steps: [Step] = []
    /// False where outer contours run the other way.
    public internal(set) var isClockwise = true

    /// Calls `move` and `line` with the outline as straight lines.
    ///
    /// - Parameter tolerance: how far a line may lie from its curve, in ems.
    public func flatten(
        tolerance: Double, move: (SIMD2<Double>) -> Void, line: (SIMD2<Double>) -> Void
    ) {
        var current = SIMD2<Double>.zero
        for step in steps {
            switch step {
            case .move(let end):
                move(end)
                current = end
            case .line(let end):
                line(end)
                current = end
            case .quadratic(let control, let end):
                let (start, bend) = (current, current - 2 * control + end)
                let count = Self.pieces(bend, 0.25, tolerance)
                for index in 1...count {
                    let t = Double(index) / Double(count)
                    line(start + 2 * t * (control - start) + t * t * bend)
                }
                current = end
            case .cubic(let first, let second, let end):
                let start = current
                let a = start - 2 * first + second
                let b = first - 2 * second + end
                let count = Self.pieces(Self.length(a) > Self.length(b) ? a : b, 0.75, tolerance)
                for index in 1...count {
                    let t = Double(index) / Double(count)
                    let u = 1 - t
                    line(u * u * u * start + 3 * u * u * t * first + 3 * u * t * t * second + t * t * t * end)
                }
                current = end
            }
        }
    }

    /// Into how many lines a curve is cut whose second difference is `bend`.
    private static func pieces(_ bend: SIMD2<Double>, _ factor: Double, _ tolerance: Double) -> Int {
        let ratio = factor * length(bend) / max(tolerance, 1e-6)
        return min(max(1, Int(ratio.squareRoot().rounded(.up))), 32)
    }

    private static func length(_ vector: SIMD2<Double>) -> Double { (vector * vector).sum().squareRoot() }
}
