// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation

/// The header of a `.dbf`, checked, and which of its records are there.
struct DBFTable {
    private struct Column {
        var offset: Int
        var count: Int
        var isText: Bool
    }

    private let bytes: UnsafeRawBufferPointer
    let recordCount: Int
    /// The byte that names the code page.
    let languageID: UInt8
    private let headerCount: Int
    private let recordBytes: Int
    private var names: [UnsafeRawBufferPointer] = []
    private var columns: [Column] = []

    /// Records that are looked at to find out the encoding of text, at most, from
    /// everywhere in the file.
    private static let sampledRecords = 20_000
    private static let sampledBytes = 32 << 20
    /// With fewer values beyond ASCII than these, all records are looked at.
    private static let leastValues = 50
    private static let inspectedBytes = 256 << 20

    /// - Throws: `FormatsError` when the header cannot be true.
    init(_ bytes: UnsafeRawBufferPointer, name: String, limits: DatasetLimits) throws {
        self.bytes = bytes
        func damaged(_ what: String) -> FormatsError {
            FormatsError(.damaged, "The .dbf of “\(name)” is damaged: \(what).")
        }
        guard bytes.count >= 32 else { throw damaged("it has \(bytes.count) bytes, fewer than its header") }
        recordCount = Int(bytes.little(UInt32.self, at: 4))
        headerCount = Int(bytes.little(UInt16.self, at: 8))
        recordBytes = Int(bytes.little(UInt16.self, at: 10))
        languageID = bytes[29]
        guard headerCount >= 32, headerCount <= bytes.count else {
            throw damaged("its header claims \(headerCount) bytes of \(bytes.count)")
        }
        guard recordBytes >= 1 else { throw damaged("its records have no length") }
        var offset = 32
        var column = 1
        while offset + 32 <= headerCount, bytes[offset] != 0x0D {
            let count = Int(bytes[offset + 16])
            let type = bytes[offset + 11]
            // Text may have more than 255 bytes; the second byte is elsewhere
            // the number of decimals.
            let isText = type == 0x43
            let width = isText ? count + Int(bytes[offset + 17]) << 8 : count
            guard column + width <= recordBytes else {
                throw damaged("field \(names.count + 1) reaches beyond the records, which have \(recordBytes) bytes")
            }
            let raw = bytes.part(from: offset, count: 11)
            let end = raw.firstIndex(of: 0) ?? raw.count
            names.append(UnsafeRawBufferPointer(rebasing: raw[..<end]))
            columns.append(Column(offset: column, count: width, isText: isText))
            column += width
            offset += 32
        }
        guard names.count <= limits.fields else {
            throw FormatsError(
                .tooLarge, "The .dbf of “\(name)” has more than \(limits.fields) fields, the most allowed.")
        }
    }

    /// How many whole records the file can hold.
    var heldCount: Int { (bytes.count - headerCount) / recordBytes }

    func isDeleted(_ row: Int) -> Bool {
        let offset = headerCount + row * recordBytes
        return offset < bytes.count && row < recordCount && bytes[offset] == 0x2A
    }

    /// The names of columns as they stand in the header.
    var columnNames: [[UInt8]] { names.map { Array($0) } }

    /// Texts of records from the whole of the file, for the verdict on their
    /// encoding; all of them where few are beyond ASCII.
    func sample() -> TextSample {
        let rows = min(recordCount, heldCount)
        let some = min(rows, Self.sampledRecords, Self.sampledBytes / recordBytes)
        var found = sample(some, of: rows)
        if some < rows, found.valuesLookedAt < Self.leastValues {
            found = sample(min(rows, Self.inspectedBytes / recordBytes), of: rows)
        }
        return found
    }

    private func sample(_ count: Int, of rows: Int) -> TextSample {
        var sample = TextSample(columns: columnNames)
        sample.recordsLookedAt = count
        sample.recordCount = rows
        let texts = columns.indices.filter { columns[$0].isText }
        guard !texts.isEmpty, count > 0 else { return sample }
        for number in 0..<count {
            let start = headerCount + number * rows / count * recordBytes
            let record = bytes.part(from: start, count: recordBytes)
            if record.isASCII { continue }
            for index in texts {
                let column = columns[index]
                let cell = record.part(from: column.offset, count: column.count)
                let end = (cell.lastIndex { $0 != 0x20 && $0 != 0 } ?? -1) + 1
                sample.look(
                    at: UnsafeRawBufferPointer(rebasing: cell[..<end]), column: index, isFull: end == column.count)
            }
        }
        return sample
    }
}
