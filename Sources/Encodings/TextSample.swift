// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Values of a delivery that are not plain ASCII: a bounded choice that does not
/// depend on their order.
///
/// Each column keeps the distinct values whose hashes are smallest, so that values
/// from everywhere have their chance, and a street's name that stands in a thousand
/// records counts once.
public struct TextSample: Sendable {
    struct Value: Hashable {
        var bytes: [UInt8]
        /// Whether it fills its column, so that the end may be cut off.
        var isFull: Bool
    }

    struct Column {
        var name: [UInt8]
        var values: [(hash: UInt64, value: Value)] = []
        /// Values beyond ASCII that were looked at, equal ones too.
        var looked = 0
        /// Larger hashes need not be kept any more.
        var ceiling = UInt64.max

        mutating func take(_ bytes: UnsafeRawBufferPointer, isFull: Bool) {
            looked += 1
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            // Short texts that differ in their last byte would lie side by side.
            hash = (hash ^ (hash >> 32)) &* 0x9E37_79B9_7F4A_7C15
            guard hash <= ceiling else { return }
            values.append((hash, Value(bytes: Array(bytes), isFull: isFull)))
            if values.count >= 4 * TextSample.mostValues { cut() }
        }

        mutating func cut() {
            values.sort { $0.hash < $1.hash }
            var kept: [(hash: UInt64, value: Value)] = []
            for entry in values where kept.last?.hash != entry.hash {
                kept.append(entry)
                if kept.count == TextSample.mostValues { break }
            }
            values = kept
            if kept.count == TextSample.mostValues, let last = kept.last { ceiling = last.hash }
        }
    }

    /// Distinct values that a column keeps.
    static let mostValues = 96
    /// Bytes of one value that are looked at; text is cut there as a field of
    /// fixed width may cut it.
    static let mostBytes = 240

    private(set) var columns: [Column]
    /// Names of columns and layers.
    private(set) var names = Column(name: [])
    /// How many records were looked at, and how many there are; nil where nobody
    /// counted.
    public var recordsLookedAt = 0
    public var recordCount: Int?

    /// - Parameter columns: names as they stand in the file.
    public init(columns: [[UInt8]] = [[]]) {
        self.columns = columns.map { Column(name: $0) }
        for name in columns {
            name.withUnsafeBytes { if !$0.isASCII { names.take($0, isFull: true) } }
        }
    }

    /// Looks at one value; plain ASCII is passed over.
    ///
    /// - Parameters:
    ///   - column: a position in the columns that were given.
    ///   - isFull: whether the value fills a field of fixed width.
    public mutating func look(at bytes: UnsafeRawBufferPointer, column: Int = 0, isFull: Bool = false) {
        guard !bytes.isASCII, columns.indices.contains(column) else { return }
        let isLong = bytes.count > Self.mostBytes
        let kept = isLong ? UnsafeRawBufferPointer(rebasing: bytes[..<Self.mostBytes]) : bytes
        columns[column].take(kept, isFull: isFull || isLong)
    }

    /// Looks at the name of a layer or of whatever else is no value.
    public mutating func look(atName bytes: UnsafeRawBufferPointer) {
        guard !bytes.isASCII else { return }
        names.take(UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.mostBytes)), isFull: true)
    }

    /// Values beyond ASCII that were looked at.
    public var valuesLookedAt: Int { columns.reduce(0) { $0 + $1.looked } }

    mutating func finish() {
        names.cut()
        for index in columns.indices { columns[index].cut() }
    }
}
