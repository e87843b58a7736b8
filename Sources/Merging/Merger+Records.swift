// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores

/// From the frames of a child into the store.
extension Merger {
    /// Writes the records of a frame.
    ///
    /// - Parameter waiting: gets the records that have to wait as they are; nil
    ///   when none waits any longer.
    static func write(
        _ frame: UnsafeRawBufferPointer, fieldCount: Int, to writer: SourceWriter, leaving waiting: inout [UInt8]?
    ) throws {
        var reader = RecordFrameReader(frame)
        while !reader.isAtEnd {
            let start = reader
            let header = try reader.nextHeader()
            if waiting != nil, writer.mustWait(identity: header.identity) {
                for _ in 0..<fieldCount { _ = try reader.nextValue() }
                waiting?.append(contentsOf: start.bytes(upTo: reader))
                continue
            }
            let repair = header.repair.isEmpty ? nil : String(decoding: header.repair, as: UTF8.self)
            try writer.write(
                row: Int64(header.row), identity: header.identity, contentHash: header.contentHash,
                geometry: header.geometry, envelope: header.envelope, repair: repair
            ) { binder in
                for _ in 0..<fieldCount {
                    switch try reader.nextValue() {
                    case .null: binder.bindNull()
                    case .integer(let value): binder.bind(value)
                    case .real(let value): binder.bind(value)
                    case .text(let utf8): binder.bind(utf8: utf8)
                    }
                }
            } skipValues: {
                for _ in 0..<fieldCount { _ = try reader.nextValue() }
            }
        }
    }
}
