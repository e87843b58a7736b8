// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import HTTPTypes
import NIOCore
import PluginHosting
import SimpleFeatures

extension MapSite {
    /// What plugins want people to look at.
    func alerts(_ inquiry: Inquiry) async throws -> Answer {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        // They are read from databases: not here, where HTTP is answered.
        let access = try loadedCatalogue().access
        let standing = try await readingPool.run { [plugins] _ in plugins.alerts(now) }.filter { alert in
            !access.hidesPlugin(alert.plugin) && !(alert.layer.map(access.hidesLayer) ?? false)
        }
        let document = ["alerts": standing.map(AlertEntry.init)]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = ByteBuffer(bytes: try encoder.encode(document))
        return shared(Answer(mediaType: "application/json", body: body), inquiry)
    }
}

private struct AlertEntry: Encodable {
    var plugin: String
    var id: String
    var level: String
    var titles: [String: String]
    var texts: [String: String]
    var time: String
    var until: String?
    var layer: String?
    var feature: Int64?
    /// West, south, east, north in degrees.
    var bounds: [Double]?

    init(_ alert: PluginAlert) {
        plugin = alert.plugin
        id = alert.id
        level = alert.level.rawValue
        titles = alert.titles
        texts = alert.texts
        time = Self.text(alert.time)
        until = alert.until.map(Self.text)
        layer = alert.layer
        feature = alert.feature
        bounds = alert.envelope.flatMap { $0.isEmpty ? nil : [$0.minX, $0.minY, $0.maxX, $0.maxY] }
    }

    private static func text(_ milliseconds: Int64) -> String {
        // Years that ISO 8601 has four digits for; a plugin may say anything.
        let seconds = min(max(Double(milliseconds) / 1000, -62_135_596_800), 253_402_300_799)
        return Date(timeIntervalSince1970: seconds).formatted(.iso8601)
    }
}
