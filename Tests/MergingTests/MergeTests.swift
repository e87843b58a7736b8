// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import Merging

@Suite(.enabled(if: executable != nil)) struct `A merge` {
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
        let before = try Data(contentsOf: district.store)

        let large = collection((0..<1000).map { square($0) })
        try district.deliver(wide(large), as: "a.geojson")
        let error = try #require(throws: MergingError.self) { try district.merge(scratch: disk) }
        #expect(error.kind == .system)
        #expect(
            error.description.contains("“a.geojson” needs there: No space left on device; free some room"), "\(error)")
        #expect(try Data(contentsOf: district.store) == before)
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
