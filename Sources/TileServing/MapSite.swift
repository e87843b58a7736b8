// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import HTTPTypes
import Logging
import NIOCore
import PluginHosting

/// Everything that answers a request. What it knows of HTTP are values:
/// inquiries in, answers out; sockets are the server's affair.
final class MapSite: Sendable {
    let options: ServingOptions
    let web: WebFiles
    let tiles: TileService
    let plugins: PluginGateway
    let pluginLanes = PluginLanes(queueBound: 64)
    /// For files and databases.
    let readingPool = RenderingPool<Void>(threads: 2, queueBound: 256) { () }
    let shelf: CatalogueShelf
    let glyphShelf = GlyphShelf()
    /// `nil` when there is no store to ask: then no provenance is known.
    let openStore: StoreAccess?
    private let logger: Logger

    init(
        options: ServingOptions, web: WebFiles, shelf: CatalogueShelf, tiles: TileService, plugins: PluginGateway,
        logger: Logger, store: StoreAccess? = nil
    ) {
        self.shelf = shelf
        openStore = store
        self.options = options
        self.web = web
        self.tiles = tiles
        self.plugins = plugins
        self.logger = logger
    }

    /// The answer to any request, errors included.
    func answer(_ inquiry: Inquiry) async -> Answer {
        var answer: Answer
        do {
            answer = try await respond(to: inquiry)
        } catch {
            let problem = Problem(error)
            if problem.status >= 500 {
                logger.error(
                    "\(problem.status) \(error)", metadata: ["request": "\(inquiry.requestID)"])
            }
            answer = Answer(problem, instance: inquiry.requestID)
        }
        answer.headers[.xContentTypeOptions] = "nosniff"
        return answer
    }

    private func respond(to inquiry: Inquiry) async throws -> Answer {
        try inquiry.checkAuthority()
        let route = try Route(parsing: inquiry.target)
        if case .plugin(let id, let path) = route {
            return try await plugin(id, path, inquiry)
        }
        guard inquiry.method == .get || inquiry.method == .head else {
            throw TileServingError(
                .methodNotAllowed(allowed: "GET, HEAD"), "This address answers to GET and HEAD only.")
        }
        switch route {
        case .tile(let tile): return try await self.tile(tile, inquiry)
        case .viewer: return try viewer(inquiry)
        case .web(let name): return try file(name, inquiry)
        case .health: return health()
        case .ready: return try readiness()
        case .catalog:
            let documents = try documents(inquiry)
            let shown = ShownPlugins(plugins, access: documents.catalogue.access)
            // Figures and crash cards are read from files: not here, where HTTP is answered.
            let json = try await readingPool.run { _ in try documents.catalog(shown) }
            return shared(Answer(mediaType: "application/json", body: ByteBuffer(bytes: json)), inquiry)
        case .alerts: return try await alerts(inquiry)
        case .provenance(let layer, let feature): return try await provenance(feature, in: layer, inquiry)
        case .tileJSON(let id):
            let documents = try documents(inquiry)
            let json = try documents.tileJSON(of: try map(id, in: documents.catalogue))
            return shared(Answer(mediaType: "application/json", body: ByteBuffer(bytes: json)), inquiry)
        case .style(let id):
            let documents = try documents(inquiry)
            let json = try documents.style(of: try map(id, in: documents.catalogue))
            return shared(Answer(mediaType: "application/json", body: ByteBuffer(bytes: json)), inquiry)
        case .glyphs(let stack, let range): return try await glyphs(stack, range: range, inquiry)
        case .plugin: throw TileServingError(.notFound, "There is no plugin of that name.")
        }
    }

    func loadedCatalogue() throws(TileServingError) -> MapCatalogue {
        guard let catalogue = shelf.catalogue else {
            throw TileServingError(.unavailable, "The map is being prepared; try again in a moment.")
        }
        return catalogue
    }

    func map(_ id: String, in catalogue: MapCatalogue) throws(TileServingError) -> DistrictMap {
        guard let map = catalogue.maps[id] else {
            throw TileServingError(.notFound, "There is no map or layer of that name; /catalog lists them.")
        }
        return map
    }

    private func documents(_ inquiry: Inquiry) throws(TileServingError) -> MapDocuments {
        let base = options.publicURL ?? "http://\(inquiry.authority ?? "")"
        return MapDocuments(catalogue: try loadedCatalogue(), base: base)
    }

    /// Begins anew with the plugins that there are.
    func forgetPlugins(allBut ids: Set<String>) {
        pluginLanes.keep(ids)
        tiles.forgetLiveLayers(allBut: ids)
    }

    /// Lets the threads end that ask plugins.
    func stop() {
        pluginLanes.stop()
        readingPool.stop()
    }

    /// The process lives, or there would be no answer; a plugin that does not come
    /// back from a call is told.
    private func health() -> Answer {
        let complaints = plugins.complaints()
        guard !complaints.isEmpty, let notes = try? JSONEncoder().encode(complaints) else {
            return Answer(json: #"{"status":"pass"}"#)
        }
        return Answer(json: #"{"status":"warn","notes":\#(String(decoding: notes, as: UTF8.self))}"#)
    }

    private func readiness() throws(TileServingError) -> Answer {
        _ = try loadedCatalogue()
        if let complaint = tiles.complaint { throw TileServingError(.unavailable, complaint) }
        return Answer(json: #"{"status":"pass"}"#)
    }

    /// A document that any page may read and that is asked for again each time.
    func shared(_ answer: Answer, _ inquiry: Inquiry) -> Answer {
        var answer = answer
        let tag = EntityTag.of(answer.body.readableBytesView)
        answer.headers[.eTag] = "\"\(tag)\""
        answer.headers[.cacheControl] = "no-cache"
        answer.headers[.accessControlAllowOrigin] = "*"
        // Links are made of the request's own words.
        if options.publicURL == nil { answer.headers[.vary] = "Host" }
        return inquiry.holds(entityTag: tag) ? answer.notModified() : answer
    }
}
