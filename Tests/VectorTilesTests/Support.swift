// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import TestSupport
import VectorTiles

/// The fixtures of the vector-tile specification; nil where there are none.
let fixtures = SharedData.url("data/suites/mvt-fixtures")

func files(in folder: URL, withSuffix suffix: String) -> [URL] {
    let enumerator = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let files = (enumerator?.allObjects ?? []).compactMap { $0 as? URL }
    return files.filter { $0.path.hasSuffix(suffix) }.sorted { $0.path < $1.path }
}

func points(_ pairs: [(Int32, Int32)]) -> [TilePoint] { pairs.map { TilePoint(x: $0.0, y: $0.1) } }

extension TilePoint {
    static func random(in range: ClosedRange<Int32>, using generator: inout SeededGenerator) -> TilePoint {
        TilePoint(x: .random(in: range, using: &generator), y: .random(in: range, using: &generator))
    }
}

extension TileGeometryEncoder {
    mutating func line(_ pairs: [(Int32, Int32)]) {
        points(pairs).withUnsafeBufferPointer { addLine($0) }
    }

    mutating func ring(_ pairs: [(Int32, Int32)], isExterior: Bool = true) {
        points(pairs).withUnsafeBufferPointer { addRing($0, isExterior: isExterior) }
    }

    /// What was encoded, read back from a tile.
    func readBack() throws -> VectorTileGeometry? {
        var builder = VectorTileLayerBuilder(name: "layer")
        builder.addFeature(id: 1, geometry: self, tags: [])
        var bytes: [UInt8] = []
        builder.write(to: &bytes)
        return try VectorTile(bytes).layers.first?.features.first?.geometry
    }
}

/// Whether a position lies inside an odd number of rings.
func isInside(_ rings: [[TilePoint]], _ x: Double, _ y: Double) -> Bool {
    var inside = false
    for ring in rings {
        guard var previous = ring.last else { continue }
        for point in ring {
            if (Double(point.y) > y) != (Double(previous.y) > y) {
                let share = (y - Double(point.y)) / Double(previous.y - point.y)
                if x < Double(point.x) + share * Double(previous.x - point.x) { inside.toggle() }
            }
            previous = point
        }
    }
    return inside
}
