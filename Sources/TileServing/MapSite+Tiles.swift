// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import HTTPTypes
import MapStyles
import NIOCore
import Rendering
import TileMatrixSets

extension Inquiry {
    /// The time that the query asks for, in milliseconds; nil: the present.
    ///
    /// - Throws: `malformed` for what is no time.
    fileprivate func time() throws(TileServingError) -> Int64? {
        guard let text = queryValue("time") else { return nil }
        let decoded = String(text).removingPercentEncoding ?? String(text)
        guard decoded.utf8.count <= 40, let date = try? Date(decoded, strategy: .iso8601) else {
            throw TileServingError(.malformed, "The time is written in UTC as in 2026-08-24T08:00:00Z.")
        }
        return Int64(date.timeIntervalSince1970 * 1000)
    }
}

extension MapSite {
    /// One tile, or the word that the client has it already.
    func tile(_ route: TileRoute, _ inquiry: Inquiry) async throws -> Answer {
        let catalogue = try loadedCatalogue()
        let map = try map(route.map, in: catalogue)
        var stored = route
        let layers = map.layers.compactMap(catalogue.layer)
        // A map that looks the same at every time has one set of tiles.
        if layers.contains(where: \.dependsOnTime) { stored.time = try inquiry.time() }
        if route.format == .record { stored.format = .vector }
        let tile = try await tiles.tile(stored, of: map, version: shelf.version(of: map), in: catalogue)
        if route.format == .record {
            // A vector tile has no style; what is missing is told of the picture.
            var record = tile.record
            record.notDrawn = map.style.notDrawn(atZoom: Double(route.address.tileMatrix) - 1)
            var answer = Answer(json: record.json)
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
            answer.body = ByteBuffer(bytes: try tile.plainBytes())
        }
        return answer
    }

    /// A tile that was asked for by the version of its map never changes; any
    /// other one is asked for again each time, which its entity tag makes cheap.
    private func cacheControl(_ tile: ServedTile, _ map: DistrictMap, _ inquiry: Inquiry) -> String {
        if !tile.record.failed.isEmpty { return "max-age=2" }
        guard let version = inquiry.queryValue("v"), version == map.version, !map.isLive else { return "no-cache" }
        return "public, max-age=31536000, immutable"
    }
}
