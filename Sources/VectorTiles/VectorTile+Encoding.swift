// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension VectorTile {
    /// The tile as bytes, not compressed. Layers without features are left out.
    ///
    /// Rings are turned and cleaned as the specification asks; nothing is
    /// clipped.
    public func encoded() -> [UInt8] {
        var tile: [UInt8] = []
        for layer in layers { layer.write(to: &tile) }
        return tile
    }
}

extension VectorTileLayer {
    func write(to tile: inout [UInt8]) {
        var builder = VectorTileLayerBuilder(name: name, extent: extent)
        // The clip square is so large that nothing is cut.
        var encoder = TileGeometryEncoder(extent: 1 << 29, buffer: 1 << 29)
        for feature in features {
            switch feature.geometry {
            case .unknown: continue
            case .points(let points):
                encoder.begin(.points)
                points.withUnsafeBufferPointer { encoder.addPoints($0) }
            case .lines(let lines):
                encoder.begin(.lines)
                for line in lines { line.withUnsafeBufferPointer { encoder.addLine($0) } }
            case .polygons(let rings):
                encoder.begin(.polygons)
                for (index, ring) in rings.enumerated() {
                    let isExterior = index == 0 || TileGeometryEncoder.twiceArea(ring) > 0
                    ring.withUnsafeBufferPointer { encoder.addRing($0, isExterior: isExterior) }
                }
            }
            let tags = feature.properties.sorted { $0.key < $1.key }.flatMap { key, value in
                [builder.keyNumber(key), builder.valueNumber(value)]
            }
            builder.addFeature(id: feature.id, geometry: encoder, tags: tags)
        }
        builder.write(to: &tile)
    }
}
