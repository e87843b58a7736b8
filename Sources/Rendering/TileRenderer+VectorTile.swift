// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import SimpleFeatures
import Snapshots
import TileMatrixSets
import VectorTiles

extension TileRenderer {
    /// The tile units of a vector tile, and how many are kept beyond each side.
    static let vectorTileExtent = 4096
    static let vectorTileBuffer = 64

    /// Writes the vector tile of all layers, with the account of what is in it.
    ///
    /// Each layer of the tile is called after the layer's id, and its features
    /// carry their ids and all attributes that they have. Layers of which
    /// nothing lies near the tile are left out. The bytes are not compressed.
    ///
    /// - Throws: `noSuchTile`.
    public func renderVectorTile(
        layers: [String: LayerContent], address: TileAddress, tileMatrixSet: TileMatrixSet = .webMercatorQuad
    ) throws(RenderingError) -> RenderedVectorTile {
        // Browsers draw a tile at twice its size at twice the density.
        let frame = try TileFrame(tileMatrixSet, address, tileSize: 1024)
        var tile = RenderedVectorTile(bytes: [], isEmpty: true, layers: [], featureCount: 0)
        for (name, content) in layers.sorted(by: { $0.key < $1.key }) {
            switch LayerSource.make(content, frame) {
            case .failure(let failure):
                tile.layers.append(TileLayerRecord(layer: name, outcome: .failed(failure.reason)))
                tile.isEmpty = false
            case .success(let sources) where sources.count != 1:
                let reason = "it is of vector tiles already"
                tile.layers.append(TileLayerRecord(layer: name, outcome: .failed(reason)))
                tile.isEmpty = false
            case .success(let sources):
                var writer = VectorLayerWriter(name, sources[0])
                writer.write(frame.set, address)
                writer.builder.write(to: &tile.bytes)
                tile.featureCount += writer.builder.featureCount
                tile.isEmpty = tile.isEmpty && writer.foundCount == 0
                tile.layers.append(
                    TileLayerRecord(layer: name, outcome: .drawn(dataVersion: content.dataVersion)))
            }
        }
        return tile
    }
}

/// Writes the features of one layer.
private struct VectorLayerWriter {
    var builder: VectorTileLayerBuilder
    private(set) var foundCount = 0

    private let source: LayerSource
    private var encoder = TileGeometryEncoder(
        extent: TileRenderer.vectorTileExtent, buffer: TileRenderer.vectorTileBuffer)
    private var points: [TilePoint] = []
    /// The numbers of values by dictionary code, for each column.
    private var valueNumbers: [[Int: UInt32?]]

    init(_ name: String, _ source: LayerSource) {
        self.source = source
        builder = VectorTileLayerBuilder(name: name, extent: TileRenderer.vectorTileExtent)
        valueNumbers = source.columnNames.map { _ in [:] }
    }

    mutating func write(_ set: TileMatrixSet, _ address: TileAddress) {
        let grid = TileGrid(
            SnapshotGrid(set), set, address, unitsPerTile: TileRenderer.vectorTileExtent)
        var found: [Int] = []
        source.search(grid.box(margin: Double(TileRenderer.vectorTileBuffer)), into: &found)
        foundCount = found.count
        for feature in found {
            source.move(to: feature)
            encode(source.geometry(of: feature), grid)
            guard !encoder.isEmpty else { continue }
            let id = source.id(of: feature).flatMap { UInt64(exactly: $0) }
            builder.addFeature(id: id, geometry: encoder, tags: tags())
        }
    }

    private mutating func encode(_ geometry: CellGeometry, _ grid: TileGrid) {
        switch geometry.kind {
        case .points: encoder.begin(.points)
        case .lines: encoder.begin(.lines)
        case .polygons: encoder.begin(.polygons)
        }
        for run in 0..<geometry.runCount {
            let startsPart = geometry.startsPart(run)
            points.removeAll(keepingCapacity: true)
            geometry.withRun(run) { cells in
                for index in stride(from: 0, to: cells.count - 1, by: 2) {
                    let position = grid.position(cells[index], cells[index + 1])
                    points.append(TilePoint(x: position.x, y: position.y))
                }
            }
            points.withUnsafeBufferPointer { points in
                switch geometry.kind {
                case .points: encoder.addPoints(points)
                case .lines: encoder.addLine(points)
                case .polygons: encoder.addRing(points, isExterior: startsPart)
                }
            }
        }
    }

    /// Keys and values of the feature at hand, in turn; null is left out.
    private mutating func tags() -> [UInt32] {
        var tags: [UInt32] = []
        for column in source.columnNames.indices {
            let number: UInt32?
            if let code = source.row.dictionaryCode(at: column) {
                if let known = valueNumbers[column][code] {
                    number = known
                } else {
                    number = VectorTileValue(source.row.value(at: column)).map { builder.valueNumber($0) }
                    valueNumbers[column][code] = .some(number)
                }
            } else {
                number = VectorTileValue(source.row.value(at: column)).map { builder.valueNumber($0) }
            }
            if let number { tags += [builder.keyNumber(source.columnNames[column]), number] }
        }
        return tags
    }
}
