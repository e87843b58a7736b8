// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What became of one layer of data that a tile asks for.
public struct TileLayerRecord: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        /// All of it that the style shows is in the tile.
        case drawn(dataVersion: String)
        /// It is missing from the tile, for this reason.
        case failed(String)
    }

    /// The layer's id.
    public var layer: String
    public var outcome: Outcome

    public init(layer: String, outcome: Outcome) {
        self.layer = layer
        self.outcome = outcome
    }
}

/// A picture of one tile, with the account of what is in it.
public struct RenderedTile: Sendable {
    /// The picture as a PNG file.
    public var png: [UInt8]
    /// Whether no feature of any layer that the style shows lies near the tile:
    /// the index says so, whatever the picture looks like. False when a layer
    /// failed.
    public var isEmpty: Bool
    /// The layers of data that the style asks for at this zoom, in its order,
    /// each once.
    public var layers: [TileLayerRecord]
    /// How many features the index found, counted for each style layer.
    public var featuresFound: Int
    /// How many of them the filters let through.
    public var featuresDrawn: Int
    /// How often an expression failed for a feature and gave its default.
    public var evaluationFailures: Int
    /// What the style asks for and this renderer does not draw, as in
    /// `towers: fill-extrusion layer`; sorted, each once.
    public var notDrawn: [String]

    /// Whether every layer that the style asks for is in the tile.
    public var isComplete: Bool {
        !layers.contains {
            if case .failed = $0.outcome { true } else { false }
        }
    }
}

/// A vector tile, with the account of what is in it.
public struct RenderedVectorTile: Sendable {
    /// The tile, not compressed; no bytes at all when nothing is in it.
    public var bytes: [UInt8]
    /// Whether no feature of any layer lies near the tile: the index says so.
    /// False when a layer failed.
    public var isEmpty: Bool
    /// All layers that were handed over, sorted by id.
    public var layers: [TileLayerRecord]
    /// How many features were written, parts of collections counted each.
    public var featureCount: Int
}
