// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Where layers take their features from.
public struct StyleSource: Sendable {
    /// What a source delivers.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case vector, raster, geojson, image, video
        case rasterDEM = "raster-dem"
    }

    public var id: String
    public var kind: Kind
    /// The address of a TileJSON document, for tiled sources.
    public var url: String?
    /// Addresses of tiles with `{z}`, `{x}` and `{y}`.
    public var tiles: [String]
    /// The lowest zoom with tiles.
    public var minZoom: Double
    /// The highest zoom with tiles; beyond it they are drawn larger.
    public var maxZoom: Double
    /// Width and height of a tile in pixels, for raster sources.
    public var tileSize: Double
    /// The source as it stands in the style.
    public var json: JSONValue

    init?(id: String, _ json: JSONValue) {
        guard let kind = json["type"]?.string.flatMap(Kind.init(rawValue:)) else { return nil }
        self.id = id
        self.kind = kind
        self.json = json
        url = json["url"]?.string
        tiles = json["tiles"]?.array?.compactMap(\.string) ?? []
        minZoom = json["minzoom"]?.number ?? 0
        maxZoom = json["maxzoom"]?.number ?? (kind == .geojson ? 18 : 22)
        tileSize = json["tileSize"]?.number ?? 512
    }
}
