// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

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

    /// Text that is looked at to find out its encoding, at most.
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

    /// Looks at names and texts to find out their encoding.
    func detection() -> EncodingDetection {
        var detection = EncodingDetection()
        for name in names { detection.look(at: Self.withoutCutTail(name, width: 10)) }
        let texts = columns.filter(\.isText)
        let rows = min(recordCount, heldCount, Self.inspectedBytes / recordBytes)
        guard !texts.isEmpty, rows > 0 else { return detection }
        for row in 0..<rows {
            let start = headerCount + row * recordBytes
            let record = bytes.part(from: start, count: recordBytes)
            if record.isASCII { continue }
            for column in texts {
                let cell = record.part(from: column.offset, count: column.count)
                let end = (cell.lastIndex { $0 != 0x20 && $0 != 0 } ?? -1) + 1
                let value = UnsafeRawBufferPointer(rebasing: cell[..<end])
                detection.look(at: Self.withoutCutTail(value, width: column.count))
            }
        }
        return detection
    }

    /// A value that fills its column may have lost the rest of its last
    /// character; that must not speak against UTF-8.
    private static func withoutCutTail(_ bytes: UnsafeRawBufferPointer, width: Int) -> UnsafeRawBufferPointer {
        guard bytes.count + 2 >= width else { return bytes }
        for dropped in 1...3 where dropped < bytes.count {
            let lead = bytes[bytes.count - dropped]
            if lead & 0xC0 == 0x80 { continue }
            let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
            let kept = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - dropped)])
            return length > dropped && kept.isWellFormedUTF8 && !kept.isASCII ? kept : bytes
        }
        return bytes
    }
}
