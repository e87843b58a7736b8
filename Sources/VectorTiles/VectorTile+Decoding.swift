// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension VectorTile {
    /// Reads a vector tile, not compressed, and refuses one that breaks a rule
    /// of the specification.
    ///
    /// - Throws: `malformed` for bytes that are no protobuf message of the
    ///   right shape, `invalid` for one that breaks another rule.
    /// - Complexity: O(*n*) in bytes, in time and memory.
    public init(_ bytes: [UInt8]) throws(VectorTilesError) {
        self = try bytes.withUnsafeBytes { buffer in
            Result { () throws(VectorTilesError) in try VectorTile(buffer) }
        }.get()
    }

    /// Reads a vector tile from memory that lives at least as long as the call.
    public init(_ bytes: UnsafeRawBufferPointer) throws(VectorTilesError) {
        var reader = ProtobufReader(bytes)
        var layers: [VectorTileLayer] = []
        while let tag = try reader.tag() {
            guard tag.field == 3 else {
                try reader.skip(tag)
                continue
            }
            guard tag.wireType == 2 else { throw VectorTilesError(.malformed, "", "has a layer that is no message") }
            let layer = try LayerDecoder(try reader.delimited(), number: layers.count + 1).layer()
            guard !layers.contains(where: { $0.name == layer.name }) else {
                throw VectorTilesError(.invalid, "", "has two layers of the name “\(layer.name)”")
            }
            layers.append(layer)
        }
        self.init(layers: layers)
    }
}

/// Reads one layer: its tables first, then the features that point into them.
private struct LayerDecoder {
    private var version: UInt64?
    private var name: String?
    private var extent: UInt64 = 4096
    private var keys: [String] = []
    private var values: [VectorTileValue] = []
    private var features: [UnsafeRawBufferPointer] = []
    private let number: Int

    init(_ bytes: UnsafeRawBufferPointer, number: Int) throws(VectorTilesError) {
        self.number = number
        var reader = ProtobufReader(bytes)
        while let tag = try reader.tag() {
            let expected = [15: 0, 1: 2, 2: 2, 3: 2, 4: 2, 5: 0][tag.field]
            guard let expected else {
                try reader.skip(tag)
                continue
            }
            guard tag.wireType == expected else {
                throw VectorTilesError(.malformed, subject, "has field \(tag.field) in the wrong type")
            }
            switch tag.field {
            case 15: version = try reader.varint()
            case 1: name = try reader.string()
            case 2: features.append(try reader.delimited())
            case 3: keys.append(try reader.string())
            case 4: values.append(try value(try reader.delimited()))
            default: extent = try reader.varint()
            }
        }
    }

    private var subject: String {
        name.map { "Layer “\($0)” of the vector tile" } ?? "Layer \(number) of the vector tile"
    }

    func layer() throws(VectorTilesError) -> VectorTileLayer {
        guard let name, !name.isEmpty else { throw VectorTilesError(.invalid, subject, "has no name") }
        guard let version else { throw VectorTilesError(.invalid, subject, "has no version; 1 and 2 are accepted") }
        guard version == 1 || version == 2 else {
            throw VectorTilesError(.invalid, subject, "is of version \(version); 1 and 2 are accepted")
        }
        guard extent > 0, extent <= UInt64(Int32.max) else {
            throw VectorTilesError(.invalid, subject, "has an extent of \(extent)")
        }
        var result = VectorTileLayer(version: Int(version), name: name, extent: Int(extent))
        result.features.reserveCapacity(features.count)
        for (index, bytes) in features.enumerated() {
            result.features.append(
                try feature(bytes, subject: "Feature \(index + 1) of layer “\(name)” of the vector tile"))
        }
        return result
    }

    /// Exactly one of the seven value fields.
    private func value(_ bytes: UnsafeRawBufferPointer) throws(VectorTilesError) -> VectorTileValue {
        var reader = ProtobufReader(bytes)
        var result: VectorTileValue?
        while let tag = try reader.tag() {
            switch (tag.field, tag.wireType) {
            case (1, 2): result = .string(try reader.string())
            case (2, 5): result = .float(Float(bitPattern: try reader.fixed32()))
            case (3, 1): result = .double(Double(bitPattern: try reader.fixed64()))
            case (4, 0): result = .int(Int64(bitPattern: try reader.varint()))
            case (5, 0): result = .uint(try reader.varint())
            case (6, 0):
                let zigzag = try reader.varint()
                result = .sint(Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1))
            case (7, 0): result = .bool(try reader.varint() != 0)
            default: throw VectorTilesError(.malformed, subject, "has a value of a type that there is not")
            }
        }
        guard let result else { throw VectorTilesError(.invalid, subject, "has a value without content") }
        return result
    }

    private func feature(
        _ bytes: UnsafeRawBufferPointer, subject: String
    ) throws(VectorTilesError) -> VectorTileFeature {
        var reader = ProtobufReader(bytes)
        var id: UInt64?
        var tags: [UInt64] = []
        // Left out, it is the unknown type, as protobuf defaults say.
        var type: UInt64 = 0
        var geometry: [UInt32]?
        while let tag = try reader.tag() {
            switch (tag.field, tag.wireType) {
            case (1, 0): id = try reader.varint()
            case (2, 2): tags = try packed(try reader.delimited())
            case (3, 0): type = try reader.varint()
            case (4, 2):
                guard geometry == nil else { throw VectorTilesError(.invalid, subject, "has two geometries") }
                geometry = try packed(try reader.delimited()).map { UInt32(truncatingIfNeeded: $0) }
            case (1...4, _): throw VectorTilesError(.malformed, subject, "has field \(tag.field) in the wrong type")
            default: try reader.skip(tag)
            }
        }
        guard let geometry else { throw VectorTilesError(.invalid, subject, "has no geometry") }
        guard tags.count % 2 == 0 else { throw VectorTilesError(.invalid, subject, "has a key without a value") }
        var properties: [String: VectorTileValue] = [:]
        for index in stride(from: 0, to: tags.count, by: 2) {
            guard tags[index] < UInt64(keys.count), tags[index + 1] < UInt64(values.count) else {
                throw VectorTilesError(.invalid, subject, "points to a key or a value that there is not")
            }
            properties[keys[Int(tags[index])]] = values[Int(tags[index + 1])]
        }
        let decoder = GeometryDecoder(commands: geometry, isLenient: version == 1, subject: subject)
        return VectorTileFeature(id: id, geometry: try decoder.geometry(type: type), properties: properties)
    }

    private func packed(_ bytes: UnsafeRawBufferPointer) throws(VectorTilesError) -> [UInt64] {
        var reader = ProtobufReader(bytes)
        var result: [UInt64] = []
        while !reader.isAtEnd { result.append(try reader.varint()) }
        return result
    }
}
