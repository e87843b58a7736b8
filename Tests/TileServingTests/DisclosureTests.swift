// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import HTTPTypes
import NIOCore
import Testing

@testable import TileServing

/// What the server says of itself: what pictures lack, and what layers are not
/// for everybody.
@Suite struct DisclosureTests {
    private func site(_ server: DistrictServer) throws -> MapSite {
        let options = ServingOptions.patient
        let site = MapSite(
            options: options, web: try WebFiles(folder: nil), shelf: CatalogueShelf(),
            tiles: TileService(options: options, plugins: .none), plugins: .none, logger: ServedDistrict.silence)
        site.shelf.catalogue = server.catalogue
        return site
    }

    private func answer(_ target: String, _ site: MapSite) async -> Answer {
        await site.answer(Inquiry(method: .get, target: target, authority: "a:1", headers: [:], requestID: "1"))
    }

    private func json(_ answer: Answer) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(answer.body.readableBytesView))
        return try #require(object as? [String: Any])
    }

    @Test func `What a style asks for and pictures lack is said in catalogue, log, tile and record`() async throws {
        let district = try ServedDistrict()
        try district.write(
            "layers/towns/style.json",
            """
            [{"id":"towns-fill","type":"fill","paint":{"fill-color":"red"}},
             {"id":"towns-name","type":"symbol","minzoom":4,"layout":{"icon-image":"town"}}]
            """)
        try district.merge(trees: 1)
        let server = try district.server()
        defer { server.stop() }
        #expect(server.problems.count == 1)
        #expect(server.problems.first?.contains("towns-name: icon-image") == true)

        let site = try site(server)
        let layers = try #require(try json(await answer("/catalog", site))["layers"] as? [[String: Any]])
        let notDrawn = layers.map { $0["notDrawn"] as? [String] }
        #expect(notDrawn == [["towns-name: icon-image"], nil, nil])

        let close = await answer("/tiles/district/8/214/104.png", site).headers[.completenessRecord]
        #expect(close?.hasSuffix(#"not-drawn=("towns-name: icon-image")"#) == true)
        let far = await answer("/tiles/district/3/6/3.png", site).headers[.completenessRecord]
        #expect(far?.contains("not-drawn") == false)
        let record = try json(await answer("/tiles/district/8/214/104.json", site))
        #expect(record["notDrawn"] as? [String] == ["towns-name: icon-image"])
    }

    @Test func `How sensitive a layer is stands in catalogue and TileJSON, and keeps nobody out`() async throws {
        let district = try ServedDistrict()
        let file = district.folder.appendingPathComponent("layers/trees/layer.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try district.write("layers/trees/layer.yaml", text + "\nsensitivity: restricted\n")
        try district.merge(trees: 1)
        let server = try district.server()
        defer { server.stop() }
        let site = try site(server)
        let layers = try #require(try json(await answer("/catalog", site))["layers"] as? [[String: Any]])
        #expect(layers.map { $0["sensitivity"] as? String } == ["open", "restricted", "open"])
        let tileJSON = try json(await answer("/tiles/trees.json", site))
        let described = try #require(tileJSON["vector_layers"] as? [[String: Any]])
        #expect(described.first?["miaopu:sensitivity"] as? String == "restricted")
        #expect(await answer("/tiles/trees/8/214/104.png", site).status == .ok)
    }
}
