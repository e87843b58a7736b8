// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A vector tile (version 2.1 of the specification) that was read.
public struct VectorTile: Hashable, Sendable {
    public var layers: [VectorTileLayer]

    public init(layers: [VectorTileLayer] = []) {
        self.layers = layers
    }

    /// The layer of a name, of which there is at most one.
    public func layer(named name: String) -> VectorTileLayer? { layers.first { $0.name == name } }
}

/// One layer of a vector tile.
public struct VectorTileLayer: Hashable, Sendable {
    /// 1 or 2.
    public var version: Int
    public var name: String
    /// How many tile units the tile is wide and high.
    public var extent: Int
    public var features: [VectorTileFeature]

    public init(version: Int = 2, name: String, extent: Int = 4096, features: [VectorTileFeature] = []) {
        self.version = version
        self.name = name
        self.extent = extent
        self.features = features
    }
}

/// One feature of a vector tile.
public struct VectorTileFeature: Hashable, Sendable {
    public var id: UInt64?
    public var geometry: VectorTileGeometry
    public var properties: [String: VectorTileValue]

    public init(id: UInt64?, geometry: VectorTileGeometry, properties: [String: VectorTileValue] = [:]) {
        self.id = id
        self.geometry = geometry
        self.properties = properties
    }
}

/// A position in tile units: x to the right and y down from the tile's upper
/// left corner.
public struct TilePoint: Hashable, Sendable, BitwiseCopyable {
    public var x: Int32
    public var y: Int32

    @inlinable @inline(__always)
    public init(x: Int32, y: Int32) {
        self.x = x
        self.y = y
    }
}

/// The geometry of a feature in tile units.
public enum VectorTileGeometry: Hashable, Sendable {
    /// A type that the specification leaves open, with its commands as they are.
    case unknown([UInt32])
    case points([TilePoint])
    case lines([[TilePoint]])
    /// Rings in their order, without a closing point. A ring of positive area
    /// (clockwise on the screen) is an exterior one; the holes that follow it
    /// have negative area.
    case polygons([[TilePoint]])
}

/// An attribute, in the type that it is written in.
public enum VectorTileValue: Hashable, Sendable {
    case string(String)
    case float(Float)
    case double(Double)
    case int(Int64)
    case uint(UInt64)
    case sint(Int64)
    case bool(Bool)
}
