// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Rasterizing
import SimpleFeatures
import Snapshots
import SpatialIndexing
import TileMatrixSets
import VectorTiles

/// The features of one layer at one tile: what can be found, and a reader that
/// is moved from one to the next.
final class LayerSource {
    /// What the attributes are called, in the order of the reader's columns.
    let columnNames: [String]
    let row: any FeatureRow
    /// The square outside of which nothing is drawn, in cells; nil where the
    /// data ends nowhere.
    let extent: GridTile?
    private let grid: SnapshotGrid
    private let storage: Storage

    private enum Storage {
        case mapped(SnapshotLevel, MappedRow, Snapshot)
        case live([LiveItem], LiveRow)
    }

    private struct LiveItem {
        var feature: Int
        var geometry: LiveGeometry
    }

    /// The layer's data, or why there is none.
    static func make(_ content: LayerContent, _ frame: TileFrame) -> Result<[LayerSource], LayerFailure> {
        let set = frame.set
        switch content {
        case .snapshot(let snapshot):
            guard snapshot.tileMatrixSet.id == set.id else {
                return .failure(
                    LayerFailure(reason: "the snapshot was cut for \(snapshot.tileMatrixSet.id), not \(set.id)"))
            }
            return .success([LayerSource(snapshot, frame)])
        case .features(let features):
            guard let projection = LiveProjection(set) else {
                return .failure(LayerFailure(reason: "live features cannot be projected to \(set.crs)"))
            }
            return .success([LayerSource(features, projection, SnapshotGrid(set))])
        case .vectorTiles(let tiles):
            guard set.id == TileMatrixSet.webMercatorQuad.id else {
                return .failure(LayerFailure(reason: "vector tiles are of WebMercatorQuad, not \(set.id)"))
            }
            return .success(tiles.map { LayerSource($0, SnapshotGrid(set)) })
        case .pictures: return .failure(LayerFailure(reason: "pictures have no features"))
        }
    }

    private init(_ snapshot: Snapshot, _ frame: TileFrame) {
        extent = nil
        columnNames = snapshot.schema.fields.map(\.name)
        let row = MappedRow(snapshot.columns)
        self.row = row
        grid = snapshot.grid
        storage = .mapped(frame.level(of: snapshot), row, snapshot)
    }

    private init(_ features: [Feature], _ projection: LiveProjection, _ grid: SnapshotGrid) {
        self.grid = grid
        extent = nil
        columnNames = Set(features.lazy.flatMap(\.properties.keys)).sorted()
        let row = LiveRow(features.map { ($0.id, $0.properties) }, columnNames)
        self.row = row
        var items: [LiveItem] = []
        for (index, feature) in features.enumerated() {
            guard let geometry = feature.geometry else { continue }
            items += LiveGeometry.make(geometry, projection).map { LiveItem(feature: index, geometry: $0) }
        }
        storage = .live(items, row)
    }

    private init(_ tile: PlacedVectorTile, _ grid: SnapshotGrid) {
        self.grid = grid
        let square = grid.tile(tile.address, in: .webMercatorQuad)
        extent = square
        let features = tile.layer.features
        columnNames = Set(features.lazy.flatMap(\.properties.keys)).sorted()
        let row = LiveRow(
            features.map { ($0.id.flatMap { Int64(exactly: $0) }, $0.properties.mapValues(\.attributeValue)) },
            columnNames)
        self.row = row
        let items = features.enumerated().compactMap { index, feature in
            LiveGeometry(feature.geometry, extent: tile.layer.extent, square: square).map {
                LiveItem(feature: index, geometry: $0)
            }
        }
        storage = .live(items, row)
    }

    /// From cells to subpixels, once for each copy of the world that is seen.
    func grids(_ frame: TileFrame) -> [TileGrid] { frame.grids(grid) }

    /// Appends the numbers of the features whose box meets a box, in the order
    /// in which they are drawn.
    func search(_ box: GridBox, into found: inout [Int]) {
        switch storage {
        case .mapped(let level, _, _):
            level.search(box) { number in
                found.append(number)
                return true
            }
        case .live(let items, _):
            for (number, item) in items.enumerated() where item.geometry.box.intersects(box) { found.append(number) }
        }
    }

    /// Moves the reader to a feature.
    @inline(__always)
    func move(to number: Int) {
        switch storage {
        case .mapped(let level, let row, _): row.row = level.row(of: number)
        case .live(let items, let row): row.index = items[number].feature
        }
    }

    func id(of number: Int) -> Int64? {
        switch storage {
        case .mapped(let level, _, let snapshot): snapshot.featureID(row: level.row(of: number))
        case .live(let items, let row): row.id(items[number].feature)
        }
    }

    @inline(__always)
    func kind(of number: Int) -> SnapshotGeometryKind {
        switch storage {
        case .mapped(let level, _, _): level.geometry(of: number).kind
        case .live(let items, _): items[number].geometry.kind
        }
    }

    @inline(__always)
    func geometry(of number: Int) -> CellGeometry {
        switch storage {
        case .mapped(let level, _, _): .mapped(level.geometry(of: number))
        case .live(let items, _): .live(items[number].geometry)
        }
    }
}

/// Why a layer is missing from a tile.
struct LayerFailure: Error {
    var reason: String
}

/// Reads the attributes of a snapshot's row.
private final class MappedRow: FeatureRow {
    var row = 0
    private let columns: [SnapshotColumn]

    init(_ columns: [SnapshotColumn]) {
        self.columns = columns
    }

    func value(at column: Int) -> AttributeValue { columns[column].value(row: row) }

    func dictionaryCode(at column: Int) -> Int? { columns[column].code(row: row) }
}

/// Reads the properties of a live feature.
private final class LiveRow: FeatureRow {
    var index = 0
    private let features: [(id: Int64?, properties: [String: AttributeValue])]
    private let names: [String]

    init(_ features: [(id: Int64?, properties: [String: AttributeValue])], _ names: [String]) {
        self.features = features
        self.names = names
    }

    func id(_ index: Int) -> Int64? { features[index].id }

    func value(at column: Int) -> AttributeValue { features[index].properties[names[column]] ?? .null }
}

extension FeatureGeometryType {
    init(_ kind: SnapshotGeometryKind) {
        switch kind {
        case .points: self = .point
        case .lines: self = .lineString
        case .polygons: self = .polygon
        }
    }
}
