// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation
import SimpleFeatures
import Testing

@testable import Formats

/// The collections of samples of other projects: what opens there opens here,
/// what is broken on purpose is refused, and everything balances.
@Suite("The samples of GDAL, QGIS, mapshaper and others", .enabled(if: sharedData != nil && executable != nil))
struct SampleTreeTests {
    struct Tree: Sendable, CustomStringConvertible {
        var ending: String
        var opened: Int
        /// File names that must be refused.
        var refused: Set<String> = []
        var description: String { ".\(ending)" }
    }

    /// Refused beside what is damaged: GeoPackages that hold pictures only, and
    /// `.pbf` files that are vector tiles.
    static let trees = [
        Tree(ending: "shp", opened: 56),
        Tree(
            ending: "gpkg", opened: 13,
            refused: [
                "test_match_overview_factor.gpkg", "uint16-old-elevation-extension.gpkg", "two_raster_layers.gpkg",
            ]),
        Tree(ending: "gdb", opened: 4, refused: ["table_outside_gdbitems.gdb"]),
        Tree(ending: "tab", opened: 10), Tree(ending: "mif", opened: 4),
        Tree(ending: "dxf", opened: 24, refused: ["header_extended.dxf", "insert-too-many-errors.dxf"]),
        Tree(ending: "kml", opened: 14, refused: ["junk_content_after_valid_doc.kml", "truncated.kml"]),
        Tree(ending: "kmz", opened: 1), Tree(ending: "geojson", opened: 21), Tree(ending: "fgb", opened: 13),
        Tree(ending: "csv", opened: 24, refused: ["empty.csv"]), Tree(ending: "xlsx", opened: 5),
        Tree(ending: "osm", opened: 3), Tree(ending: "geojsonl", opened: 1), Tree(ending: "geojsons", opened: 1),
    ]

    static func files(_ ending: String) -> [URL] {
        guard let root = sharedData?.appendingPathComponent("formats") else { return [] }
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: root.path)) ?? []
        return names.filter { ($0 as NSString).pathExtension.lowercased() == ending }.sorted()
            .map { root.appendingPathComponent($0) }
    }

    @Test("are opened or refused as they ought to be", arguments: trees)
    func tree(tree: Tree) throws {
        var opened = 0
        var refused: Set<String> = []
        for url in Self.files(tree.ending) {
            do {
                let inspection = try inspect(url)
                for layer in inspection.layers {
                    guard let balance = layer.balance else { continue }
                    #expect(balance.declared == nil || balance.declared == balance.total, "\(url.path)")
                    #expect(layer.extent.map { [$0.minX, $0.minY, $0.maxX, $0.maxY].allSatisfy(\.isFinite) } ?? true)
                }
                if inspection.layers.contains(where: { $0.stop != nil }) {
                    refused.insert(url.lastPathComponent)
                } else {
                    opened += 1
                }
            } catch let error as FormatsError {
                refused.insert(url.lastPathComponent)
                #expect(error.description.contains(url.lastPathComponent) && error.description.hasSuffix("."))
            }
        }
        #expect(refused == tree.refused)
        #expect(opened == tree.opened)
    }

    @Test("Vector tiles that end in .pbf are no OpenStreetMap data")
    func tiles() throws {
        let refused = try Self.files("pbf").filter { url in
            do {
                return try inspect(url).layers.isEmpty
            } catch is FormatsError {
                return true
            }
        }
        #expect(refused.allSatisfy { $0.path.contains("/mvt/") } && !refused.isEmpty)
    }
}

@Suite("The maps of Shanghai", .enabled(if: sharedData != nil))
struct ShanghaiTests {
    private func url(_ path: String) throws -> URL { try #require(sharedData).appendingPathComponent(path) }

    @Test("The districts of 2017: GBK by the language byte, WGS 84 by the .prj")
    func districts() throws {
        let folder = try url("boundaries/shanghai_districts_2017_shp")
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix(".shp") })
        let reading = try Reading(folder.appendingPathComponent(name))
        #expect(reading.balance.read == 17 && reading.layer.encoding?.conclusion == .known("GBK"))
        #expect(reading.layer.encoding?.claim == EncodingClaim(.header, "GBK"))
        #expect(reading.column("NAME").contains(.text("闵行区")))
        #expect(reading.layer.crs?.wkt.contains("WGS_1984") == true)
    }

    @Test("The old crs member of the district outlines")
    func oldMember() throws {
        let reading = try Reading(url("boundaries/shanghai_districts_epsg4490.geojson"))
        #expect(reading.layer.crs == DeclaredCRS(authorityCode: "EPSG:4490", wkt: "EPSG:4490"))
        #expect(reading.balance.read == 16)
    }

    @Test("127 towns and 14,398 places to eat")
    func towns() throws {
        #expect(try Reading(url("boundaries/shanghai_towns_osm_127.geojson")).balance.read == 127)
        let food = try Reading(url("poi/shanghai_food.csv"))
        #expect(food.balance.read == 14_398 && food.layer.schema.geometryType == .point)
        #expect(food.features.allSatisfy { $0.geometry?.envelope.minX ?? 0 > 120 })
    }

    @Test("OpenStreetMap, every layer by itself", .enabled(if: executable != nil))
    func openStreetMap() throws {
        let inspection = try inspect(url("osm/helsinki.osm.pbf"))
        let counts = Dictionary(
            uniqueKeysWithValues: inspection.layers.map { ($0.description.name, $0.balance?.total) })
        #expect(
            counts == [
                "points": 8045, "lines": 3818, "multilinestrings": 233, "multipolygons": 1095, "other_relations": 232,
            ])
        let shapefile = try inspect(url("osm/krems.osm.gz"))
        #expect(shapefile.format == .osmXML && shapefile.layers.count == 5)
    }

    @Test("Astana, with more tags than fields", .enabled(if: executable != nil))
    func astana() throws {
        let layer = try #require(try inspect(url("perf/osm_astana.geojsonl.gz")).layers.first)
        #expect(layer.balance?.read == 50_835 && layer.description.schema.fields.count == 256)
        #expect(layer.geometryTypes.map(\.count).reduce(0, +) == 50_835)
    }
}
