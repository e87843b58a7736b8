// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SimpleFeatures
import SwiftProtobuf

@testable import PluginHosting

extension CPlugin {
    /// A plugin that passes the check: one layer of points, a page, and refusals
    /// where there have to be any.
    static func sound() throws -> CPlugin {
        var plugin = CPlugin()
        plugin.manifest.title = WireTitle(["zh": "测试", "en": "A test"])
        plugin.start = try registering(layer())
        plugin.features = features(try batch(ids: [1, 2]))
        plugin.handle = answering(404)
        plugin.other = """
            return (count && request[0] >> 3 == 7) ? give("", 0) : say(MIAOPU_INVALID, "These bytes are no message.");
            """
        return plugin
    }

    static func layer(
        _ id: String = "spots", style: String = #"[{"id": "spot", "type": "circle"}]"#
    ) -> WireLayerRegistration {
        var layer = WireLayerRegistration()
        layer.id = id
        layer.title = WireTitle(["zh": "地点", "en": "Spots"])
        layer.geometryType = .point
        layer.styleLayers = style
        layer.maxZoom = 24
        return layer
    }

    /// Statements of `start` that register a layer.
    static func registering(_ layer: WireLayerRegistration) throws -> String {
        var request = WireHostRequest()
        request.registerLayer = layer
        return """
            { static const uint8_t layer[] = {\(try list(request))};
            struct miaopu_bytes reply = {0};
            int32_t status = host->call(host->context, layer, sizeof layer, &reply);
            if (reply.release) reply.release(reply.owner);
            return status ? say(status, "The host takes no layer.") : give("", 0); }
            """
    }

    static func batch(ids: [Int64], longitude: Double = 121.4) throws -> WirePluginReply {
        var batch = WireFeatureBatch()
        batch.ids = ids
        let point = Geometry.point(Point(x: longitude, y: 31.1)).wkb
        batch.wkb = Data(ids.flatMap { _ in point })
        batch.wkbLengths = ids.map { _ in UInt32(point.count) }
        var reply = WirePluginReply()
        reply.features = batch
        return reply
    }

    /// Statements that answer with features, and refuse what they should.
    static func features(_ reply: WirePluginReply) -> String {
        let bytes = (try? list(reply)) ?? ""
        return """
            { static const uint8_t batch[] = {\(bytes)};
            if (count < 10) return say(MIAOPU_INVALID, "These bytes are no message.");
            for (size_t i = 0; i + 7 < count; i++)
                if (!memcmp(request + i, "no-such-", 8)) return say(MIAOPU_NOT_FOUND, "There is no such layer.");
            return give(batch, sizeof batch); }
            """
    }

    /// Statements that answer a request with a status and nothing else.
    static func answering(_ status: UInt32) -> String {
        var reply = WirePluginReply()
        reply.handle.status = status
        let bytes = (try? list(reply)) ?? ""
        return "{ static const uint8_t page[] = {\(bytes)}; return give(page, sizeof page); }"
    }

    private static func list(_ message: some SwiftProtobuf.Message) throws -> String {
        let bytes: [UInt8] = try message.serializedBytes()
        return bytes.map(String.init).joined(separator: ",")
    }
}
