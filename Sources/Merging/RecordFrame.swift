// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Accepted records on their way from the child that read them to the store:
/// packed one after the other, so that the parent binds them straight from the
/// frame's memory.
///
/// All integers are little-endian. A record is: row (u32), identity and content
/// hash (i64 each),
/// envelope (4 × f64), length of the geometry (u32) and the GeoPackage geometry,
/// length of the repair's words (u32) and the words, then the values, each a tag
/// (0 null, 1 integer, 2 real, 3 text) and its eight bytes, or a length (u32)
/// and UTF-8.
struct RecordFrameWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        count = 0
    }

    /// - Parameter key: positions of the values by which the feature is known; it
    ///   is known by its content when there are none, or all of them are empty.
    mutating func append(
        row: UInt32, geometry: [UInt8], envelope: Envelope, repair: String, values: [AttributeValue], key: [Int] = []
    ) {
        put(row)
        let hashOffset = bytes.count
        put(UInt64(0))
        put(UInt64(0))
        for ordinate in [envelope.minX, envelope.minY, envelope.maxX, envelope.maxY] { put(ordinate.bitPattern) }
        let geometryOffset = bytes.count
        put(UInt32(geometry.count))
        bytes.append(contentsOf: geometry)
        let repairOffset = bytes.count
        put(repair)
        let valuesOffset = bytes.count
        for value in values { put(value) }

        var content = ContentHash()
        bytes.withUnsafeBytes {
            content.combine(UnsafeRawBufferPointer(rebasing: $0[geometryOffset..<repairOffset]))
            content.combine(UnsafeRawBufferPointer(rebasing: $0[valuesOffset...]))
        }
        let identity = Self.identity(of: values, key: key) ?? content.value
        bytes.withUnsafeBytes { content.combine(UnsafeRawBufferPointer(rebasing: $0[repairOffset..<valuesOffset])) }
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: identity.littleEndian, toByteOffset: hashOffset, as: Int64.self)
            $0.storeBytes(of: content.value.littleEndian, toByteOffset: hashOffset + 8, as: Int64.self)
        }
        count += 1
    }

    /// A hash of the values by which a feature is known; nil when they say nothing.
    static func identity(of values: [AttributeValue], key: [Int]) -> Int64? {
        guard !key.isEmpty, key.contains(where: { !values[$0].isNull }) else { return nil }
        var writer = RecordFrameWriter()
        for position in key { writer.put(values[position]) }
        var hash = ContentHash()
        writer.bytes.withUnsafeBytes { hash.combine($0) }
        return hash.value
    }

    private mutating func put(_ value: AttributeValue) {
        switch value {
        case .null: bytes.append(0)
        case .boolean(let value):
            bytes.append(1)
            put(UInt64(value ? 1 : 0))
        case .integer(let value):
            bytes.append(1)
            put(UInt64(bitPattern: value))
        case .real(let value):
            bytes.append(2)
            put(value.bitPattern)
        case .text(let value):
            bytes.append(3)
            put(value)
        }
    }

    private mutating func put(_ text: String) {
        put(UInt32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func put<Word: FixedWidthInteger>(_ word: Word) {
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
}

/// Reads a frame of records. The child that wrote it may have been taken over by
/// the file that it read, so every length is checked.
struct RecordFrameReader {
    struct Header {
        var row: UInt32
        var identity: Int64
        var contentHash: Int64
        var envelope: Envelope
        var geometry: UnsafeRawBufferPointer
        var repair: UnsafeRawBufferPointer
    }

    enum Value {
        case null
        case integer(Int64)
        case real(Double)
        /// UTF-8, valid only as long as the frame is.
        case text(UnsafeRawBufferPointer)
    }

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// What was read between this state of the reader and a later one.
    func bytes(upTo later: RecordFrameReader) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[offset..<later.offset])
    }

    mutating func nextHeader() throws -> Header {
        Header(
            row: try word(), identity: try word(), contentHash: try word(),
            envelope: Envelope(minX: try double(), minY: try double(), maxX: try double(), maxY: try double()),
            geometry: try run(), repair: try run())
    }

    mutating func nextValue() throws -> Value {
        let tag: UInt8 = try word()
        switch tag {
        case 0: return .null
        case 1: return .integer(try word())
        case 2: return .real(try double())
        case 3: return .text(try run())
        default: throw damaged()
        }
    }

    private mutating func double() throws -> Double {
        Double(bitPattern: try word())
    }

    private mutating func run() throws -> UnsafeRawBufferPointer {
        let length: UInt32 = try word()
        guard Int(length) <= bytes.count - offset else { throw damaged() }
        defer { offset += Int(length) }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(length)])
    }

    private mutating func word<Word: FixedWidthInteger>() throws -> Word {
        guard MemoryLayout<Word>.size <= bytes.count - offset else { throw damaged() }
        defer { offset += MemoryLayout<Word>.size }
        return Word(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Word.self))
    }

    private func damaged() -> MergingError {
        MergingError(.sourceRefused, "The process that read the file answered with damaged records.")
    }
}
