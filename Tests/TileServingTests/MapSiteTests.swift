// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import HTTPTypes
import Logging
import NIOCore
import SimpleFeatures
import Testing

@testable import TileServing

@Suite struct MapSiteTests {
    private static let style = #"[{"id":"fill","type":"fill","paint":{"fill-color":"red"}}]"#

    private func layer(_ id: String, _ content: MapLayer.Content) -> MapLayer {
        MapLayer(
            id: id, titles: ["zh": "层", "en": "Layer <\(id)>"], geometryType: .multiPolygon,
            fields: [Field("name", .text)], extent: Envelope(minX: 121.3, minY: 31, maxX: 121.5, maxY: 31.2),
            dataVersion: "7", minZoom: 0, styleLayers: Self.style, content: content)
    }

    /// A site whose tiles are the words that `draw` writes.
    private func site(
        plugins: PluginGateway = .none, web: URL? = nil, options: ServingOptions = .patient,
        draw: @escaping TileService.Draw = { job, _ in
            ServedTile(
                bytes: Array("\(job.route.address)".utf8), record: TileRecord(wanted: job.map.layers),
                lifetime: job.lifetime, isCompressed: false)
        }
    ) throws -> MapSite {
        let site = MapSite(
            options: options, web: try WebFiles(folder: web), shelf: CatalogueShelf(),
            tiles: TileService(options: options, plugins: plugins, draw: draw), plugins: plugins,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        site.shelf.catalogue = MapCatalogue(
            title: "闵行区",
            layers: [layer("towns", .failed(reason: "test")), layer("flood.stations", .live(plugin: "flood"))])
        return site
    }

    private func get(
        _ target: String, method: HTTPRequest.Method = .get, headers: HTTPFields = [:], authority: String? = "a:1"
    ) -> Inquiry {
        Inquiry(method: method, target: target, authority: authority, headers: headers, requestID: "1")
    }

    private func json(_ answer: Answer) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(answer.body.readableBytesView))
        return try #require(object as? [String: Any])
    }

    @Test func `A tile comes with entity tag and record, and the tag brings a 304`() async throws {
        let site = try site()
        let first = await site.answer(get("/tiles/towns/3/1/2.png"))
        #expect(first.status == .ok)
        #expect(first.headers[.contentType] == "image/png")
        #expect(first.headers[.cacheControl] == "no-cache")
        #expect(first.headers[.completenessRecord]?.hasPrefix("wanted=1") == true)
        let tag = try #require(first.headers[.eTag])
        let second = await site.answer(get("/tiles/towns/3/1/2.png", headers: [.ifNoneMatch: "\"x\", W/\(tag)"]))
        #expect(second.status == .notModified)
        #expect(second.body.readableBytes == 0)
    }

    @Test func `A tile asked for by the version of its map may be kept for good`() async throws {
        let site = try site()
        let version = try #require(site.shelf.catalogue?.maps["towns"]?.version)
        let answer = await site.answer(get("/tiles/towns/3/1/2.png?v=\(version)"))
        #expect(answer.headers[.cacheControl]?.contains("immutable") == true)
        let other = await site.answer(get("/tiles/towns/3/1/2.png?v=other"))
        #expect(other.headers[.cacheControl] == "no-cache")
    }

    @Test func `A tile with a failed layer lives shortly and is drawn anew`() async throws {
        let drawings = Counter()
        let site = try site { job, _ in
            drawings.count()
            var record = TileRecord(wanted: job.map.layers)
            record.failed = [.init(layer: "towns", reason: "test")]
            return ServedTile(bytes: [1], record: record, lifetime: nil, isCompressed: false)
        }
        for _ in 0..<2 {
            let answer = await site.answer(get("/tiles/towns/3/1/2.png"))
            #expect(answer.headers[.cacheControl] == "max-age=2")
            #expect(answer.headers[.completenessRecord]?.hasSuffix("failed=(\"towns\")") == true)
        }
        #expect(drawings.value == 2)
    }

    @Test func `A good tile is drawn once`() async throws {
        let drawings = Counter()
        let site = try site { _, _ in
            drawings.count()
            return ServedTile(bytes: [1], record: TileRecord(wanted: []), lifetime: nil, isCompressed: false)
        }
        for _ in 0..<3 { _ = await site.answer(get("/tiles/towns/3/1/2.png")) }
        #expect(drawings.value == 1)
    }

    @Test func `A live layer whose plugin fails is named in the record`() async throws {
        let site = try site(draw: TileWorker.draw)
        let answer = await site.answer(get("/tiles/live/3/1/2.json"))
        let failed = try json(answer)["failed"] as? [[String: String]]
        #expect(failed?.first?["layer"] == "flood.stations")
        #expect(failed?.first?["reason"]?.contains("No plugin") == true)
    }

    @Test(arguments: [
        ("/tiles/unknown/0/0/0.png", 404), ("/tiles/towns/3/8/0.png", 404), ("/tiles/towns/99/0/0.png", 400),
        ("/tiles/towns/x/0/0.png", 400), ("/nothing", 404), ("/styles/unknown.json", 404), ("/web/secret", 404),
        ("/plugins/unknown/", 404), ("/fonts/DejaVu%20Sans/1-256.pbf", 400), ("/fonts/DejaVu%20Sans/65536-65791.pbf", 400),
    ])
    func `An error is a problem document`(target: String, status: Int) async throws {
        let answer = try await site().answer(get(target))
        #expect(answer.status.code == status)
        #expect(answer.headers[.contentType] == "application/problem+json")
        let problem = try json(answer)
        #expect(problem["status"] as? Int == status)
        #expect((problem["detail"] as? String)?.hasSuffix(".") == true)
    }

    @Test func `Browsers get the glyphs of labels, and a style that says where`() async throws {
        let document = try json(try await site().answer(get("/styles/district.json")))
        #expect((document["glyphs"] as? String)?.hasSuffix("/fonts/{fontstack}/{range}.pbf") == true)
        let answer = try await site().answer(get("/fonts/No%20Such%20Font,DejaVu%20Sans/0-255.pbf"))
        #expect(answer.status == .ok)
        #expect(answer.headers[.contentType] == "application/x-protobuf")
        #expect(answer.body.readableBytes > 50_000)
    }

    @Test func `Another method is refused with the methods that are allowed`() async throws {
        let answer = try await site().answer(get("/catalog", method: .post))
        #expect(answer.status == .methodNotAllowed)
        #expect(answer.headers[.allow] == "GET, HEAD")
    }

    @Test(arguments: [nil, "", "a b", "a/b", "a\"onload=", "<script>"])
    func `A Host that is none is refused`(authority: String?) async throws {
        let answer = try await site().answer(get("/catalog", authority: authority))
        #expect(answer.status == .badRequest)
    }

    @Test func `Before the first catalogue the map is not ready and health is`() async throws {
        let site = try site()
        site.shelf.catalogue = nil
        let ready = await site.answer(get("/ready"))
        #expect(ready.status == .serviceUnavailable)
        #expect(ready.headers[.retryAfter] != nil)
        #expect(await site.answer(get("/health")).status == .ok)
    }

    @Test func `TileJSON names tiles by version, bounds and layers`() async throws {
        let document = try json(try await site().answer(get("/tiles/towns.json")))
        #expect(document["tilejson"] as? String == "3.0.0")
        #expect((document["tiles"] as? [String])?.first?.hasPrefix("http://a:1/tiles/towns/{z}/{x}/{y}.mvt?v=") == true)
        #expect(document["bounds"] as? [Double] == [121.3, 31, 121.5, 31.2])
        let layers = try #require(document["vector_layers"] as? [[String: Any]])
        #expect(layers.map { $0["id"] as? String } == ["towns"])
    }

    @Test func `The district's style has merged and live layers from two sources`() async throws {
        let document = try json(try await site().answer(get("/styles/district.json")))
        #expect((document["sources"] as? [String: Any])?.keys.sorted() == ["base", "live"])
        let layers = try #require(document["layers"] as? [[String: Any]])
        #expect(layers.map { $0["id"] as? String } == ["background", "towns/fill", "flood.stations/fill"])
        #expect(layers.map { $0["source"] as? String } == [nil, "base", "live"])
        #expect(layers.map { $0["source-layer"] as? String } == [nil, "towns", "flood.stations"])
    }

    @Test func `The catalogue is one line a layer`() async throws {
        let answer = try await site().answer(get("/catalog"))
        let text = String(buffer: answer.body)
        #expect(text.split(separator: "\n").count == 5)
        let layers = try #require(try json(answer)["layers"] as? [[String: Any]])
        #expect(layers.map { $0["group"] as? String } == ["base", "live"])
    }

    @Test func `The page allows nothing from elsewhere`() async throws {
        let answer = try await site().answer(get("/"))
        #expect(answer.status == .ok)
        let policy = try #require(answer.headers[.contentSecurityPolicy])
        #expect(policy.hasPrefix("default-src 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(!String(buffer: answer.body).contains("://"))
    }

    @Test func `Without MapLibre the answer says what fetches it`() async throws {
        let answer = try await site().answer(get("/web/maplibre-gl.js"))
        #expect(answer.status == .notFound)
        #expect(String(buffer: answer.body).contains("tools/setup"))
    }

    @Test func `A plugin gets the call and its answer comes back`() async throws {
        let plugins = PluginGateway(
            features: { _, _, _, _ in [] },
            handle: { call in
                let text = "\(call.method) \(call.plugin) \(call.path) \(call.query) \(call.language)"
                return .init(
                    status: 201, mediaType: "text/plain",
                    headers: [("Set-Cookie", "a"), ("Cache-Control", "max-age=5")],
                    body: Array(text.utf8))
            })
        let answer = try await site(plugins: plugins.with { [.running("flood")] }).answer(
            get("/plugins/flood/summary?a=%E6%B2%B3+1&b", headers: [.acceptLanguage: "en-GB,zh;q=0.5"]))
        #expect(answer.status.code == 201)
        #expect(String(buffer: answer.body).contains(#"(name: "a", value: "河 1")"#))
        #expect(String(buffer: answer.body).hasSuffix("en"))
        #expect(answer.headers[.setCookie] == nil)
        #expect(answer.headers[.cacheControl] == "max-age=5")
        #expect(answer.headers[.contentSecurityPolicy] != nil)
    }

    @Test func `A plugin's problem document gets the members that it leaves out`() async throws {
        let plugins = PluginGateway(
            features: { _, _, _, _ in [] },
            handle: { call in
                let body =
                    call.path == "/own" ? #"{"type":"urn:a","title":"T","detail":"D."}"# : #"{"title":"No pond 7."}"#
                return .init(
                    status: 404, mediaType: "application/problem+json", headers: [], body: Array(body.utf8))
            })
        let site = try site(plugins: plugins.with { [.running("water")] })
        let completed = try json(await site.answer(get("/plugins/water/ponds/7")))
        #expect(completed.keys.sorted() == ["detail", "instance", "status", "title", "type"])
        #expect(completed["detail"] as? String == "No pond 7.")
        #expect(completed["title"] as? String == "Not found")
        #expect(completed["status"] as? Int == 404)
        let own = try json(await site.answer(get("/plugins/water/own")))
        #expect(own["type"] as? String == "urn:a")
        #expect(own["title"] as? String == "T")
        #expect(own["detail"] as? String == "D.")
    }

    @Test(arguments: ["/catalog", "/tiles/towns.json", "/styles/towns.json"])
    func `Documents vary with the Host that their links name, unless the district has an address`(
        target: String
    ) async throws {
        #expect(try await site().answer(get(target)).headers[.vary] == "Host")
        var options = ServingOptions.patient
        options.publicURL = "https://maps.example.org"
        let answer = try await site(options: options).answer(get(target))
        #expect(answer.headers[.vary] == nil)
        #expect(String(buffer: answer.body).contains("https://maps.example.org/"))
        #expect(!String(buffer: answer.body).contains("a:1"))
    }

    @Test func `A declared body over the ceiling is refused unread`() async throws {
        var inquiry = get("/plugins/flood/", method: .post, headers: [.contentLength: "99999999999"])
        inquiry.body = { _ in
            Issue.record("the body was read")
            return ByteBuffer()
        }
        #expect(try await site().answer(inquiry).status == .contentTooLarge)
    }
}
