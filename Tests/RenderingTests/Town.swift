// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MapStyles
import Rendering
import SimpleFeatures
import Snapshots
import TestSupport
import TileMatrixSets

/// A small invented town around (121.4, 31.1), the same for every test.
enum Town {
    static let seed: UInt64 = 20_260_901

    /// The middle in web Mercator metres, and the tile of level 14 there.
    static let center = project(Coordinate(x: 121.4, y: 31.1))
    static let level14 = tile(z: 14)

    static func tile(z: Int) -> TileAddress {
        let span = 2 * Double.pi * 6_378_137 / Double(1 << z)
        let half = Double.pi * 6_378_137
        return TileAddress(z: z, x: Int((center.x + half) / span), y: Int((half - center.y) / span))
    }

    static func project(_ coordinate: Coordinate) -> Coordinate {
        Coordinate(
            x: coordinate.x * .pi / 180 * 6_378_137,
            y: asinh(tan(coordinate.y * .pi / 180)) * 6_378_137)
    }

    static func unproject(_ coordinate: Coordinate) -> Coordinate {
        Coordinate(
            x: coordinate.x / 6_378_137 * 180 / .pi,
            y: atan(sinh(coordinate.y / 6_378_137)) * 180 / .pi)
    }

    /// Rectangles of houses in rows, of four uses, some with a yard.
    static let houses: [SnapshotFeature] = {
        var generator = SeededGenerator(seed: seed)
        var features: [SnapshotFeature] = []
        let uses = ["residential", "industrial", "school", "shop"]
        for row in -12..<12 {
            for column in -12..<12 {
                let x = center.x + Double(column) * 60 + .random(in: -8...8, using: &generator)
                let y = center.y + Double(row) * 60 + .random(in: -8...8, using: &generator)
                let width = Double.random(in: 15...45, using: &generator)
                let height = Double.random(in: 10...45, using: &generator)
                let turn = Double.random(in: -0.4...0.4, using: &generator)
                func ring(_ scale: Double) -> LinearRing {
                    let corners = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1), (-1, -1)].map { corner in
                        let (dx, dy) = (corner.0 * width / 2 * scale, corner.1 * height / 2 * scale)
                        return Coordinate(
                            x: x + dx * cos(turn) - dy * sin(turn), y: y + dx * sin(turn) + dy * cos(turn))
                    }
                    return LinearRing(corners)
                }
                let hasYard = Int.random(in: 0..<5, using: &generator) == 0
                features.append(
                    SnapshotFeature(
                        id: Int64(features.count + 1),
                        geometry: .polygon(Polygon(ring(1), interiorRings: hasYard ? [ring(0.5)] : [])),
                        values: [
                            .text(uses[Int.random(in: 0..<4, using: &generator)]),
                            .integer(Int64.random(in: 1...30, using: &generator)),
                        ]))
            }
        }
        return features
    }()

    /// Wandering lines through the town and far beyond it.
    static let roads: [SnapshotFeature] = {
        var generator = SeededGenerator(seed: seed + 1)
        return (0..<24).map { index in
            var x = center.x + .random(in: -900...900, using: &generator)
            var y = center.y + .random(in: -900...900, using: &generator)
            var heading = Double.random(in: 0..<6.28, using: &generator)
            let line = (0..<Int.random(in: 2...60, using: &generator)).map { _ in
                heading += .random(in: -0.7...0.7, using: &generator)
                x += cos(heading) * .random(in: 10...120, using: &generator)
                y += sin(heading) * .random(in: 10...120, using: &generator)
                return Coordinate(x: x, y: y)
            }
            return SnapshotFeature(
                id: Int64(index), geometry: .lineString(LineString(line)),
                values: [.text(index % 3 == 0 ? "primary" : "residential")])
        }
    }()

    static let trees: [SnapshotFeature] = {
        var generator = SeededGenerator(seed: seed + 2)
        return (0..<300).map { index in
            let place = Coordinate(
                x: center.x + .random(in: -900...900, using: &generator),
                y: center.y + .random(in: -900...900, using: &generator))
            return SnapshotFeature(
                id: Int64(index), geometry: .point(Point(place)),
                values: [.real(.random(in: 1...9, using: &generator))])
        }
    }()

    static let houseSchema = Schema(geometryType: .polygon, fields: [Field("use", .text), Field("levels", .integer)])
    static let roadSchema = Schema(geometryType: .lineString, fields: [Field("class", .text)])
    static let treeSchema = Schema(geometryType: .point, fields: [Field("height", .real)])

    static func snapshots() throws -> [String: LayerContent] {
        [
            "houses": .snapshot(try snapshot("houses", houses, houseSchema)),
            "roads": .snapshot(try snapshot("roads", roads, roadSchema)),
            "trees": .snapshot(try snapshot("trees", trees, treeSchema)),
        ]
    }

    static func snapshot(_ layer: String, _ features: [SnapshotFeature], _ schema: Schema) throws -> Snapshot {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("miaopu-\(UUID().uuidString).snapshot")
        defer { try? FileManager.default.removeItem(at: url) }
        try SnapshotWriter.write(
            features: features, schema: schema, layer: layer, tileMatrixSet: .webMercatorQuad, dataVersion: "7",
            to: url)
        return try Snapshot(mapping: url)
    }

    /// The same features as a plugin would hand them over.
    static func live(_ features: [SnapshotFeature], _ schema: Schema) -> LayerContent {
        .features(
            features.map { feature in
                Feature(
                    id: feature.id,
                    geometry: feature.geometry?.mapCoordinates { $0.map(unproject) },
                    properties: Dictionary(uniqueKeysWithValues: zip(schema.fields.map(\.name), feature.values)))
            })
    }

    /// A style of the layers that a test is about, as JSON.
    static func style(_ layers: String) throws -> Style {
        try Style(
            parsing: """
                { "version": 8, "sources": { "town": { "type": "vector", "url": "/tiles/town.json" } },
                  "layers": [ \(layers) ] }
                """)
    }
}
