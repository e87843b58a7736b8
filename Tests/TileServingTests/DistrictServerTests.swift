// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Foundation
import PluginHosting
import SimpleFeatures
import Snapshots
import Testing
import TileMatrixSets

@testable import TileServing

@Suite struct DistrictServerTests {
    /// The tile that the middle of the square lies in.
    private func tileOfTown(_ server: DistrictServer, zoom: Int) throws -> (x: Int, y: Int) {
        let extent = try #require(server.catalogue?.layer("towns")?.extent)
        let count = Double(1 << zoom)
        let metres = WebMercatorGround.metres(extent.center)
        let world = 40_075_016.68557849
        return (Int((metres.x / world + 0.5) * count), Int((0.5 - metres.y / world) * count))
    }

    @Test func `A district without a store says what makes one`() throws {
        let district = try ServedDistrict()
        #expect { try district.server() } throws: { "\($0)".contains("miaopu merge") }
    }

    @Test func `Merged layers are served with titles, extent and provenance, hidden ones are not`() throws {
        let district = try ServedDistrict()
        try district.merge(trees: 40)
        let server = try district.server()
        defer { server.stop() }
        #expect(server.problems.isEmpty)
        #expect(server.maps == ["base", "district", "live", "merge-issues", "towns", "trees"])
        let towns = try #require(server.catalogue?.layer("towns"))
        #expect(towns.fields.map(\.name) == ["name", "miaopu_town", "miaopu_source"])
        #expect(towns.fields.first?.titles == ["zh": "名称", "en": "Name"])
        let extent = try #require(towns.extent)
        // The corner by GDAL's gdaltransform; the grid is turned a little.
        #expect(abs(extent.minX - 121.3626) < 0.0005 && abs(extent.minY - 31.1013) < 0.0005)
        #expect(extent.width > 0.02 && extent.width < 0.022)
    }

    @Test func `A tile inside the town is its colour all over`() async throws {
        let district = try ServedDistrict()
        try district.merge(trees: 1)
        let server = try district.server()
        defer { server.stop() }
        let (x, y) = try tileOfTown(server, zoom: 17)
        let inside = try await server.tile(map: "towns", z: 17, x: x, y: y, fileName: "a.png")
        let outside = try await server.tile(map: "towns", z: 17, x: x + 40, y: y, fileName: "a.png")
        #expect(Array(inside.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(inside != outside)
        // One colour in the palette: red.
        let palette = Data(inside).range(of: Data("PLTE".utf8))
        let colors = try #require(palette.map { Array(inside[$0.upperBound..<($0.upperBound + 3)]) })
        #expect(colors == [255, 0, 0])
        let large = try await server.tile(map: "towns", z: 17, x: x, y: y, fileName: "a@2x.png")
        #expect(large.dropFirst(16).prefix(8) == [0, 0, 2, 0, 0, 0, 2, 0])
    }

    @Test func `A vector tile holds the features with town and source`() async throws {
        let district = try ServedDistrict()
        try district.merge(trees: 40)
        let server = try district.server()
        defer { server.stop() }
        let (x, y) = try tileOfTown(server, zoom: 12)
        let bytes = try await server.tile(map: "base", z: 12, x: x, y: y, fileName: "tile.mvt")
        for text in ["towns", "trees", "miaopu_town", "莘庄镇", "maps/trees.shp", "第1个"] {
            #expect(Data(bytes).range(of: Data(text.utf8)) != nil, "\(text)")
        }
        #expect(Data(bytes).range(of: Data("secrets".utf8)) == nil)
    }

    @Test func `Tiles that do not exist are refused with a sentence`() async throws {
        let district = try ServedDistrict()
        try district.merge(trees: 1)
        let server = try district.server()
        defer { server.stop() }
        for (map, z, name, kind) in [
            ("unknown", 3, "a.png", TileServingError.Kind.notFound), ("towns", 99, "a.png", .malformed),
            ("towns", 1, "a.png", .notFound), ("towns", 3, "a.gif", .malformed),
        ] {
            await #expect { try await server.tile(map: map, z: z, x: 4, y: 4, fileName: name) } throws: {
                ($0 as? TileServingError)?.kind == kind
            }
        }
    }

    @Test func `A layer is cut once for each version of its data`() throws {
        let district = try ServedDistrict()
        try district.merge(trees: 3)
        let loaded = try district.load()
        let files = district.folder.appendingPathComponent(".miaopu/snapshots").path
        let names = { try FileManager.default.contentsOfDirectory(atPath: files).sorted() }
        let store = try DistrictStore(opening: district.folder.appendingPathComponent("district.gpkg"))
        _ = try SnapshotCutting(loaded).layers(of: store)
        let first = try names()
        #expect(first.count == 3)
        let before = try inodes(files, first)
        _ = try SnapshotCutting(loaded).layers(of: store)
        #expect(try names() == first)
        #expect(try inodes(files, first) == before)

        try district.merge(trees: 4)
        let layers = try SnapshotCutting(loaded).layers(of: store)
        let second = try names()
        #expect(second.count == 3)
        #expect(second.filter { $0.hasPrefix("merge-issues") } == first.filter { $0.hasPrefix("merge-issues") })
        #expect(second.filter { $0.hasPrefix("towns") } == first.filter { $0.hasPrefix("towns") })
        #expect(second.filter { $0.hasPrefix("trees") } != first.filter { $0.hasPrefix("trees") })
        #expect(try layers.first { $0.overview.definition.id == "trees" }?.snapshot.get().rowCount == 4)
    }

    @Test func `What was found in a layer that is hidden is not served`() throws {
        let district = try ServedDistrict()
        try district.merge(trees: 3, withIssues: true)
        let store = try DistrictStore(opening: district.folder.appendingPathComponent("district.gpkg"))
        func issues() throws -> Int? {
            try SnapshotCutting(district.load()).layers(of: store).first { $0.overview.definition.id == IssueLayer.id }?
                .snapshot.get().rowCount
        }
        #expect(try store.issueLayer().featureCount == 3)
        #expect(try issues() == 2)

        let file = district.folder.appendingPathComponent("district.yaml")
        let yaml = try String(contentsOf: file, encoding: .utf8)
        // What may be seen decides anew, although nothing was merged.
        try district.write("district.yaml", yaml.replacing("[secrets]", with: "[trees, towns]"))
        #expect(try issues() == 1)
    }

    @Test func `A style with a mistake is named and the layer is drawn all the same`() throws {
        let district = try ServedDistrict()
        try district.merge(trees: 1)
        try district.write("layers/towns/style.json", #"[{"id":"a","type":"fill","paint":{"fill-colour":"red"}}]"#)
        let server = try district.server()
        defer { server.stop() }
        #expect(server.problems.count == 1)
        #expect(server.problems.first?.contains("towns") == true)
        #expect(server.maps.contains("towns"))
    }

    @Test func `What changed on disk makes another state`() throws {
        let district = try ServedDistrict()
        try district.merge(trees: 1)
        let preparation = CataloguePreparation(
            district: try district.load(), logger: ServedDistrict.silence, progress: { _ in })
        let first = try preparation.state()
        #expect(try preparation.state() == first)
        try district.merge(trees: 2)
        let second = try preparation.state()
        #expect(second != first)
        try district.write("layers/towns/style.json", "[]")
        #expect(try preparation.state() != second)
        #expect(try preparation.freshCatalogue().layer("trees")?.featureCount == 2)
    }

    @Test func `Plugins read the district's features in degrees`() throws {
        let district = try ServedDistrict()
        try district.merge(trees: 40)
        let server = try district.server()
        defer { server.stop() }
        guard case .snapshot(let snapshot)? = server.catalogue?.layer("towns")?.content else {
            Issue.record("no snapshot")
            return
        }
        let extent = try #require(server.catalogue?.layer("towns")?.extent)
        let found = SnapshotQuery.records(of: snapshot, in: extent, limit: 10)
        #expect(found.count == 1)
        let envelope = try #require(found.first?.geometry?.envelope)
        #expect(abs(envelope.minX - extent.minX) < 1e-6 && abs(envelope.maxY - extent.maxY) < 1e-6)
        #expect(found.first?.values == [.text("第1个"), .text("莘庄镇"), .text("maps/towns.shp")])
        let elsewhere = Envelope(minX: 0, minY: 0, maxX: 1, maxY: 1)
        #expect(SnapshotQuery.records(of: snapshot, in: elsewhere, limit: 10).isEmpty)
    }

    @Test func `Plugins read no layer that is hidden, as if it were not there`() throws {
        let district = try ServedDistrict()
        try district.merge(trees: 1)
        let server = try district.server()
        defer { server.stop() }
        let shelf = CatalogueShelf()
        shelf.catalogue = server.catalogue
        let services = DistrictServer.services(shelf, Traffic(), ServedDistrict.silence)
        #expect(try services.layerSchema("trees").fields.first?.name == "name")
        #expect(try services.queryLayer("trees", Envelope(minX: 121, minY: 31, maxX: 122, maxY: 32), [], 5).count == 1)
        for hidden in ["secrets", "nowhere"] {
            let error = #expect(throws: TileServingError.self) { try services.layerSchema(hidden) }
            #expect(error?.kind == .notFound)
            #expect(throws: TileServingError.self) {
                try services.queryLayer(hidden, Envelope(minX: 121, minY: 31, maxX: 122, maxY: 32), [], 5)
            }
        }
    }

    private func inodes(_ folder: String, _ names: [String]) throws -> [UInt64] {
        try names.map { name in
            let found = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            return (found[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
        }
    }
}
