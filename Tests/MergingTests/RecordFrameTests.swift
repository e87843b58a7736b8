// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing

@testable import Merging

@Suite struct `A frame of records` {
    @Test func `gives back what was put in`() throws {
        var writer = RecordFrameWriter()
        let envelope = Envelope(minX: 1, minY: 2, maxX: 3, maxY: 4)
        writer.append(
            row: 7, geometry: [1, 2, 3], envelope: envelope, repair: "修",
            values: [.null, .integer(-5), .real(0.5), .text("名")])
        writer.append(
            row: 8, geometry: [], envelope: envelope, repair: "", values: [.boolean(true), .null, .null, .null])
        try writer.bytes.withUnsafeBytes { bytes in
            var reader = RecordFrameReader(bytes)
            let header = try reader.nextHeader()
            #expect(header.row == 7)
            #expect(Array(header.geometry) == [1, 2, 3])
            #expect(header.envelope == envelope)
            #expect(String(decoding: header.repair, as: UTF8.self) == "修")
            guard case .null = try reader.nextValue(), case .integer(-5) = try reader.nextValue(),
                case .real(0.5) = try reader.nextValue(), case .text(let text) = try reader.nextValue()
            else {
                Issue.record("the values came back otherwise")
                return
            }
            #expect(String(decoding: text, as: UTF8.self) == "名")
            #expect(try reader.nextHeader().row == 8)
            for _ in 0..<4 { _ = try reader.nextValue() }
            #expect(reader.isAtEnd)
        }
    }

    @Test func `tells equal content from other content`() throws {
        func hash(_ row: UInt32, _ name: String, _ repair: String = "", geometry: [UInt8] = [9]) throws -> Int64 {
            var writer = RecordFrameWriter()
            writer.append(row: row, geometry: geometry, envelope: .empty, repair: repair, values: [.text(name), .null])
            return try writer.bytes.withUnsafeBytes { bytes in
                var reader = RecordFrameReader(bytes)
                return try reader.nextHeader().contentHash
            }
        }
        #expect(try hash(1, "甲") == hash(2, "甲"))
        #expect(try hash(1, "甲") != hash(1, "乙"))
        #expect(try hash(1, "甲") != hash(1, "甲", "修"))
        #expect(try hash(1, "甲") != hash(1, "甲", geometry: [8]))
    }

    @Test func `that is cut or changed anywhere is refused or read, and never trapped on`() throws {
        var writer = RecordFrameWriter()
        for row in 1...5 {
            writer.append(
                row: UInt32(row), geometry: Array(repeating: 3, count: row * 7), envelope: .empty, repair: "r",
                values: [.text("名称"), .integer(4)])
        }
        func readAll(_ bytes: [UInt8]) throws {
            try bytes.withUnsafeBytes { buffer in
                var reader = RecordFrameReader(buffer)
                while !reader.isAtEnd {
                    _ = try reader.nextHeader()
                    _ = try reader.nextValue()
                    _ = try reader.nextValue()
                }
            }
        }
        for length in 1..<writer.bytes.count { try? readAll(Array(writer.bytes.prefix(length))) }
        for position in writer.bytes.indices {
            var bytes = writer.bytes
            bytes[position] ^= 0xFF
            try? readAll(bytes)
        }
    }
}
