// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import Logging
import SimpleFeatures

@testable import TileServing

/// A small district in a folder of its own, removed with it: a square town and
/// some points, on the grid of EPSG:4549.
final class ServedDistrict {
    let folder: URL
    private var withIssues = false

    /// A square of two kilometres in 莘庄, on the grid.
    static let corner = Coordinate(x: 630_000, y: 3_443_000)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("served-\(UUID().uuidString)")
        try write(
            "district.yaml",
            """
            name: 试验区
            grid: { crs: "EPSG:4549", precision: 0.001 }
            towns:
              - { code: "310112101", name: 莘庄镇 }
            access: { hidden: [secrets] }
            """)
        for layer in ["towns", "trees", "secrets"] {
            try write(
                "layers/\(layer)/layer.yaml",
                """
                id: \(layer)
                titles: { zh: 层, en: "\(layer)" }
                geometry: \(layer == "towns" ? "MultiPolygon" : "Point")
                order: \(layer == "towns" ? 1 : 2)
                fields:
                  - { name: name, type: text, titles: { zh: 名称, en: Name } }
                """)
        }
        try write(
            "layers/towns/style.json",
            #"[{"id":"towns-fill","type":"fill","paint":{"fill-color":"rgb(255,0,0)","fill-antialias":false}}]"#)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func write(_ path: String, _ text: String) throws {
        let file = folder.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    func load() throws -> District {
        try District.load(from: folder, installed: InstalledFiles())
    }

    func server(options: ServingOptions = .patient) throws -> DistrictServer {
        try DistrictServer(district: try load(), plugins: nil, options: options, logger: Self.silence)
    }

    static var silence: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    /// Merges the town's square and so many trees, and one feature of a layer
    /// that must not be served.
    ///
    /// - Parameter withIssues: whether something is noted of the first record of each layer.
    func merge(trees: Int, withIssues: Bool = false) throws {
        let grid = StoreReferenceSystem(
            id: 4549, name: "CGCS2000 / 3-degree Gauss-Kruger CM 120E", organization: "EPSG",
            organizationCode: 4549, definition: "undefined")
        let store = folder.appendingPathComponent("district.gpkg")
        try DistrictStore.merge(at: store, grid: grid) { transaction in
            let (x, y) = (Self.corner.x, Self.corner.y)
            let square = [(0.0, 0.0), (2000, 0), (2000, 2000), (0, 2000), (0, 0)].map {
                Coordinate(x: x + $0.0, y: y + $0.1)
            }
            self.withIssues = withIssues
            try put(
                [.multiPolygon(MultiPolygon([Polygon(LinearRing(square))]))], "towns", .multiPolygon, 1, transaction)
            let points = (0..<trees).map { Geometry.point(Point(Coordinate(x: x + Double($0 % 40) * 50, y: y + 100))) }
            try put(points, "trees", .point, 2, transaction)
            try put(Array(points.prefix(1)), "secrets", .point, 3, transaction)
        }
    }

    private func put(
        _ geometries: [Geometry], _ layer: String, _ type: GeometryType, _ slot: UInt32, _ transaction: MergeTransaction
    ) throws {
        let definition = LayerDefinition(
            id: layer, title: layer, schema: Schema(geometryType: type, fields: [Field("name", .text)]))
        try transaction.writeSource(id: layer, slot: slot, town: "310112101", layer: definition) { writer in
            for (index, geometry) in geometries.enumerated() {
                var bytes: [UInt8] = []
                GeoPackageGeometry.encode(geometry, srsID: 4549, into: &bytes)
                try bytes.withUnsafeBytes { buffer in
                    try writer.write(
                        row: Int64(index + 1), identity: Int64(index + 1), contentHash: Int64(index + 1),
                        geometry: buffer, envelope: geometry.envelope, repair: nil, bindValues: { $0.bind("第\(index + 1)个") })
                }
            }
            var counts = SourceRecord.Counts()
            counts.read = geometries.count
            counts.accepted = geometries.count
            var field = SourceRecord.FieldOrigin(
                field: "name", from: "名称", type: "text", fromUnit: "亩", unit: "m²", isCoded: true)
            field.coverage.filled = geometries.count
            let record = SourceRecord(
                id: layer, slot: slot, town: "310112101", layer: layer, path: "maps/\(layer).shp", fileHash: "0",
                fingerprint: "\(geometries.count)", crs: "EPSG:4549", crsOrigin: "declared",
                steps: "read\nfit of /srv/secret/points.csv", accuracyInMeters: 0.5, encoding: "GBK", asOf: "2026-06-30",
                fields: [field], counts: counts)
            let place = geometries.first?.envelope.center
            let issue = RecordIssue(
                kind: .noted, row: 1, name: "looked-at", message: "Of \(layer).", x: place?.x, y: place?.y)
            return (record, withIssues ? [issue] : [])
        }
    }
}
