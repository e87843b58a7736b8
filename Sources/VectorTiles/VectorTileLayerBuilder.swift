// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Gathers the features of one layer and writes the layer.
///
/// Keys and values are written once each, however many features share them.
/// Look keys, and values that repeat, up once and hand their numbers on.
public struct VectorTileLayerBuilder {
    public let name: String
    /// How many tile units the tile is wide and high.
    public let extent: Int
    /// How many features were added.
    public private(set) var featureCount = 0

    private var features = ProtobufWriter()
    private var feature = ProtobufWriter()
    private var keys: [String] = []
    private var keyNumbers: [String: UInt32] = [:]
    private var values: [VectorTileValue] = []
    private var valueNumbers: [VectorTileValue: UInt32] = [:]

    public init(name: String, extent: Int = 4096) {
        self.name = name
        self.extent = extent
    }

    /// The number of a key in this layer.
    public mutating func keyNumber(_ key: String) -> UInt32 {
        if let number = keyNumbers[key] { return number }
        let number = UInt32(keys.count)
        keys.append(key)
        keyNumbers[key] = number
        return number
    }

    /// The number of a value in this layer. Values of different types are
    /// different, even when they are equal as numbers.
    public mutating func valueNumber(_ value: VectorTileValue) -> UInt32 {
        if let number = valueNumbers[value] { return number }
        let number = UInt32(values.count)
        values.append(value)
        valueNumbers[value] = number
        return number
    }

    /// Adds a feature with the geometry that an encoder holds. An empty geometry
    /// adds nothing.
    ///
    /// - Parameter tags: numbers of keys and values, in turn.
    public mutating func addFeature(id: UInt64?, geometry: TileGeometryEncoder, tags: [UInt32]) {
        guard !geometry.isEmpty else { return }
        feature.bytes.removeAll(keepingCapacity: true)
        if let id { feature.varintField(1, id) }
        if !tags.isEmpty { feature.packedField(2, tags) }
        feature.varintField(3, UInt64(geometry.kind.rawValue))
        feature.packedField(4, geometry.commands)
        features.bytesField(2, feature.bytes)
        featureCount += 1
    }

    /// Appends the layer to the bytes of a tile; nothing when no feature was
    /// added.
    public func write(to tile: inout [UInt8]) {
        guard featureCount > 0 else { return }
        var layer = ProtobufWriter()
        layer.varintField(15, 2)
        layer.stringField(1, name)
        layer.bytes.append(contentsOf: features.bytes)
        for key in keys { layer.stringField(3, key) }
        for value in values { layer.bytesField(4, Self.encoded(value)) }
        layer.varintField(5, UInt64(extent))
        var writer = ProtobufWriter()
        writer.bytesField(3, layer.bytes)
        tile.append(contentsOf: writer.bytes)
    }

    private static func encoded(_ value: VectorTileValue) -> [UInt8] {
        var writer = ProtobufWriter()
        switch value {
        case .string(let text): writer.stringField(1, text)
        case .float(let number): writer.fixed32Field(2, number.bitPattern)
        case .double(let number): writer.fixed64Field(3, number.bitPattern)
        case .int(let number): writer.varintField(4, UInt64(bitPattern: number))
        case .uint(let number): writer.varintField(5, number)
        case .sint(let number): writer.varintField(6, UInt64(bitPattern: (number << 1) ^ (number >> 63)))
        case .bool(let flag): writer.varintField(7, flag ? 1 : 0)
        }
        return writer.bytes
    }
}
