// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MapStyles
import Pixmaps
import Rendering
import SimpleFeatures
import TileMatrixSets
import VectorTiles

/// One test of MapLibre's suite: a style with its camera, and the pictures that
/// are accepted.
struct RenderTest {
    let name: String
    let suite: URL
    private let folder: URL
    private let style: Style

    init(_ name: String, suite: URL) throws {
        self.name = name
        self.suite = suite
        folder = suite.appendingPathComponent("tests/\(name)")
        style = try Style(parsing: [UInt8](Data(contentsOf: folder.appendingPathComponent("style.json"))))
    }

    var hasSymbols: Bool { style.layers.contains { $0.type == .symbol } }

    private var settings: JSONValue? { style.json["metadata"]?["test"] }

    /// The share of differing pixels that upstream accepts.
    var allowed: Double { max(0.000_15, settings?["allowed"]?.number ?? settings?["diff"]?.number ?? 0) }

    private var view: MapView {
        let center = style.json["center"]?.array?.compactMap(\.number) ?? [0, 0]
        return MapView(
            longitude: center[0], latitude: center[1], zoom: style.json["zoom"]?.number ?? 0,
            width: Int(settings?["width"]?.number ?? 512), height: Int(settings?["height"]?.number ?? 512),
            pixelRatio: settings?["pixelRatio"]?.number ?? 1)
    }

    /// The picture, and what our renderer left out.
    func draw(_ renderer: TileRenderer) throws -> (Pixmap, [String]) {
        var contents: [String: LayerContent] = [:]
        for source in style.sources {
            switch source.kind {
            case .geojson: contents[source.id] = .features(try geoJSON(source))
            case .vector:
                for (name, tiles) in vectorTiles(try tileJSON(source)) { contents[name] = .vectorTiles(tiles) }
            case .raster: contents[source.id] = .pictures(rasterTiles(try tileJSON(source)))
            case .image: contents[source.id] = .pictures(try image(source))
            case .video, .rasterDEM: break
            }
        }
        let tile = try renderer.renderPNG(style: style, layers: contents, sprite: try sprite(), view: view)
        return (try Pixmap(png: tile.png), tile.notDrawn)
    }

    /// The least share of differing pixels over all accepted pictures.
    func score(_ picture: Pixmap) throws -> (share: Double, expected: Pixmap) {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        var best: (Double, Pixmap)?
        for file in files where file.hasPrefix("expected") && file.hasSuffix(".png") {
            let expected = try Pixmap(png: [UInt8](Data(contentsOf: folder.appendingPathComponent(file))))
            let share = PixelMatch(expected, picture)?.share(threshold: 0.13) ?? 1
            if best.map({ share < $0.0 }) ?? true { best = (share, expected) }
        }
        guard let best else { throw CocoaError(.fileNoSuchFile) }
        return best
    }

    // MARK: Data

    private func bytes(_ address: String) throws -> [UInt8] {
        let path = address.replacing("local://", with: "").replacing("mapbox://", with: "tilesets/")
        return [UInt8](try Data(contentsOf: suite.appendingPathComponent(path)))
    }

    private func geoJSON(_ source: StyleSource) throws -> [Feature] {
        guard let data = source.json["data"] else { return [] }
        guard let address = data.string else { return features(data) }
        // A document that is no JSON has no features, as in a browser.
        return (try? JSONValue(parsing: try bytes(address), of: "data")).map(features) ?? []
    }

    /// A source's tiles, whether they stand in the style or in a file.
    private func tileJSON(_ source: StyleSource) throws -> StyleSource {
        guard let url = source.url else { return source }
        let json = try JSONValue(parsing: try bytes(url), of: "tile set")
        var full = source
        full.tiles = json["tiles"]?.array?.compactMap(\.string) ?? []
        full.maxZoom = json["maxzoom"]?.number ?? full.maxZoom
        return full
    }

    private func vectorTiles(_ source: StyleSource) -> [String: [PlacedVectorTile]] {
        var result: [String: [PlacedVectorTile]] = [:]
        let names = Set(style.layers.filter { $0.source == source.id }.compactMap(\.sourceLayer))
        for name in names { result[name] = [] }
        for address in addresses(source) {
            guard let tile = try? VectorTile(bytes(url(source, address))) else { continue }
            for name in names {
                guard let layer = tile.layer(named: name) else { continue }
                result[name]?.append(PlacedVectorTile(address: address, layer: layer))
            }
        }
        return result
    }

    /// The tiles that a browser would draw: where one is missing, the nearest
    /// larger one that there is.
    private func rasterTiles(_ source: StyleSource) -> [PlacedPicture] {
        var found: [TileAddress: Pixmap] = [:]
        for wanted in addresses(source) {
            var address = wanted
            while found[address] == nil, Double(address.tileMatrix) >= source.minZoom {
                if let tile = try? Pixmap(png: bytes(url(source, address))) { found[address] = tile }
                if found[address] != nil || address.tileMatrix == 0 { break }
                address = TileAddress(
                    z: address.tileMatrix - 1, x: address.tileColumn / 2, y: address.tileRow / 2)
            }
        }
        let order = found.sorted { ($0.key.tileMatrix, $0.key.description) < ($1.key.tileMatrix, $1.key.description) }
        return order.map { PlacedPicture($0.value, tile: $0.key) }
    }

    private func image(_ source: StyleSource) throws -> [PlacedPicture] {
        let corners = (source.json["coordinates"]?.array ?? []).compactMap { corner in
            corner.array.flatMap { $0.count == 2 ? $0.compactMap(\.number) : nil }
        }
        let picture = try Pixmap(png: bytes(source.url ?? ""))
        return [PlacedPicture(picture, corners: corners.map { Coordinate(x: $0[0], y: $0[1]) })].compactMap { $0 }
    }

    /// The sprite, for dense screens the dense one.
    private func sprite() throws -> Sprite {
        guard let address = style.json["sprite"]?.string else { return Sprite() }
        for suffix in view.pixelRatio > 1 ? ["@2x", ""] : [""] {
            guard let index = try? bytes("\(address)\(suffix).json") else { continue }
            return try Sprite(index: index, png: try bytes("\(address)\(suffix).png"))
        }
        return Sprite()
    }

    private func url(_ source: StyleSource, _ address: TileAddress) -> String {
        let isTMS = source.json["scheme"]?.string == "tms"
        let row = isTMS ? (1 << address.tileMatrix) - 1 - address.tileRow : address.tileRow
        return (source.tiles.first ?? "")
            .replacing("{z}", with: "\(address.tileMatrix)").replacing("{x}", with: "\(address.tileColumn)")
            .replacing("{y}", with: "\(row)")
    }

    /// The tiles that a browser would ask for.
    private func addresses(_ source: StyleSource) -> [TileAddress] {
        let view = view
        let offset = source.kind == .vector ? 0 : log2(512 / source.tileSize)
        let exact = view.zoom + offset
        let zoom = Int(min(max(source.kind == .vector ? exact.rounded(.down) : exact.rounded(), 0), source.maxZoom))
        guard Double(zoom) >= source.minZoom else { return [] }
        let tiles = 1 << zoom
        let world = 512 * exp2(view.zoom)
        let x = (view.longitude / 360 + 0.5) * world
        let y = (0.5 - asinh(tan(view.latitude * .pi / 180)) / (2 * .pi)) * world
        let tile = world / Double(tiles)
        func range(_ middle: Double, _ size: Int) -> ClosedRange<Int> {
            let low = Int(((middle - Double(size) / 2) / tile).rounded(.down))
            return low...max(low, Int(((middle + Double(size) / 2) / tile).rounded(.up)) - 1)
        }
        var result: [TileAddress] = []
        for row in range(y, view.height) where (0..<tiles).contains(row) {
            for column in range(x, view.width) {
                let address = TileAddress(z: zoom, x: (column % tiles + tiles) % tiles, y: row)
                if !result.contains(address) { result.append(address) }
            }
        }
        return result
    }
}
