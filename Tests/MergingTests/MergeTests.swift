// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Formats
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `A merge` {
    @Test func `of a file in parts reports each record once`() throws {
        let points = "layer: points, path: maps/a.geojson, from: { where: \"OGR_GEOMETRY = 'POINT'\" }"
        let areas = "layer: buildings, path: maps/a.geojson, from: { where: \"OGR_GEOMETRY = 'POLYGON'\" }"
        let district = try TestDistrict([points, areas])
        try district.deliver(
            collection([
                square(0), #"{"type":"Polygon","coordinates":[[[121,31],[121.1,31]]]}"#,
                #"{"type":"Point","coordinates":[121.4,31.1]}"#, #"{"type":"Point","coordinates":[null,31]}"#, "null",
                #"{"type":"Polygon","coordinates":[]}"#,
            ]), as: "a.geojson")
        let sources = try district.merge().sources
        #expect(sources.map(\.counts.read) == [6, 6])
        #expect(sources.map(\.counts.accepted) == [1, 1])
        #expect(sources.map(\.counts.skipped) == [4, 3])
        #expect(
            sources.map { $0.issues.filter { $0.kind == .rejected }.map(\.example) } == [
                ["Record 4 has a coordinate with something that is not a number."],
                [
                    "Record 6 has an empty POLYGON, without coordinates.",
                    "Record 2 has a ring of fewer than four positions and no other.",
                ],
            ])
        let left = "1 record without a geometry is left out: the condition asks for one."
        #expect(sources.allSatisfy { $0.notes.contains(left) })
    }

    @Test func `names a file of control points that is not there as district yaml does`() throws {
        let district = try TestDistrict(["layer: buildings, path: maps/a.geojson, crs: \"fit:maps/none.csv\""])
        try district.deliver(collection([square(0)]), as: "a.geojson")
        let problem = try #require(try district.merge().sources.first?.needs.first)
        #expect(problem.contains("control points “maps/none.csv”"), "\(problem)")
    }

    /// `MIAOPU_LONG=1` tries a thousand of each format.
    @Test(arguments: ["shp", "geojson", "gpkg", "kml", "dxf"])
    func `of a file with a few wrong bytes balances or refuses it`(ending: String) throws {
        let district = try TestDistrict(["layer: buildings, path: maps/a.\(ending), crs: \"EPSG:4326\""])
        let url = district.directory.appendingPathComponent("maps/a.\(ending)")
        let format = try #require(FileFormat(fileExtension: ending))
        let records = (0..<20).map { number -> FeatureRecord in
            let (west, south) = (121.3 + Double(number) * 0.001, 31.0)
            let ring = LinearRing([
                Coordinate(x: west, y: south), Coordinate(x: west, y: south + 0.0005),
                Coordinate(x: west + 0.0005, y: south + 0.0005), Coordinate(x: west, y: south),
            ])
            return FeatureRecord(
                id: Int64(number + 1), geometry: .polygon(Polygon(ring)), values: [.text("\(number)号")])
        }
        let schema = Schema(geometryType: .polygon, fields: [Field("name", .text)])
        let options = WritingOptions(format, crs: "EPSG:4326", encoding: "GBK")
        try DatasetWriter.write(records, schema: schema, to: url, options: options)
        let whole = try district.merge().sources[0].counts
        #expect(whole.accepted + whole.repaired == 20)

        let original = Array(try Data(contentsOf: url))
        let seed: UInt64 = 20_261_124
        var generator = SeededGenerator(seed: seed)
        let isLong = ProcessInfo.processInfo.environment["MIAOPU_LONG"] == "1"
        var refused = 0
        for number in 0..<(isLong ? 1000 : 8) {
            var mutant = original
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                mutant[Int.random(in: 0..<mutant.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            try district.deliver(mutant, as: "a.\(ending)")
            let source = try district.merge().sources[0]
            let counts = source.counts
            #expect(
                counts.read == counts.accepted + counts.repaired + counts.rejected + counts.skipped,
                "mutant \(number), seed \(seed)")
            if source.outcome == .quarantined { refused += 1 }
            #expect(source.outcome != .quarantined || source.needs.count == 1, "mutant \(number), seed \(seed)")
        }
        if isLong { print("\(refused) of 1000 mutants of .\(ending) were refused, the others merged") }
    }

    @Test func `without room for temporary files fails, and leaves the old district`() throws {
        let disk = FileManager.default.temporaryDirectory.appendingPathComponent("disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: disk) }
        guard try run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.path) else {
            print("skipped: a small disk cannot be mounted here")
            return
        }
        defer { _ = try? run("umount", "-l", disk.path) }

        let district = try TestDistrict(["layer: buildings, path: maps/a.geojson"])
        try district.deliver(wide(collection([square(0)])), as: "a.geojson")
        #expect(try district.merge(scratch: disk).sources[0].counts.accepted == 1)

        let large = collection((0..<1000).map { square($0) })
        try district.deliver(wide(large), as: "a.geojson")
        let error = try #require(throws: MergingError.self) { try district.merge(scratch: disk) }
        #expect(error.kind == .system)
        #expect(
            error.description.contains("“a.geojson” needs there: No space left on device; free some room"), "\(error)")
        try district.deliver(wide(collection([square(0)])), as: "a.geojson")
        let old = try district.merge().sources[0]
        #expect(old.outcome == .unchanged && old.counts.accepted == 1)
        try district.deliver(wide(large), as: "a.geojson")
        #expect(try district.merge().sources[0].counts.accepted == 1000)
    }

    /// Text in UTF-16, of which a child makes a copy in UTF-8.
    private func wide(_ utf8: [UInt8]) -> [UInt8] {
        [0xFF, 0xFE] + String(decoding: utf8, as: UTF8.self).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    private func run(_ arguments: String...) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
