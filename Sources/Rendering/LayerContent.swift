// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Snapshots
import TileMatrixSets
import VectorTiles

/// Where the features of a layer come from, for one tile.
public enum LayerContent: Sendable {
    /// Merged data, cut for the tile matrix set that is drawn.
    case snapshot(Snapshot)
    /// Live features in OGC:CRS84: longitude and latitude in degrees. Hand over
    /// those near the tile; the rest is passed over, which costs time.
    case features([Feature])
    /// Vector tiles of WebMercatorQuad that others made; each is drawn within
    /// its own square.
    case vectorTiles([PlacedVectorTile])
    /// Raster tiles of WebMercatorQuad and other pictures, for raster layers;
    /// later ones hide earlier ones.
    case pictures([PlacedPicture])

    /// What the completeness record states as version.
    var dataVersion: String {
        switch self {
        case .snapshot(let snapshot): snapshot.dataVersion
        case .features: "live"
        case .vectorTiles, .pictures: "tiles"
        }
    }
}

/// One layer of a vector tile, and where the tile lies.
public struct PlacedVectorTile: Sendable {
    /// In WebMercatorQuad.
    public var address: TileAddress
    public var layer: VectorTileLayer

    public init(address: TileAddress, layer: VectorTileLayer) {
        self.address = address
        self.layer = layer
    }
}
