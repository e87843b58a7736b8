// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension Pixmap {
    /// Lays another picture of the same size over this one with an opacity
    /// between 0 and 1. A picture of another size changes nothing.
    public mutating func draw(_ other: Pixmap, opacity: Double = 1) {
        guard width == other.width, height == other.height, opacity > 0 else { return }
        for index in pixels.indices {
            let source = PremultipliedColor(packed: other.pixels[index]).withOpacity(opacity).packed
            if source == 0 { continue }
            let rest = 255 - source >> 24
            var result: UInt32 = 0
            for shift in [0, 8, 16, 24] as [UInt32] {
                let old = ByteFraction.product(pixels[index] >> shift & 255, rest)
                result |= ((source >> shift & 255) + old) << shift
            }
            pixels[index] = result
        }
    }
}
