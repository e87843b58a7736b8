// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

@Suite("A damaged shapefile is never read with success")
struct ShapefileDamageTests {
    @Test("Cut off anywhere, the records that are gone are counted", arguments: [0, 50, 99, 100, 120, 200, -2000, -1])
    func truncated(at place: Int) throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, count: 20)
        let whole = try folder.bytes("房屋.shp")
        let kept = place < 0 ? whole.count + place : place
        try folder.write(Array(whole[..<kept]), to: "房屋.shp")
        guard kept >= 100 else {
            #expect(throws: FormatsError.self) { try Reading(url) }
            return
        }
        let reading = try Reading(url)
        // Every record has the same size: 8 + 128 bytes.
        let complete = max(0, (kept - 100) / 136)
        #expect(reading.balance.read == complete)
        #expect(reading.balance.rejected == 20 - complete)
        #expect(reading.balance.declared == 20)
        #expect(reading.good.allSatisfy { $0.geometry != nil })
        let fault = try #require(reading.features.first { $0.fault != nil }?.fault)
        #expect(fault.name == "truncated" && fault.sentence.contains("of 20 lies beyond the end of the file"))
        #expect(reading.layer.notes.contains { $0.hasPrefix("The header of “房屋.shp” says") })
    }

    @Test("Cut off and without its .shx, the attributes still count the records")
    func truncatedWithoutIndex() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, count: 20)
        try folder.write(Array(folder.bytes("房屋.shp")[..<1500]), to: "房屋.shp")
        try FileManager.default.removeItem(at: folder.file("房屋.shx"))
        let reading = try Reading(url)
        #expect(reading.balance.read == 10 && reading.balance.rejected == 10)
        #expect(reading.balance.faults == ["truncated": 1, "no-shape": 9])
    }

    @Test("A record that claims what it has no bytes for is rejected alone", arguments: [36, 40])
    func impossibleCounts(offset: Int) throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, count: 20)
        var bytes = try folder.bytes("房屋.shp")
        let record = 100 + 5 * 136 + 8
        bytes.replaceSubrange(record + offset..<record + offset + 4, with: [0xFF, 0xFF, 0xFF, 0x7F])
        try folder.write(bytes, to: "房屋.shp")
        let reading = try Reading(url)
        #expect(reading.balance.read == 19 && reading.balance.faults == ["bad-counts": 1])
        #expect(reading.features[5].fault?.sentence.contains("2147483647") == true || offset == 36)
    }

    @Test("Such a record asks for no memory", .enabled(if: executable != nil), arguments: [36, 40])
    func memory(offset: Int) throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, count: 20)
        var bytes = try folder.bytes("房屋.shp")
        bytes.replaceSubrange(108 + offset..<112 + offset, with: [0xFF, 0xFF, 0xFF, 0x7F])
        try folder.write(bytes, to: "房屋.shp")
        let request = InspectJob.Request(dataset: DatasetRequest(path: url.path), readsRecords: true)
        let exit = try ChildProcess.run(
            job: InspectJob.name, request: Array(JSONEncoder().encode(request)), executable: executable
        ) { frame in
            let inspection = try JSONDecoder().decode(Inspection.self, from: Data(frame.payload))
            #expect(inspection.layers[0].balance?.rejected == 1)
        }
        #expect(exit.ending == .finished && exit.usage.peakMemoryBytes < 200 << 20)
    }

    @Test("Coordinates that are no numbers reject their record", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(value: Double) throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, count: 3)
        var bytes = try folder.bytes("房屋.shp")
        withUnsafeBytes(of: value.bitPattern.littleEndian) {
            bytes.replaceSubrange(100 + 8 + 48 + 16..<100 + 8 + 48 + 24, with: $0)
        }
        try folder.write(bytes, to: "房屋.shp")
        let reading = try Reading(url)
        #expect(reading.balance.read == 2 && reading.balance.faults == ["not-finite": 1])
    }

    @Test(
        "A .dbf whose header cannot be true is refused",
        arguments: [
            (4, [0xFF, 0xFF, 0xFF, 0x7F] as [UInt8]), (8, [0, 0]), (8, [0xFF, 0xFF]), (10, [0, 0]), (10, [5, 0]),
            (32 + 16, [0xFF, 0xFF]),
        ])
    func dbfHeader(offset: Int, bytes: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder)
        var table = try folder.bytes("房屋.dbf")
        table.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        try folder.write(table, to: "房屋.dbf")
        let error = try #require(throws: FormatsError.self) { try Reading(url) }
        #expect(error.kind == .damaged && error.description.hasPrefix("The .dbf of “房屋.shp”"), "\(error)")
    }

    @Test("A .dbf that ends early loses the records that it lacks")
    func shortTable() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, count: 20)
        let table = try folder.bytes("房屋.dbf")
        try folder.write(Array(table[..<(table.count / 2)]), to: "房屋.dbf")
        let reading = try Reading(url)
        #expect(reading.balance.total == 20)
        #expect(reading.balance.faults.keys.sorted() == ["no-attributes"])
        #expect(reading.balance.read > 0)
    }

    @Test("Missing companions are told; the rest is read")
    func companions() throws {
        for missing in [["shx"], ["dbf"], ["prj"], ["cpg"], ["shx", "dbf", "prj", "cpg"]] {
            let folder = try TemporaryFolder()
            let url = try Samples.shapefile(in: folder, count: 20)
            for ending in missing { try FileManager.default.removeItem(at: folder.file("房屋.\(ending)")) }
            let reading = try Reading(url)
            #expect(reading.balance.read == 20)
            for ending in missing where ending != "cpg" {
                #expect(reading.layer.notes.contains { $0.hasPrefix("There is no .\(ending)") }, "\(missing)")
            }
            if missing.contains("dbf") { #expect(reading.layer.schema.fields.isEmpty) }
            if missing.contains("prj") { #expect(reading.layer.crs == nil) }
        }
    }

    @Test("An index that is out of order, overlaps or points outside is not believed blindly")
    func index() throws {
        func changed(_ change: (inout [UInt8]) -> Void) throws -> Reading {
            let folder = try TemporaryFolder()
            let url = try Samples.shapefile(in: folder, count: 20)
            var bytes = try folder.bytes("房屋.shx")
            change(&bytes)
            try folder.write(bytes, to: "房屋.shx")
            return try Reading(url)
        }
        // Two records that changed places: legal.
        let swapped = try changed { bytes in
            let first = Array(bytes[100..<108])
            bytes.replaceSubrange(100..<108, with: bytes[108..<116])
            bytes.replaceSubrange(108..<116, with: first)
        }
        #expect(swapped.balance.read == 20)
        let overlapping = try changed { $0.replaceSubrange(108..<116, with: $0[100..<108]) }
        #expect(overlapping.balance.faults == ["overlapping": 1])
        let outside = try changed { $0.replaceSubrange(100..<104, with: [0x7F, 0xFF, 0xFF, 0xFF]) }
        #expect(outside.balance.faults == ["truncated": 1])
        let short = try changed { $0.removeLast(40) }
        #expect(short.balance.read == 20)
        #expect(short.layer.notes.contains { $0.contains("found without it") })
    }

    @Test("Records that are marked as deleted are skipped and counted")
    func deleted() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, count: 5)
        var table = try folder.bytes("房屋.dbf")
        let header = Int(table[8]) | Int(table[9]) << 8
        let size = Int(table[10]) | Int(table[11]) << 8
        table[header + 2 * size] = 0x2A
        try folder.write(table, to: "房屋.dbf")
        let reading = try Reading(url)
        #expect(reading.balance.read == 4 && reading.balance.skipped == 1)
        #expect(reading.features.map(\.row) == [1, 2, 4, 5])
    }

    @Test("A .prj that defines nothing leaves the reference system open")
    func senseless() throws {
        for text in ["shanghaicity", "http://example.org/4549.prj", "", "GEOGCS[", "\u{FEFF}"] {
            let folder = try TemporaryFolder()
            let url = try Samples.shapefile(in: folder, count: 1)
            try folder.write(text, to: "房屋.prj")
            let reading = try Reading(url)
            #expect(reading.layer.crs == nil, "\(text)")
            #expect(reading.layer.notes.contains { $0.hasPrefix("The .prj says") })
        }
    }
}
