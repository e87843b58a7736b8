// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Snapshots
import TileMatrixSets

/// A folder for one test; taken away with the last reference.
final class ScratchFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("snapshots-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }
}

/// Minhang's middle in EPSG:3857.
let middle = Coordinate(x: 13_512_000, y: 3_650_000)

let buildingSchema = Schema(
    geometryType: .geometry,
    fields: [Field("name", .text), Field("levels", .integer), Field("height", .real), Field("listed", .boolean)])

/// A closed rectangle with its lower left corner at an offset from the middle.
func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> LinearRing {
    let west = middle.x + x
    let south = middle.y + y
    return LinearRing([
        Coordinate(x: west, y: south), Coordinate(x: west + width, y: south),
        Coordinate(x: west + width, y: south + height), Coordinate(x: west, y: south + height),
        Coordinate(x: west, y: south),
    ])
}

/// Houses on a grid with streets between them.
func houses(_ count: Int) -> [SnapshotFeature] {
    (0..<count).map { index in
        let (row, column) = (index / 100, index % 100)
        return SnapshotFeature(
            id: Int64(index + 1),
            geometry: .polygon(
                Polygon(rectangle(Double(column) * 20, Double(row) * 20, 10 + Double(index % 5), 8))),
            values: [
                index % 7 == 0 ? .null : .text("房屋 \(index % 300)"), .integer(Int64(index % 30)),
                .real(Double(index) / 8), .boolean(index % 2 == 0),
            ])
    }
}

@discardableResult
func write(_ features: [SnapshotFeature], schema: Schema = buildingSchema, to url: URL) throws -> SnapshotSummary {
    try SnapshotWriter.write(
        features: features, schema: schema, layer: "buildings", tileMatrixSet: .webMercatorQuad,
        dataVersion: "7", to: url)
}
