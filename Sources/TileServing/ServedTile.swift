// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing
import NIOCore

/// A tile as it goes over the wire, ready to be sent any number of times.
struct ServedTile: Sendable {
    /// The bytes as stored: a vector tile is compressed with gzip.
    var body: ByteBuffer
    /// Strong, from the content, without its quotes.
    var entityTag: String
    var record: TileRecord
    /// `record` as the `Miaopu-Tile` header's value.
    var recordHeader: String
    /// How long an answer may be used without asking again, when it depends on
    /// live data or lacks a layer; `nil` when it stands until the data changes.
    var lifetime: Duration?
    /// Whether `body` is compressed with gzip.
    var isCompressed: Bool

    init(bytes: [UInt8], record: TileRecord, lifetime: Duration?, isCompressed: Bool) {
        body = ByteBuffer(bytes: bytes)
        entityTag = EntityTag.of(bytes)
        self.record = record
        recordHeader = record.header
        self.lifetime = record.failed.isEmpty ? lifetime : min(lifetime ?? .seconds(2), .seconds(2))
        self.isCompressed = isCompressed
    }

    /// The bytes without compression.
    func plainBytes() throws -> [UInt8] {
        let bytes = [UInt8](body.readableBytesView)
        return isCompressed ? try Deflate.decompress(bytes, format: .gzip, ceiling: 64 << 20) : bytes
    }

    /// What the cache counts for this tile, in bytes.
    var cost: Int { body.readableBytes + recordHeader.utf8.count + 256 }
}
