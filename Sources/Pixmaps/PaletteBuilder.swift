// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Collects the colours of a picture as long as there are at most 256.
///
/// An open-addressed table of 1,024 slots, so that it is at most a quarter full.
struct PaletteBuilder {
    private static let slotCount = 1024

    /// The colours in order of first appearance.
    private(set) var colors: [PremultipliedColor] = []
    private var slotColors = [UInt32](repeating: 0, count: slotCount)
    /// The position in `colors`, or −1 for a free slot.
    private var slotIndexes = [Int16](repeating: -1, count: slotCount)

    /// The least of 1, 2, 4 and 8 that numbers the colours.
    var bitsPerPixel: Int {
        switch colors.count {
        case ...2: 1
        case ...4: 2
        case ...16: 4
        default: 8
        }
    }

    /// Makes a palette of one colour.
    mutating func collectOnly(_ color: PremultipliedColor) {
        colors = [color]
    }

    /// Collects the colours of all pixels; false, and of no further use, when
    /// there are more than 256.
    ///
    /// - Complexity: O(*n*) in pixels, cut short at the 257th colour.
    mutating func collect(_ pixels: UnsafeBufferPointer<UInt32>) -> Bool {
        colors.removeAll(keepingCapacity: true)
        slotIndexes.withUnsafeMutableBufferPointer { $0.update(repeating: -1) }
        guard var previous = pixels.first else { return true }
        insert(previous)
        for pixel in pixels where pixel != previous {
            previous = pixel
            if !insert(pixel) { return false }
        }
        return true
    }

    /// Writes a row of positions in the palette, the leftmost pixel in the
    /// highest bits of the first byte.
    func writeRow(_ source: UnsafeBufferPointer<UInt32>, bits: Int, to target: UnsafeMutableBufferPointer<UInt8>) {
        let pixelsPerByte = 8 / bits
        guard var previous = source.first else { return }
        var previousIndex = index(of: previous)
        if bits == 8 {
            for column in target.indices {
                if source[column] != previous {
                    previous = source[column]
                    previousIndex = index(of: previous)
                }
                target[column] = previousIndex
            }
            return
        }
        var column = 0
        for position in target.indices {
            var byte: UInt8 = 0
            for slot in 0..<pixelsPerByte where column < source.count {
                if source[column] != previous {
                    previous = source[column]
                    previousIndex = index(of: previous)
                }
                byte |= previousIndex << UInt8(8 - bits * (slot + 1))
                column += 1
            }
            target[position] = byte
        }
    }

    @inline(__always)
    private static func slot(of color: UInt32) -> Int {
        // The top ten bits of a multiplicative hash.
        Int((color &* 0x9E37_79B1) >> 22)
    }

    @discardableResult
    private mutating func insert(_ color: UInt32) -> Bool {
        var slot = Self.slot(of: color)
        while slotIndexes[slot] >= 0 {
            if slotColors[slot] == color { return true }
            slot = (slot + 1) % Self.slotCount
        }
        guard colors.count < 256 else { return false }
        slotColors[slot] = color
        slotIndexes[slot] = Int16(colors.count)
        colors.append(PremultipliedColor(packed: color))
        return true
    }

    @inline(__always)
    private func index(of color: UInt32) -> UInt8 {
        var slot = Self.slot(of: color)
        while slotColors[slot] != color || slotIndexes[slot] < 0 { slot = (slot + 1) % Self.slotCount }
        return UInt8(slotIndexes[slot])
    }
}
