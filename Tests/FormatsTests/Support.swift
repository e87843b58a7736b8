// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import ChildProcesses
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

let executable = BuiltProgram.path

/// The folder of real data, which is not part of the package.
let sharedData = SharedData.url("data")

/// Whether the slow cases run in full.
let isLong = ProcessInfo.processInfo.environment["MIAOPU_LONG"] == "1"

/// All of a layer, read in this process: for files that we wrote ourselves.
struct Reading {
    var dataset: Dataset
    var layer: LayerDescription
    var features: [RawFeature] = []
    var balance: ReadBalance

    init(_ url: URL, _ configure: (inout DatasetRequest) -> Void = { _ in }) throws {
        let scratch = try TemporaryFolder()
        var request = DatasetRequest(path: url.path)
        configure(&request)
        dataset = try Dataset(opening: request, scratch: scratch.url)
        layer = try #require(dataset.layers.first { $0.name == request.layer ?? $0.name })
        var features: [RawFeature] = []
        balance = try dataset.forEachFeature(in: layer.name) { features.append($0) }
        self.features = features
    }

    var good: [RawFeature] { features.filter { $0.fault == nil } }

    func column(_ name: String) -> [AttributeValue] {
        guard let index = layer.schema.index(of: name) else { return [] }
        return good.map { $0.values[index] }
    }
}

/// What a child says of a file; the child may die of it.
func inspect(
    _ url: URL, limits: ChildLimits = ChildLimits(cpuSeconds: 20, wallSeconds: 60),
    _ configure: (inout DatasetRequest) -> Void = { _ in }
) throws -> Inspection {
    var request = DatasetRequest(path: url.path)
    configure(&request)
    return try Inspector.inspect(request, limits: limits, executable: executable)
}

/// The refusal of a file, by a child.
func refusal(
    _ url: URL, limits: ChildLimits = ChildLimits(cpuSeconds: 20, wallSeconds: 60),
    _ configure: (inout DatasetRequest) -> Void = { _ in }
) -> FormatsError? {
    do {
        let inspection = try inspect(url, limits: limits, configure)
        return inspection.layers.compactMap(\.stop).first.map { FormatsError(.damaged, $0) }
    } catch {
        return error as? FormatsError
    }
}

enum Samples {
    static let schema = Schema(
        geometryType: .multiPolygon,
        fields: [
            Field("名称", .text), Field("层数", .integer), Field("面积", .real), Field("建成", .date),
        ])

    static func square(_ x: Double, _ y: Double, side: Double = 0.001) -> Polygon {
        Polygon(
            LinearRing([
                Coordinate(x: x, y: y), Coordinate(x: x, y: y + side), Coordinate(x: x + side, y: y + side),
                Coordinate(x: x + side, y: y), Coordinate(x: x, y: y),
            ]))
    }

    static func buildings(_ count: Int) -> [FeatureRecord] {
        (0..<count).map { number -> FeatureRecord in
            let shape = square(121.3 + Double(number) * 0.002, 31.1)
            let built: AttributeValue = number % 5 == 4 ? .null : .text("2010-06-\(10 + number % 20)")
            let values: [AttributeValue] = [
                .text("梅陇镇\(number + 1)号楼"), .integer(Int64(number % 30)), .real(Double(number) + 0.5), built,
            ]
            return FeatureRecord(id: Int64(number + 1), geometry: .polygon(shape), values: values)
        }
    }

    /// A shapefile of buildings, and what belongs to it.
    static func shapefile(
        in folder: TemporaryFolder, count: Int = 20, encoding: String = "GBK",
        mark: WritingOptions.EncodingMark = .codePageFile
    ) throws -> URL {
        let url = folder.file("房屋.shp")
        try DatasetWriter.write(
            buildings(count), schema: schema, to: url,
            options: WritingOptions(.shapefile, crs: "EPSG:4490", encoding: encoding, encodingMark: mark))
        return url
    }

    /// A GeoPackage of buildings, changed by statements of SQL.
    static func geoPackage(in folder: TemporaryFolder, count: Int = 20, statements: [String] = []) throws -> URL {
        let url = folder.file("buildings.gpkg")
        try DatasetWriter.write(
            buildings(count), schema: schema, to: url, options: WritingOptions(.geoPackage, crs: "EPSG:4490"))
        guard !statements.isEmpty else { return url }
        let flags = UInt32(GDAL_OF_VECTOR) | UInt32(GDAL_OF_UPDATE)
        let dataset = try #require(GDALOpenEx(url.path, flags, nil, nil, nil))
        for statement in statements {
            if let result = GDALDatasetExecuteSQL(dataset, statement, nil, nil) {
                GDALDatasetReleaseResultSet(dataset, result)
            }
        }
        GDALClose(dataset)
        return url
    }
}
