// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import HTTPTypes
import NIOCore
import PluginHosting

extension MapSite {
    /// A file of a plugin.
    func asset(_ name: [String], of assets: PluginAssets, _ inquiry: Inquiry) async throws -> Answer {
        guard inquiry.method == .get || inquiry.method == .head else {
            throw TileServingError(
                .methodNotAllowed(allowed: "GET, HEAD"), "A plugin's file answers to GET and HEAD only.")
        }
        guard let mediaType = name.last.flatMap(PluginAssets.mediaType) else {
            throw TileServingError(.notFound, "A file with this ending is not served.")
        }
        let bytes = try await readingPool.run { _ in
            do {
                return try assets.contents(of: name)
            } catch let error as PluginHostingError {
                throw TileServingError(.notFound, error.description)
            }
        }
        let tag = EntityTag.of(bytes)
        var answer = Answer(mediaType: mediaType, body: ByteBuffer(bytes: bytes))
        answer.headers[.eTag] = "\"\(tag)\""
        answer.headers[.cacheControl] = "no-cache"
        answer.headers[.contentSecurityPolicy] = MapSite.pluginPolicy
        return inquiry.holds(entityTag: tag) ? answer.notModified() : answer
    }
}
