// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import HTTPTypes
import Logging
import NIOCore
import SimpleFeatures
import Synchronization
import Testing

@testable import PluginHosting
@testable import TileServing

/// What the site shows of plugins beside their tiles.
@Suite struct PluginSiteTests {
    private static let style = #"[{"id":"dot","type":"circle"}]"#

    private func layer(_ id: String, dependsOnTime: Bool) -> MapLayer {
        MapLayer(
            id: id, titles: ["zh": "层", "en": "Layer"], geometryType: .point, fields: [], extent: nil,
            dataVersion: "live", minZoom: 0, styleLayers: Self.style, content: .live(plugin: "flood"),
            dependsOnTime: dependsOnTime)
    }

    private func site(_ plugins: PluginGateway) throws -> MapSite {
        let options = ServingOptions.patient
        let site = MapSite(
            options: options, web: try WebFiles(folder: nil), shelf: CatalogueShelf(),
            tiles: TileService(options: options, plugins: plugins), plugins: plugins,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        site.shelf.catalogue = MapCatalogue(
            title: "闵行区",
            layers: [layer("flood.now", dependsOnTime: true), layer("flood.walls", dependsOnTime: false)])
        return site
    }

    private func get(_ target: String) -> Inquiry {
        Inquiry(method: .get, target: target, authority: "a:1", headers: [:], requestID: "1")
    }

    private func json(_ answer: Answer) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(answer.body.readableBytesView))
        return try #require(object as? [String: Any])
    }

    static let plugin = PluginDescription(
        id: "flood", titles: ["zh": "防汛", "en": "Flood"], summaries: [:], version: "1.2.3", contractVersion: 1,
        library: "/secret/libFlood.so", state: .running, hosting: .inProcess, permissions: ["alerts"],
        pages: [PluginPage(path: "/board", titles: ["en": "Board"])],
        exports: [PluginExport(name: "t", titles: ["en": "Table"], path: "/t.csv", fileName: "table.csv")], layers: [])

    @Test func `The catalogue has a section for each plugin that runs`() async throws {
        let answer = try await site(PluginGateway.none.with { [Self.plugin] }).answer(get("/catalog"))
        let plugins = try #require(try json(answer)["plugins"] as? [[String: Any]])
        #expect(plugins.count == 1)
        #expect(plugins.first?["version"] as? String == "1.2.3")
        #expect((plugins.first?["pages"] as? [[String: Any]])?.first?["url"] as? String == "http://a:1/plugins/flood/board")
        #expect(
            (plugins.first?["exports"] as? [[String: Any]])?.first?["url"] as? String == "http://a:1/plugins/flood/t.csv")
        // Where the operator keeps files is nobody's business.
        #expect(!String(buffer: answer.body).contains("secret"))
    }

    @Test func `Alerts are told with their level, time and place`() async throws {
        var gateway = PluginGateway.none
        gateway.alerts = { _ in
            [
                PluginAlert(
                    plugin: "flood", id: "UP-001", level: .orange, titles: ["zh": "积水"], texts: [:],
                    time: 1_787_529_600_000, until: nil, layer: "flood.now", feature: 7,
                    envelope: Envelope(minX: 121.4, minY: 31.1, maxX: 121.5, maxY: 31.2)),
                PluginAlert(
                    plugin: "flood", id: "far", level: .info, titles: [:], texts: [:], time: .max, until: .min,
                    layer: nil, feature: nil, envelope: nil),
            ]
        }
        let site = try site(gateway)
        let answer = await site.answer(get("/alerts"))
        let alerts = try #require(try json(answer)["alerts"] as? [[String: Any]])
        #expect(alerts.first?["level"] as? String == "orange")
        #expect(alerts.first?["time"] as? String == "2026-08-24T00:00:00Z")
        #expect(alerts.first?["bounds"] as? [Double] == [121.4, 31.1, 121.5, 31.2])
        #expect(alerts.last?["time"] as? String == "9999-12-31T23:59:59Z")
        #expect(alerts.last?["bounds"] == nil)
        var again = get("/alerts")
        again.headers[.ifNoneMatch] = answer.headers[.eTag]
        #expect(await site.answer(again).status == .notModified)
    }

    @Test func `A time reaches the plugin where a layer depends on it, and nowhere else`() async throws {
        let asked = Mutex<[Int64?]>([])
        var gateway = PluginGateway.none
        gateway.features = { _, _, _, time in
            asked.withLock { $0.append(time) }
            return []
        }
        let site = try site(gateway)
        let first = await site.answer(get("/tiles/flood.now/3/6/3.mvt?time=2026-08-24T00%3A00%3A00Z"))
        #expect(first.status == .ok)
        _ = await site.answer(get("/tiles/flood.now/3/6/3.png?time=2026-08-24T00:00:01Z"))
        _ = await site.answer(get("/tiles/flood.now/3/6/3.mvt"))
        _ = await site.answer(get("/tiles/flood.walls/3/6/3.mvt?time=2026-08-24T00:00:00Z"))
        #expect(asked.withLock { $0 } == [1_787_529_600_000, 1_787_529_601_000, nil, nil])
    }

    @Test(arguments: ["yesterday", "2026-08-24", "2026-13-24T00:00:00Z", "", String(repeating: "2", count: 4000)])
    func `What is no time is refused with an example`(time: String) async throws {
        let answer = try await site(.none).answer(get("/tiles/flood.now/3/6/3.mvt?time=\(time)"))
        #expect(answer.status == .badRequest)
        #expect(String(buffer: answer.body).contains("2026-08-24T08:00:00Z"))
    }

    @Test func `An export is kept as a file of its name`() async throws {
        var gateway = PluginGateway.none.with { [Self.plugin] }
        gateway.handle = { _ in .init(status: 200, mediaType: "text/csv", headers: [], body: [65]) }
        let site = try site(gateway)
        let file = await site.answer(get("/plugins/flood/t.csv"))
        #expect(file.headers[.contentDisposition] == "attachment; filename=\"table.csv\"")
        #expect(await site.answer(get("/plugins/flood/board")).headers[.contentDisposition] == nil)
    }
}

extension PluginGateway {
    /// The gateway of a host in which plugins run.
    func with(_ plugins: @escaping @Sendable () -> [PluginDescription]) -> PluginGateway {
        var gateway = self
        gateway.plugins = plugins
        return gateway
    }
}
