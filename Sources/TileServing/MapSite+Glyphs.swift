// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import HTTPTypes
import NIOCore
import Synchronization
import Typesetting

/// Glyphs for browsers, made when they are first asked for.
final class GlyphShelf: Sendable {
    private struct Key: Hashable {
        var names: [String]
        var range: Int
    }

    private let known = Mutex<[Key: [UInt8]]>([:])

    /// A range takes about 200 kilobytes.
    private static let mostRanges = 64

    /// - Complexity: up to half a second when the range is new.
    func glyphs(_ stack: String, range: Int) -> [UInt8] {
        let names = stack.split(separator: ",").map { String($0.trimmingPrefix(while: \.isWhitespace)) }
        let key = Key(names: names, range: range)
        if let bytes = known.withLock({ $0[key] }) { return bytes }
        let bytes = GlyphRange.encode(range, of: FontCatalogue.system.stack(names), name: stack)
        known.withLock { known in
            if known.count >= Self.mostRanges { known.removeAll() }
            known[key] = bytes
        }
        return bytes
    }
}

extension MapSite {
    /// A range of glyphs of fonts, for MapLibre in a browser.
    func glyphs(_ stack: String, range: Int, _ inquiry: Inquiry) async throws -> Answer {
        let bytes = try await readingPool.run { [glyphShelf] _ in glyphShelf.glyphs(stack, range: range) }
        return shared(Answer(mediaType: "application/x-protobuf", body: ByteBuffer(bytes: bytes)), inquiry)
    }
}
