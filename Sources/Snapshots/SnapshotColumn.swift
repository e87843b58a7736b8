// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// One attribute of all rows of a snapshot, coded by a dictionary of its
/// distinct values.
///
/// Code 0 is null; 1 to `distinctCount` are values, in no particular order.
/// Evaluate a style once for each code, not for each feature. Any number of
/// threads may read at once.
public final class SnapshotColumn: @unchecked Sendable {
    // Unchecked because of the pointers; the bytes behind them are never
    // written.

    public let field: Field
    /// How many different values there are, null not counted.
    public let distinctCount: Int
    @usableFromInline let rowCount: Int
    /// The bytes of a code: 1, 2 or 4.
    @usableFromInline let codeSize: Int
    @usableFromInline let codes: UnsafeRawPointer?
    private let dictionary: UnsafeRawBufferPointer
    private let text: UnsafeRawBufferPointer
    private let file: MappedFile

    init(
        field: Field, rowCount: Int, codeSize: Int, codes: UnsafeRawPointer?, dictionary: UnsafeRawBufferPointer,
        text: UnsafeRawBufferPointer, file: MappedFile
    ) {
        self.field = field
        self.rowCount = rowCount
        self.codeSize = codeSize
        self.codes = codes
        self.dictionary = dictionary
        self.text = text
        self.file = file
        distinctCount = dictionary.count / 16
    }

    /// The code of a row's value; 0 (null) beyond the last row.
    @inlinable
    public func code(row: Int) -> Int {
        guard let codes, row >= 0, row < rowCount else { return 0 }
        let code: Int
        switch codeSize {
        case 1: code = Int(codes.load(fromByteOffset: row, as: UInt8.self))
        case 2: code = Int(UInt16(littleEndian: codes.load(fromByteOffset: 2 * row, as: UInt16.self)))
        default: code = Int(UInt32(littleEndian: codes.load(fromByteOffset: 4 * row, as: UInt32.self)))
        }
        return code <= distinctCount ? code : 0
    }

    /// The value that a code stands for; null for codes that there are not.
    public func value(code: Int) -> AttributeValue {
        guard let (tag, payload) = entry(code) else { return .null }
        switch tag {
        case .boolean: return .boolean(payload != 0)
        case .integer: return .integer(Int64(bitPattern: payload))
        case .real: return .real(Double(bitPattern: payload))
        case .text: return utf8(code: code).map { .text(String(decoding: $0, as: UTF8.self)) } ?? .null
        }
    }

    /// The value of a row, null where it has none or the row is not there.
    public func value(row: Int) -> AttributeValue { value(code: code(row: row)) }

    /// The value as a number, when it is one.
    public func number(code: Int) -> Double? {
        guard let (tag, payload) = entry(code) else { return nil }
        return switch tag {
        case .integer: Double(Int64(bitPattern: payload))
        case .real: Double(bitPattern: payload)
        case .boolean, .text: nil
        }
    }

    /// The UTF-8 of a text where it lies in the file; nil when the value is no
    /// text. Use it only while you hold the column.
    public func utf8(code: Int) -> UnsafeRawBufferPointer? {
        guard let (tag, payload) = entry(code), tag == .text else { return nil }
        let length = Int(
            UInt32(littleEndian: dictionary.load(fromByteOffset: 16 * (code - 1) + 4, as: UInt32.self)))
        guard payload <= UInt64(text.count), length <= text.count - Int(payload) else { return nil }
        return UnsafeRawBufferPointer(rebasing: text[Int(payload)..<(Int(payload) + length)])
    }

    private func entry(_ code: Int) -> (SnapshotFormat.ValueTag, UInt64)? {
        guard code > 0, code <= distinctCount else { return nil }
        let offset = 16 * (code - 1)
        let number = UInt32(littleEndian: dictionary.load(fromByteOffset: offset, as: UInt32.self))
        guard let tag = SnapshotFormat.ValueTag(rawValue: number) else { return nil }
        return (tag, UInt64(littleEndian: dictionary.load(fromByteOffset: offset + 8, as: UInt64.self)))
    }
}
