// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Searches the bytes that `PackedHilbertTree` builds, where they lie: in an
/// array or in a mapped file.
///
/// The view does not own the bytes; they must outlive it. Searching allocates
/// nothing. Damaged bytes give wrong answers, never a trap or a read outside.
public struct PackedHilbertTreeView: @unchecked Sendable {
    // Unchecked because of the pointer; the bytes behind it are never written.

    /// 16 boxes a node: nine levels hold 2^32 items.
    @usableFromInline typealias Levels = InlineArray<10, Int>

    @usableFromInline let boxes: UnsafeRawPointer?
    @usableFromInline let numbers: UnsafeRawPointer?
    /// How many items there are.
    public let count: Int
    @usableFromInline let levelCount: Int
    /// The position of each level's first box.
    @usableFromInline let starts: Levels
    @usableFromInline let counts: Levels

    /// Reads the header and compares the sizes.
    ///
    /// Returns nil when the bytes are no such tree or too few.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= PackedHilbertTree.headerCount else { return nil }
        func word(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        let flags = word(12)
        guard word(0) == PackedHilbertTree.magic, word(4) == UInt32(PackedHilbertTree.nodeSize), flags <= 1 else {
            return nil
        }
        count = Int(word(8))
        let levels = PackedHilbertTree.levelCounts(items: count)
        let boxCount = levels.reduce(0, +)
        let numberOffset = PackedHilbertTree.headerCount + boxCount * 16
        guard bytes.count >= numberOffset + (flags == 1 ? 4 * count : 0) else { return nil }
        levelCount = levels.count
        var starts = Levels(repeating: 0)
        var counts = Levels(repeating: 0)
        var start = 0
        for (level, count) in levels.enumerated() {
            starts[level] = start
            counts[level] = count
            start += count
        }
        self.starts = starts
        self.counts = counts
        boxes = bytes.baseAddress.map { $0 + PackedHilbertTree.headerCount }
        numbers = flags == 1 ? bytes.baseAddress.map { $0 + numberOffset } : nil
    }

    /// The box of the whole tree; empty when there are no items.
    public var envelope: GridBox {
        levelCount == 0 ? .empty : box(starts[levelCount - 1])
    }

    /// The box of the item at a position of the tree, counted along the Hilbert
    /// curve. Outside `0..<count` the empty box.
    @inlinable
    public func itemBox(_ position: Int) -> GridBox {
        position >= 0 && position < count ? box(position) : .empty
    }

    /// Calls `visit` with the number of each item whose box meets `query`,
    /// borders included, along the Hilbert curve, until it returns false.
    ///
    /// - Returns: whether the search came to its end.
    /// - Complexity: O(log *n* + hits) for boxes that overlap little.
    @inlinable
    @discardableResult
    public func search(_ query: GridBox, _ visit: (Int) throws -> Bool) rethrows -> Bool {
        guard levelCount > 0 else { return true }
        var next = Levels(repeating: 0)
        var end = Levels(repeating: 0)
        let top = levelCount - 1
        end[top] = 1
        var level = top
        while level <= top {
            let position = next[level]
            guard position < end[level] else {
                level += 1
                continue
            }
            next[level] = position + 1
            guard box(starts[level] + position).intersects(query) else { continue }
            if level == 0 {
                if try !visit(number(position)) { return false }
            } else {
                level -= 1
                next[level] = position * 16
                end[level] = min(position * 16 + 16, counts[level])
            }
        }
        return true
    }

    /// The caller keeps the position within the boxes, whose number was compared
    /// with the size of the bytes.
    @usableFromInline
    @inline(__always)
    func box(_ position: Int) -> GridBox {
        guard let boxes else { return .empty }
        let words = (boxes + position * 16).loadUnaligned(as: SIMD4<Int32>.self)
        return GridBox(
            minX: Int32(littleEndian: words.x), minY: Int32(littleEndian: words.y),
            maxX: Int32(littleEndian: words.z), maxY: Int32(littleEndian: words.w))
    }

    @usableFromInline
    @inline(__always)
    func number(_ position: Int) -> Int {
        guard let numbers else { return position }
        return Int(UInt32(littleEndian: (numbers + position * 4).loadUnaligned(as: UInt32.self)))
    }
}
