// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// How much two pictures of one size differ, counted over red, green, blue and
/// alpha alike.
public struct PixmapDifference: Hashable, Sendable {
    /// Pixels in which a channel differs by more than the tolerance.
    public var differingPixels: Int
    /// The largest difference of any channel of any pixel, 0 … 255.
    public var largestDifference: Int
    /// The first differing pixel in reading order.
    public var firstDifference: (x: Int, y: Int)? {
        firstIndex.map { ($0 % width, $0 / width) }
    }
    var firstIndex: Int?
    var width: Int
}

extension Pixmap {
    /// Compares with another picture, channel by channel, alpha included.
    ///
    /// - Parameter tolerance: a channel may differ by this much, 0 … 255.
    /// - Returns: nil when the sizes differ.
    public func difference(from other: Pixmap, tolerance: Int = 0) -> PixmapDifference? {
        guard width == other.width, height == other.height else { return nil }
        var result = PixmapDifference(differingPixels: 0, largestDifference: 0, firstIndex: nil, width: width)
        for index in pixels.indices where pixels[index] != other.pixels[index] {
            var worst = 0
            for shift in [0, 8, 16, 24] as [UInt32] {
                let ours = Int(pixels[index] >> shift & 255)
                let theirs = Int(other.pixels[index] >> shift & 255)
                worst = max(worst, abs(ours - theirs))
            }
            result.largestDifference = max(result.largestDifference, worst)
            guard worst > tolerance else { continue }
            result.differingPixels += 1
            if result.firstIndex == nil { result.firstIndex = index }
        }
        return result
    }

    /// A picture of where two pictures of one size differ: the share of each
    /// channel, opaque, brightened so that one level is visible; white where
    /// only alpha differs. Nil when the sizes differ.
    public func differencePicture(from other: Pixmap) -> Pixmap? {
        guard width == other.width, height == other.height else { return nil }
        var result = Pixmap(width: width, height: height, color: .black)
        for index in pixels.indices where pixels[index] != other.pixels[index] {
            func level(_ shift: UInt32) -> UInt8 {
                let distance = abs(Int(pixels[index] >> shift & 255) - Int(other.pixels[index] >> shift & 255))
                return distance == 0 ? 0 : UInt8(min(255, 63 + distance))
            }
            let color =
                (pixels[index] ^ other.pixels[index]) & 0x00FF_FFFF == 0
                ? PremultipliedColor.white
                : PremultipliedColor(straightRed: level(0), green: level(8), blue: level(16))
            result.pixels[index] = color.packed
        }
        return result
    }
}
