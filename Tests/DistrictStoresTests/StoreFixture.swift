// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

@testable import DistrictStores

/// A folder of its own for each test, removed with it.
final class StoreFixture {
    let folder: URL
    var store: URL { folder.appendingPathComponent("district.gpkg") }

    static let grid = StoreReferenceSystem(
        id: 4549, name: "CGCS2000 / 3-degree Gauss-Kruger CM 120E", organization: "EPSG", organizationCode: 4549,
        definition: "LOCAL_CS[\"grid\"]")
    static let buildings = LayerDefinition(
        id: "buildings", title: "房屋",
        schema: Schema(
            geometryType: .multiPolygon,
            fields: [Field("name", .text, titles: ["zh": "名称"]), Field("levels", .integer), Field("site_m2", .real)]))

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// A source's record with nothing remarkable about it.
    static func record(_ id: String, slot: UInt32 = 7, layer: String = "buildings", count: Int) -> SourceRecord {
        var counts = SourceRecord.Counts()
        counts.read = count
        counts.accepted = count
        return SourceRecord(
            id: id, slot: slot, town: "310112108", layer: layer, path: "maps/\(id).shp", fileHash: "00",
            fingerprint: "01",
            crs: "EPSG:4549", crsOrigin: "declared", steps: "", accuracyInMeters: nil, encoding: nil, asOf: nil,
            counts: counts)
    }

    struct House {
        var row: Int64
        var x: Double
        var y: Double
        var name = "楼"
        var levels: AttributeValue = .integer(6)
        /// The identity; the row is it when there is none.
        var key: Int64?
    }

    /// Merges houses of ten metres as one source.
    @discardableResult
    func merge(
        _ houses: [House], source: String = "meilong", slot: UInt32 = 7, layer: LayerDefinition = buildings,
        issues: [RecordIssue] = [], failAfter: Int? = nil
    ) throws -> ChangeSet {
        try DistrictStore.merge(at: store, grid: Self.grid, summary: { _ in "merged \(source)" }) { transaction in
            try Self.write(
                houses, source, slot, layer, issues: issues, failAfter: failAfter, into: transaction)
        }.changes
    }

    struct Interrupted: Error {}

    static func write(
        _ houses: [House], _ source: String, _ slot: UInt32, _ layer: LayerDefinition, issues: [RecordIssue] = [],
        failAfter: Int? = nil, into transaction: MergeTransaction
    ) throws {
        try transaction.writeSource(id: source, slot: slot, town: "310112108", layer: layer) { writer in
            for (offset, house) in houses.enumerated() {
                if offset == failAfter { throw Interrupted() }
                try write(house, to: writer)
            }
            return (record(source, slot: slot, layer: layer.id, count: houses.count), issues)
        }
    }

    static func write(_ house: House, to writer: SourceWriter) throws {
        let ring = [(0.0, 0.0), (10, 0), (10, 10), (0, 10), (0, 0)].map {
            Coordinate(x: house.x + $0.0, y: house.y + $0.1)
        }
        let geometry = Geometry.multiPolygon(MultiPolygon([Polygon(LinearRing(ring))]))
        var blob: [UInt8] = []
        GeoPackageGeometry.encode(geometry, srsID: 4549, into: &blob)
        var hasher = Int64(truncatingIfNeeded: house.name.utf8.reduce(5381) { $0 &* 33 &+ Int($1) })
        hasher = hasher &* 31 &+ Int64(house.x * 1000) &* 17 &+ Int64(house.y * 1000)
        try blob.withUnsafeBytes { bytes in
            try writer.write(
                row: house.row, identity: house.key ?? house.row, contentHash: hasher, geometry: bytes,
                envelope: geometry.envelope, repair: nil
            ) { binder in
                binder.bind(house.name)
                binder.bind(house.levels)
                binder.bindNull()
            }
        }
    }

    func dump() throws -> [String] {
        var lines: [String] = []
        try DistrictStore(opening: store).canonicalDump { lines.append($0) }
        return lines
    }
}

/// Runs a program that is on the path; nil when there is none of that name.
func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String)? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if process.terminationStatus == 127 { return nil }
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}
