// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Demonstrating
import Districts
import Foundation
import Projections
import SimpleFeatures
import TestSupport
import Testing

/// A demo district in a folder that goes away with it.
private final class WrittenDemo: Sendable {
    /// The one of seed 1 that the tests of the suite read and leave as it is.
    @TaskLocal static var shared: WrittenDemo?

    let url: URL
    let summary: DemoDistrict.Summary

    init(seed: UInt64 = 1) throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("miaopu-\(UUID().uuidString)")
        summary = try DemoDistrict.write(to: url, seed: seed)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// The bytes of every file, by its path.
    func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        let paths = FileManager.default.enumerator(atPath: url.path)
        while let path = paths?.nextObject() as? String {
            let file = url.appendingPathComponent(path)
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory), !isDirectory.boolValue {
                files[path] = try Data(contentsOf: file)
            }
        }
        return files
    }
}

/// Writes one district for the whole suite: it takes seconds in a debug build.
private struct SharedDemo: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let demo = try WrittenDemo()
        try await WrittenDemo.$shared.withValue(demo) { try await function() }
    }
}

private let shippedLayers = InstalledFiles(layers: PackageFolder.url.appendingPathComponent("layers"))

@Suite(SharedDemo()) struct DemoDistrictTests {
    private let demo: WrittenDemo

    init() throws {
        demo = try #require(WrittenDemo.shared)
    }

    @Test func `the written district loads without a mistake, and every file is there`() throws {
        let district = try District.load(from: demo.url, installed: shippedLayers)
        #expect(district.towns.count == 14)
        #expect(district.sources.count == demo.summary.sources)
        for source in district.sources {
            #expect(FileManager.default.fileExists(atPath: district.url(of: source.path).path), "\(source.path)")
        }
        for code in district.towns.map(\.code) {
            let layers = Set(district.sources.filter { $0.town == code }.map(\.layer))
            #expect(layers.isSuperset(of: ["towns", "buildings", "roads", "parcels", "points"]), "\(code)")
        }
        for plugin in ["flood", "water", "assets", "property", "community"] {
            let file = demo.url.appendingPathComponent("maps/plugins/\(plugin)/import.json")
            #expect(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) is [String: Any])
        }
    }

    @Test func `the same seed writes the same bytes`() throws {
        let one = try demo.files()
        let same = try WrittenDemo().files()
        #expect(one.keys.sorted() == same.keys.sorted())
        for (path, bytes) in one { #expect(same[path] == bytes, "\(path)") }
    }

    @Test func `a folder that holds a district is left alone`() throws {
        let before = try demo.files()
        let error = #expect(throws: DemonstratingError.self) { try DemoDistrict.write(to: demo.url) }
        #expect(error?.description.contains("already") == true)
        #expect(try demo.files() == before)
    }

    @Test func `control points tie the towns' own planes to the grid within centimetres`() throws {
        let district = try District.load(from: demo.url, installed: shippedLayers)
        let grid = try CoordinateReferenceSystem(parsing: district.grid.crs)
        for town in ["maqiao", "xinzhuang"] {
            let source = try #require(district.source("\(town)-buildings"))
            let file = try #require(district.controlPoints(of: source))
            let text = try String(contentsOf: file, encoding: .utf8)
            let points = try ControlPoint.read(csv: text, file: file.lastPathComponent)
            #expect(points.count { $0.role == .control } == 6)
            var system: CoordinateReferenceSystem?
            if case .fit(let fit)? = source.crs, let name = fit.from {
                system = try CoordinateReferenceSystem(parsing: name)
            }
            let fit = try #require(try CoordinateTransform.fitted(from: system, to: grid, points: points).fit)
            #expect(fit.rms < 0.03, "\(town): \(fit.rms)")
            #expect((fit.checkMaximum ?? 1) < 0.05, "\(town): \(fit.checkMaximum ?? 1)")
        }
    }

    @Test func `at least five reference systems, three formats and three encodings are delivered`() throws {
        let district = try District.load(from: demo.url, installed: shippedLayers)
        let endings = Set(district.sources.map { URL(fileURLWithPath: $0.path).pathExtension })
        #expect(endings.isSuperset(of: ["shp", "geojson", "gpkg", "fgb", "mif", "kml", "dxf", "csv", "xlsx"]))
        #expect(Set(district.sources.compactMap(\.encoding)).isSuperset(of: ["GBK", "GB18030"]))
        #expect(Set(district.sources.compactMap(\.crs)).isSuperset(of: [.gcj02, .bd09, .named("EPSG:4528")]))
    }
}
