// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Builds a packed R-tree over boxes: made once, searched where it lies.
///
/// The bytes, all little endian:
///
///     offset  size
///          0     4  "MHT1"
///          4     4  node size: 16
///          8     4  number of items, n
///         12     4  1 when item numbers follow the boxes, else 0
///         16     …  boxes of level 0 (the items), then of level 1, …, up to the
///                   one box of the root; 16 bytes each, see GridBox
///          …   4·n  the number of each item, when there are numbers
///
/// Level *k* + 1 has one box for each 16 boxes of level *k*, the last one for
/// what is left. No level is stored for zero items; one item is its own root.
/// Nothing points anywhere, so damaged bytes can give wrong boxes but never a
/// wrong address.
public enum PackedHilbertTree {
    /// How many boxes a node holds.
    public static let nodeSize = 16

    static let magic: UInt32 = 0x3154_484D
    static let headerCount = 16

    /// The permutation of boxes along the Hilbert curve, by their middles; equal
    /// ones keep their order.
    ///
    /// - Complexity: O(*n*).
    public static func order(of boxes: [GridBox]) -> [UInt32] {
        HilbertOrder.permutation(sorting: boxes.map(\.hilbertIndex))
    }

    /// A tree whose searches give the position of a box in `boxes`, whatever
    /// their order was.
    ///
    /// - Complexity: O(*n*).
    public static func build(_ boxes: [GridBox]) -> [UInt8] {
        let order = order(of: boxes)
        return bytes(boxes: order.map { boxes[Int($0)] }, numbers: order)
    }

    /// A tree over boxes that lie in a good order already. Searches give their
    /// positions, in rising order.
    ///
    /// - Complexity: O(*n*).
    public static func build(sorted boxes: [GridBox]) -> [UInt8] {
        bytes(boxes: boxes, numbers: nil)
    }

    /// How many boxes each level has, items first.
    static func levelCounts(items: Int) -> [Int] {
        guard items > 0 else { return [] }
        var counts = [items]
        var count = items
        while count > 1 {
            count = (count + nodeSize - 1) / nodeSize
            counts.append(count)
        }
        return counts
    }

    private static func bytes(boxes: [GridBox], numbers: [UInt32]?) -> [UInt8] {
        let counts = levelCounts(items: boxes.count)
        let boxCount = counts.reduce(0, +)
        let total = headerCount + boxCount * 16 + (numbers?.count ?? 0) * 4
        return [UInt8](unsafeUninitializedCapacity: total) { buffer, initialized in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            var offset = 0
            func store(_ value: UInt32) {
                raw.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
                offset += 4
            }
            func store(_ box: GridBox) {
                store(UInt32(bitPattern: box.minX))
                store(UInt32(bitPattern: box.minY))
                store(UInt32(bitPattern: box.maxX))
                store(UInt32(bitPattern: box.maxY))
            }
            store(magic)
            store(UInt32(nodeSize))
            store(UInt32(truncatingIfNeeded: boxes.count))
            store(numbers == nil ? 0 : 1)
            for box in boxes { store(box) }
            var level = boxes
            for _ in counts.dropFirst() {
                var parents: [GridBox] = []
                parents.reserveCapacity((level.count + nodeSize - 1) / nodeSize)
                for start in stride(from: 0, to: level.count, by: nodeSize) {
                    var parent = GridBox.empty
                    for box in level[start..<min(start + nodeSize, level.count)] { parent.expand(toContain: box) }
                    parents.append(parent)
                    store(parent)
                }
                level = parents
            }
            for number in numbers ?? [] { store(number) }
            initialized = offset
        }
    }
}
