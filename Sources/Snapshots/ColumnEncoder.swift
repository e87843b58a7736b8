// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Collects the values of one column and gives each distinct one a code.
///
/// Values are the same when their bytes are: texts that only look alike stay
/// apart, and so do 0.0 and −0.0.
struct ColumnEncoder {
    private struct Entry {
        var tag: UInt32
        var length: UInt32
        /// The value's bits, or the offset of the text.
        var payload: UInt64
    }

    /// For each feature, by the order of input; 0 is null.
    private var codes: [UInt32] = []
    private var entries: [Entry] = []
    private var text: [UInt8] = []
    /// Open addressing: codes, 0 where a slot is free. A power of two in size.
    private var slots = [UInt32](repeating: 0, count: 64)

    mutating func append(_ value: AttributeValue) {
        let code: UInt32
        switch value {
        case .null: code = 0
        case .boolean(let value): code = self.code(.boolean, value ? 1 : 0)
        case .integer(let value): code = self.code(.integer, UInt64(bitPattern: value))
        case .real(let value): code = self.code(.real, value.bitPattern)
        case .text(var value): code = value.withUTF8 { self.code(text: $0) }
        }
        codes.append(code)
    }

    /// Writes the column for rows in their final order. Codes are given anew in
    /// that order, so that they do not depend on the order of input.
    ///
    /// - Parameter rows: For each row the number of the feature.
    func write(to file: SnapshotFileWriter, number: Int, rows: [UInt32]) throws(SnapshotsError) {
        var newCodes = [UInt32](repeating: 0, count: entries.count + 1)
        var dictionary: [UInt8] = []
        dictionary.reserveCapacity(16 * entries.count)
        var newText: [UInt8] = []
        newText.reserveCapacity(text.count)
        var next: UInt32 = 1
        var coded: [UInt32] = []
        coded.reserveCapacity(rows.count)
        for row in rows {
            let old = Int(codes[Int(row)])
            if old > 0 && newCodes[old] == 0 {
                newCodes[old] = next
                next += 1
                var entry = entries[old - 1]
                if entry.tag == SnapshotFormat.ValueTag.text.rawValue {
                    let start = Int(entry.payload)
                    entry.payload = UInt64(newText.count)
                    newText.append(contentsOf: text[start..<(start + Int(entry.length))])
                }
                withUnsafeBytes(of: entry.tag.littleEndian) { dictionary.append(contentsOf: $0) }
                withUnsafeBytes(of: entry.length.littleEndian) { dictionary.append(contentsOf: $0) }
                withUnsafeBytes(of: entry.payload.littleEndian) { dictionary.append(contentsOf: $0) }
            }
            coded.append(newCodes[old])
        }
        switch next {
        case ...0x100: try file.section(.codes, number, coded.map { UInt8(truncatingIfNeeded: $0) })
        case ...0x1_0000: try file.section(.codes, number, coded.map { UInt16(truncatingIfNeeded: $0) })
        default: try file.section(.codes, number, coded)
        }
        try file.section(.dictionary, number, dictionary)
        try file.section(.text, number, newText)
    }

    private mutating func code(_ tag: SnapshotFormat.ValueTag, _ payload: UInt64) -> UInt32 {
        var slot = Self.mix(payload ^ UInt64(tag.rawValue) << 59) & (slots.count - 1)
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot]) - 1]
            if entry.payload == payload && entry.tag == tag.rawValue { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return insert(Entry(tag: tag.rawValue, length: 0, payload: payload), slot: slot)
    }

    private mutating func code(text bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var slot = Self.hash(bytes) & (slots.count - 1)
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot]) - 1]
            if entry.tag == SnapshotFormat.ValueTag.text.rawValue && Int(entry.length) == bytes.count
                && isText(at: Int(entry.payload), bytes)
            {
                return slots[slot]
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        let entry = Entry(
            tag: SnapshotFormat.ValueTag.text.rawValue, length: UInt32(truncatingIfNeeded: bytes.count),
            payload: UInt64(text.count))
        text.append(contentsOf: bytes)
        return insert(entry, slot: slot)
    }

    private func isText(at offset: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { text in
            for index in 0..<bytes.count where text[offset + index] != bytes[index] { return false }
            return true
        }
    }

    private mutating func insert(_ entry: Entry, slot: Int) -> UInt32 {
        entries.append(entry)
        let code = UInt32(truncatingIfNeeded: entries.count)
        slots[slot] = code
        if entries.count * 2 > slots.count { grow() }
        return code
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 4)
        for (index, entry) in entries.enumerated() {
            let hash: Int
            if entry.tag == SnapshotFormat.ValueTag.text.rawValue {
                hash = text.withUnsafeBufferPointer {
                    let start = Int(entry.payload)
                    return Self.hash(UnsafeBufferPointer(rebasing: $0[start..<(start + Int(entry.length))]))
                }
            } else {
                hash = Self.mix(entry.payload ^ UInt64(entry.tag) << 59)
            }
            var slot = hash & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(truncatingIfNeeded: index + 1)
        }
    }

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var state = UInt64(raw.count) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset + 8 <= raw.count {
            state = (state ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
            state ^= state >> 32
            offset += 8
        }
        while offset < raw.count {
            state = (state ^ UInt64(raw[offset])) &* 0xC4CE_B9FE_1A85_EC53
            offset += 1
        }
        return mix(state)
    }

    /// Spreads the bits (the finaliser of MurmurHash3), never negative.
    private static func mix(_ value: UInt64) -> Int {
        var value = value
        value = (value ^ value >> 33) &* 0xFF51_AFD7_ED55_8CCD
        value = (value ^ value >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return Int(truncatingIfNeeded: (value ^ value >> 33) >> 1)
    }
}
