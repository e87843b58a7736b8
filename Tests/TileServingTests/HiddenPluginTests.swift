// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import HTTPTypes
import Logging
import NIOCore
import SimpleFeatures
import Synchronization
import TestSupport
import Testing

@testable import PluginHosting
@testable import TileServing

/// What `access: hidden:` keeps back of plugins, by every way that leads to them.
@Suite struct HiddenPluginTests {
    private let directory: TestSupport.TemporaryFolder
    private var folder: URL { directory.url }
    private let calls = Calls()

    private final class Calls: Sendable {
        let names = Mutex<[String]>([])
    }

    init() throws {
        directory = try TestSupport.TemporaryFolder()
        try FileManager.default.createDirectory(
            at: directory.file("assets/sub"), withIntermediateDirectories: true)
        try directory.write("body {}", to: "assets/page.css")
    }

    private func layer(_ plugin: String, _ name: String) -> MapLayer {
        let id = "\(plugin).\(name)"
        return MapLayer(
            id: id, titles: ["zh": "层", "en": "Layer"], geometryType: .point, fields: [], extent: nil,
            dataVersion: "live", minZoom: 0, styleLayers: "[{\"id\":\"\(id)-c\",\"type\":\"circle\"}]",
            content: .live(plugin: plugin))
    }

    private func site(_ access: AccessDefinition) throws -> MapSite {
        let names = [("flood", "walls"), ("flood", "now"), ("water", "stations")]
        let live = names.map { layer($0.0, $0.1) }
        var gateway = PluginGateway(
            features: { layer, _, _, _ in [] },
            handle: { [calls] call in
                calls.names.withLock { $0.append(call.plugin) }
                return .init(status: 200, mediaType: "text/plain", headers: [], body: Array("secret".utf8))
            })
        gateway.plugins = { [folder] in ["flood", "water"].map { .running($0, folder: folder.path) } }
        gateway.alerts = { _ in
            [("flood", "flood.walls"), ("flood", nil), ("water", nil)].enumerated().map { index, alert in
                PluginAlert(
                    plugin: alert.0, id: "\(index)", level: .orange, titles: ["zh": alert.0], texts: [:], time: 0,
                    until: nil, layer: alert.1, feature: nil, envelope: nil)
            }
        }
        let options = ServingOptions.patient
        let site = MapSite(
            options: options, web: try WebFiles(folder: nil), shelf: CatalogueShelf(),
            tiles: TileService(options: options, plugins: gateway), plugins: gateway,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let rules = AccessRules(access)
        site.shelf.catalogue = MapCatalogue(
            title: "闵行区", layers: live.filter { !rules.hidesLayer($0.id) }, access: rules)
        return site
    }

    private func status(_ site: MapSite, _ target: String, _ method: HTTPRequest.Method = .get) async -> Int {
        let inquiry = Inquiry(method: method, target: target, authority: "a:1", headers: [:], requestID: "1")
        return await site.answer(inquiry).status.code
    }

    private static let ways = [
        "/tiles/flood.walls/3/1/1.mvt", "/tiles/flood.walls/3/1/1.png", "/tiles/flood.walls/3/1/1.json",
        "/tiles/flood.walls.json", "/styles/flood.walls.json",
    ]
    private static let pages = ["/plugins/flood/", "/plugins/flood/summary", "/plugins/flood/assets/page.css"]

    @Test func `What is not hidden is there by every way`() async throws {
        let site = try site(AccessDefinition())
        for way in Self.ways + Self.pages { #expect(await status(site, way) == 200, "\(way)") }
    }

    @Test func `A layer that is hidden is nowhere, and the rest of its plugin is there`() async throws {
        let site = try site(AccessDefinition(hiddenLayers: ["flood.walls"]))
        for way in Self.ways { #expect(await status(site, way) == 404, "\(way)") }
        for way in Self.pages + ["/tiles/flood.now.json"] { #expect(await status(site, way) == 200, "\(way)") }
        for document in ["/catalog", "/styles/district.json", "/tiles/live.json", "/alerts"] {
            #expect(try await !text(site, document).contains("flood.walls"), "\(document)")
            #expect(await status(site, document) == 200)
        }
    }

    @Test func `A plugin that is hidden is not even asked`() async throws {
        let site = try site(AccessDefinition(hiddenPlugins: ["flood"]))
        for way in Self.ways + Self.pages { #expect(await status(site, way) == 404, "\(way)") }
        for method in [HTTPRequest.Method.post, .put, .head, .delete] {
            #expect(await status(site, "/plugins/flood/summary", method) == 404)
        }
        for document in ["/catalog", "/styles/district.json", "/tiles/live.json", "/alerts"] {
            #expect(try await !text(site, document).contains("flood"), "\(document)")
        }
        #expect(calls.names.withLock { $0.isEmpty })
        #expect(await status(site, "/plugins/water/summary") == 200)
        // The same as a plugin that there is not.
        #expect(try await text(site, "/plugins/flood/summary") == text(site, "/plugins/nobody/summary"))
    }

    @Test func `Names that hide nothing are told`() {
        let rules = AccessRules(AccessDefinition(hiddenLayers: ["flood.wals", "parcels"], hiddenPlugins: ["watr"]))
        let problems = rules.mistakes(layers: ["flood.walls"], plugins: ["flood"])
        #expect(problems.count == 2)
        #expect(problems.contains { $0.contains("flood.wals") } && problems.contains { $0.contains("watr") })
    }

    private func text(_ site: MapSite, _ target: String) async throws -> String {
        let inquiry = Inquiry(method: .get, target: target, authority: "a:1", headers: [:], requestID: "1")
        return String(buffer: await site.answer(inquiry).body)
    }

    // MARK: - Files

    private func asset(_ name: String, method: HTTPRequest.Method = .get) async throws -> Answer {
        let inquiry = Inquiry(
            method: method, target: "/plugins/flood/assets/\(name)", authority: "a:1", headers: [:], requestID: "1")
        return try await site(AccessDefinition()).answer(inquiry)
    }

    @Test func `A file of a plugin is served with its type and a tag, and the plugin is not asked`() async throws {
        let answer = try await asset("page.css")
        #expect(answer.status == .ok && String(buffer: answer.body) == "body {}")
        #expect(answer.headers[.contentType] == "text/css; charset=utf-8")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        #expect(answer.headers[.contentSecurityPolicy] != nil)
        let tag = try #require(answer.headers[.eTag])
        let again = Inquiry(
            method: .get, target: "/plugins/flood/assets/page.css", authority: "a:1", headers: [.ifNoneMatch: tag],
            requestID: "1")
        #expect(try await site(AccessDefinition()).answer(again).status == .notModified)
        #expect(try await asset("page.css", method: .post).status == .methodNotAllowed)
        #expect(calls.names.withLock { $0.isEmpty })
    }

    @Test func `Nothing else than a file in the folder is served`() async throws {
        let assets = folder.appendingPathComponent("assets")
        try Data("secret".utf8).write(to: folder.appendingPathComponent("secret.txt"))
        try Data("secret".utf8).write(to: assets.appendingPathComponent(".hidden.txt"))
        try Data("secret".utf8).write(to: assets.appendingPathComponent("program.so"))
        try Data(count: PluginAssets.maxBytes + 1).write(to: assets.appendingPathComponent("large.txt"))
        let manager = FileManager.default
        try manager.createSymbolicLink(
            at: assets.appendingPathComponent("link.txt"), withDestinationURL: folder.appendingPathComponent("secret.txt"))
        try manager.createSymbolicLink(at: assets.appendingPathComponent("out"), withDestinationURL: folder)
        #expect(mkfifo(assets.appendingPathComponent("pipe.txt").path, 0o600) == 0)
        for name in [
            "link.txt", "out/secret.txt", ".hidden.txt", "program.so", "large.txt", "sub", "nothing.txt", "sub.txt",
            "pipe.txt", "page.css/x.txt",
        ] {
            let answer = try await asset(name)
            #expect(answer.status == .notFound, "\(name)")
            #expect(!String(buffer: answer.body).contains("secret\""), "\(name)")
        }
        for name in ["../secret.txt", "%2e%2e/secret.txt", "sub%2f..%2f..%2fsecret.txt"] {
            #expect(try await asset(name).status == .badRequest, "\(name)")
        }
    }
}
