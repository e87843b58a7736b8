// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The Hilbert curve through a square grid: near on the curve is near in the
/// plane. It starts in (0, 0), and goes on to (0, 1), (1, 1), (1, 0) at order 1.
public enum HilbertCurve {
    /// The number of a cell along the curve through a grid of 2^`order` cells a
    /// side.
    ///
    /// - Parameters:
    ///   - x: The column; only the lowest `order` bits count.
    ///   - y: The row; only the lowest `order` bits count.
    ///   - order: 0 to 32; anything else is taken as the nearer of the two.
    /// - Complexity: O(`order`).
    @inlinable
    public static func index(x: UInt32, y: UInt32, order: Int = 32) -> UInt64 {
        var index: UInt64 = 0
        // How the square that we are in is turned: mirrored through its centre,
        // and with x and y exchanged.
        var mirrored: UInt32 = 0
        var exchanged: UInt32 = 0
        var bit = min(max(order, 0), 32)
        while bit > 0 {
            bit -= 1
            let rawX = (x >> UInt32(truncatingIfNeeded: bit) & 1) ^ mirrored
            let rawY = (y >> UInt32(truncatingIfNeeded: bit) & 1) ^ mirrored
            let difference = (rawX ^ rawY) & exchanged
            let localX = rawX ^ difference
            let localY = rawY ^ difference
            index = index << 2 | UInt64((localX &* 3) ^ localY)
            let isLower = 1 ^ localY
            mirrored ^= isLower & localX
            exchanged ^= isLower
        }
        return index
    }

    /// The cell with a number: the inverse of `index(x:y:order:)`.
    ///
    /// - Complexity: O(`order`).
    public static func cell(at index: UInt64, order: Int = 32) -> (x: UInt32, y: UInt32) {
        var x: UInt32 = 0
        var y: UInt32 = 0
        var mirrored: UInt32 = 0
        var exchanged: UInt32 = 0
        var bit = min(max(order, 0), 32)
        while bit > 0 {
            bit -= 1
            let digit = UInt32(truncatingIfNeeded: index >> UInt64(2 * bit) & 3)
            let localX = digit >> 1
            let localY = (digit ^ localX &* 3) & 1
            let difference = (localX ^ localY) & exchanged
            x = x << 1 | (localX ^ difference ^ mirrored)
            y = y << 1 | (localY ^ difference ^ mirrored)
            let isLower = 1 ^ localY
            mirrored ^= isLower & localX
            exchanged ^= isLower
        }
        return (x, y)
    }
}
