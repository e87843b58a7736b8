// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing
import HTTPTypes
import NIOCore

extension MapSite {
    /// One tile, or the word that the client has it already.
    func tile(_ route: TileRoute, _ inquiry: Inquiry) async throws -> Answer {
        let catalogue = try loadedCatalogue()
        let map = try map(route.map, in: catalogue)
        var stored = route
        if route.format == .record { stored.format = .vector }
        let tile = try await tiles.tile(stored, of: map, in: catalogue)
        if route.format == .record {
            var answer = Answer(json: tile.record.json)
            answer.headers[.cacheControl] = "no-cache"
            answer.headers[.accessControlAllowOrigin] = "*"
            return answer
        }
        let sendsCompressed = tile.isCompressed && inquiry.acceptsGzip
        let tag = tile.isCompressed && !sendsCompressed ? tile.entityTag + "-i" : tile.entityTag
        var answer = Answer(mediaType: route.format.mediaType, body: tile.body)
        answer.headers[.eTag] = "\"\(tag)\""
        answer.headers[.cacheControl] = cacheControl(tile, map, inquiry)
        answer.headers[.completenessRecord] = tile.recordHeader
        answer.headers[.accessControlAllowOrigin] = "*"
        if tile.isCompressed { answer.headers[.vary] = "Accept-Encoding" }
        if inquiry.holds(entityTag: tag) { return answer.notModified() }
        if sendsCompressed {
            answer.headers[.contentEncoding] = "gzip"
        } else if tile.isCompressed {
            let bytes = [UInt8](tile.body.readableBytesView)
            answer.body = ByteBuffer(bytes: try Deflate.decompress(bytes, format: .gzip, ceiling: 64 << 20))
        }
        return answer
    }

    /// A tile that was asked for by the version of its map never changes; any
    /// other one is asked for again each time, which its entity tag makes cheap.
    private func cacheControl(_ tile: ServedTile, _ map: DistrictMap, _ inquiry: Inquiry) -> String {
        if let lifetime = tile.lifetime { return "max-age=\(lifetime.components.seconds)" }
        guard let version = inquiry.queryValue("v"), version == map.version else { return "no-cache" }
        return "public, max-age=31536000, immutable"
    }
}
