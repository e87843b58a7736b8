// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing
import Encodings
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

@Suite("Archives are decompressed under ceilings, and lead nowhere")
struct ArchiveTests {
    private static let feature = Array(
        #"{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[121,31]}}"#.utf8)

    private func read(_ members: [ZipBuilder.Member], _ configure: (inout DatasetRequest) -> Void = { _ in }) throws
        -> Reading
    {
        let folder = try TemporaryFolder()
        return try Reading(folder.write(ZipBuilder.archive(members), to: "delivery.zip"), configure)
    }

    private func refused(_ members: [ZipBuilder.Member]) throws -> FormatsError {
        try #require(throws: FormatsError.self) { try read(members) }
    }

    @Test("A shapefile in a folder of an archive, with a name in GBK")
    func shapefile() throws {
        let source = try TemporaryFolder()
        _ = try Samples.shapefile(in: source, count: 7)
        let name = try #require(TextEncoder(encoding: "GBK")?.encode("交付/房屋"))
        let members = try ["shp", "shx", "dbf", "prj", "cpg"].map { ending in
            var member = ZipBuilder.Member("", try source.bytes("房屋.\(ending)"))
            member.name = name + Array(".\(ending)".utf8)
            member.flags = 0
            return member
        }
        let reading = try read(
            members + [ZipBuilder.Member("__MACOSX/房屋.shp", [1]), ZipBuilder.Member("readme.txt", [65])])
        #expect(reading.layer.name == "房屋" && reading.balance.read == 7)
        #expect(reading.layer.encoding?.name == "GBK" && reading.layer.crs != nil)
    }

    @Test("Several maps in one archive are its layers; equal names are told apart")
    func severalMaps() throws {
        let members = ["a/roads.geojson", "b/roads.geojson", "c.geojson"].map { ZipBuilder.Member($0, Self.feature) }
        let folder = try TemporaryFolder()
        let url = try folder.write(ZipBuilder.archive(members), to: "x.zip")
        let scratch = try TemporaryFolder()
        let dataset = try Dataset(opening: DatasetRequest(path: url.path), scratch: scratch.url)
        #expect(dataset.layers.map(\.name) == ["roads", "b/roads.geojson/roads", "c"])
        #expect(try Reading(url) { $0.layer = "b/roads.geojson/roads" }.balance.read == 1)
    }

    @Test("What is wrong with a file inside an archive names both; archives are not offered inside of one")
    func sentences() throws {
        let damaged = try refused([ZipBuilder.Member("a/b.geojson", Array("{".utf8))])
        #expect(damaged.description.contains("“a/b.geojson in delivery.zip”"), "\(damaged)")
        let folder = try TemporaryFolder()
        let packed = try Deflate.compress(Array("{".utf8), format: .gzip)
        let error = try #require(throws: FormatsError.self) {
            try Reading(folder.write(packed, to: "c.geojson.gz"))
        }
        #expect(error.description.contains("“c.geojson.gz”"), "\(error)")
        let bare = try refused([ZipBuilder.Member("readme.txt", [65])])
        #expect(bare.description.contains(".geojson") && !bare.description.contains(".gz"), "\(bare)")
        let other = try #require(throws: FormatsError.self) { try Reading(folder.write([65], to: "d.txt")) }
        #expect(other.description.hasSuffix(".zip .gz."), "\(other)")
    }

    @Test("Every format may come as .gz, members of it put together")
    func gzip() throws {
        let folder = try TemporaryFolder()
        let halves = [Self.feature[..<40], Self.feature[40...]]
        let packed = try halves.flatMap { try Deflate.compress(Array($0), format: .gzip) }
        let reading = try Reading(folder.write(packed, to: "a.geojson.gz"))
        #expect(reading.balance.read == 1 && reading.layer.name == "a")
        let cut = try folder.write(Array(packed.dropLast(10)), to: "b.geojson.gz")
        #expect(throws: FormatsError.self) { try Reading(cut) }
        let plain = try folder.write(Self.feature, to: "c.geojson.gz")
        #expect(throws: FormatsError.self) { try Reading(plain) }
    }

    @Test("Members of .gz of one size are all read", arguments: [1, 7])
    func equalMembers(count: Int) throws {
        let line = Self.feature + [0x0A]
        let part = (0..<1000).flatMap { _ in line }
        let packed = try Deflate.compress(part, format: .gzip)
        let folder = try TemporaryFolder()
        let url = try folder.write((0..<count).flatMap { _ in packed }, to: "a.geojsonl.gz")
        #expect(try Reading(url).balance.read == 1000 * count)
    }

    @Test("KMZ holds one KML, workbooks are archives too")
    func kmz() throws {
        let kml = """
            <?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
            <Placemark><name>塔</name><Point><coordinates>121.4,31.1,0</coordinates></Point></Placemark>
            </Document></kml>
            """
        let folder = try TemporaryFolder()
        let image = ZipBuilder.Member("files/a.png", [1, 2, 3])
        let archive = try ZipBuilder.archive([image, ZipBuilder.Member("doc.kml", Array(kml.utf8))])
        let reading = try Reading(folder.write(archive, to: "a.kmz"))
        #expect(reading.column("Name") == [.text("塔")])
        let empty = try folder.write(ZipBuilder.archive([image]), to: "b.kmz")
        #expect(throws: FormatsError.self) { try Reading(empty) }
        let fake = try folder.write(ZipBuilder.archive([image]), to: "c.xlsx")
        #expect(throws: FormatsError.self) { try Reading(fake) }
    }

    @Test(
        "Names that lead out of the archive are refused",
        arguments: [
            "../evil.geojson", "a/../../evil.geojson", "/etc/evil.geojson", "C:\\evil.geojson", "..\\evil.geojson",
            "a\nb.geojson", "a\0b.geojson", "./a.geojson", String(repeating: "x", count: 300) + ".geojson",
            (0..<20).map { "d\($0)/" }.joined() + "a.geojson",
        ])
    func slip(name: String) throws {
        let error = try refused([ZipBuilder.Member(name, Self.feature)])
        #expect(error.kind == .unsafe, "\(error)")
        #expect(!error.description.contains("\n") && !error.description.contains("\0"))
    }

    @Test("Nothing outside of the scratch folder is touched")
    func outside() throws {
        let folder = try TemporaryFolder()
        try folder.write("CANARY", to: "evil.geojson")
        let scratch = folder.file("scratch")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        var link = ZipBuilder.Member("maps", Array(folder.url.path.utf8))
        link.unixType = 0xA000
        for members in [
            [ZipBuilder.Member("../evil.geojson", Self.feature)],
            [ZipBuilder.Member("../../evil.geojson", Self.feature)],
            [ZipBuilder.Member(folder.file("evil.geojson").path, Self.feature)],
            [link, ZipBuilder.Member("maps/evil.geojson", Self.feature)],
        ] {
            let url = try folder.write(ZipBuilder.archive(members), to: "x.zip")
            #expect(throws: FormatsError.self) {
                try Dataset(opening: DatasetRequest(path: url.path), scratch: scratch)
            }
        }
        #expect(try folder.bytes("evil.geojson") == Array("CANARY".utf8))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(names.sorted() == ["evil.geojson", "scratch", "x.zip"])
    }

    @Test(
        "Archives that may hold hard links are none of the kinds that are opened", arguments: ["tar", "tgz", "tar.gz"])
    func otherArchives(ending: String) throws {
        let folder = try TemporaryFolder()
        let url = try folder.write([UInt8](repeating: 0, count: 1024), to: "x.\(ending)")
        let error = try #require(throws: FormatsError.self) { try Reading(url) }
        #expect(error.kind == .unrecognised && error.description.contains("ending"), "\(error)")
    }

    @Test("Links, devices, doubled names, names that differ in case only, passwords and nested archives are refused")
    func strange() throws {
        var link = ZipBuilder.Member("a.geojson", Array("/etc/passwd".utf8))
        link.unixType = 0xA000
        #expect(try refused([link]).kind == .unsafe)
        for type: UInt32 in [0x1000, 0x2000, 0x6000, 0xC000] {
            var device = ZipBuilder.Member("a.geojson", [])
            device.unixType = type
            #expect(try refused([device]).kind == .unsafe)
        }
        let plain = ZipBuilder.Member("a.geojson", Self.feature)
        #expect(try refused([plain, plain]).kind == .unsafe)
        #expect(try refused([plain, ZipBuilder.Member("A.GeoJSON", Self.feature)]).kind == .unsafe)
        var locked = plain
        locked.flags = 1
        #expect(try refused([locked]).description.contains("password"))
        #expect(try refused([plain, ZipBuilder.Member("more.zip", [1])]).kind == .unsafe)
        #expect(try refused([ZipBuilder.Member("readme.txt", [65])]).kind == .unrecognised)
        var strange = plain
        strange.method = 14
        #expect(try refused([strange]).kind == .unrecognised)
    }

    @Test("Sizes that lie, contents that are damaged, and a missing end are refused")
    func damaged() throws {
        var short = ZipBuilder.Member("a.geojson", Self.feature)
        short.claimedCount = 10
        #expect(try refused([short]).kind == .damaged)
        var long = ZipBuilder.Member("a.geojson", Self.feature)
        long.claimedCount = 1000
        #expect(try refused([long]).kind == .damaged)
        let folder = try TemporaryFolder()
        let whole = try ZipBuilder.archive([ZipBuilder.Member("a.geojson", Self.feature)])
        for cut in [1, 21, 22, 40, 60] {
            let url = try folder.write(Array(whole.dropLast(cut)), to: "cut.zip")
            #expect(throws: FormatsError.self) { try Reading(url) }
        }
        var generator = SeededGenerator(seed: 99)
        for _ in 0..<300 {
            var bytes = whole
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
            let url = try folder.write(bytes, to: "flip.zip")
            // Either it is refused or it is all there.
            if let reading = try? Reading(url) { #expect(reading.balance.total == 1) }
        }
    }

    @Test("Too many members")
    func members() throws {
        let error = try refused((0..<201).map { ZipBuilder.Member("\($0).geojson", Self.feature) })
        #expect(error.kind == .tooLarge && error.description.contains("201 files; 200"))
        let member = ZipBuilder.Member("", [])
        for count in [100_000, 65_536 + 5] {
            let crowd = (0..<count).map { number in
                var member = member
                member.name = Array("\(number).geojson".utf8)
                return member
            }
            // The directory has sixteen bits for their number; five would pass.
            let error = try refused(crowd)
            #expect(error.kind == .tooLarge || error.kind == .damaged, "\(error)")
        }
    }

    @Test("Members that share their bytes are a bomb")
    func overlap() throws {
        let first = ZipBuilder.Member("a.geojson", Self.feature)
        var second = ZipBuilder.Member("b.geojson", Self.feature)
        second.claimedOffset = 0
        #expect(try refused([first, second]).kind == .unsafe)
    }

    @Test("A member of a thousand times its size stops at the ratio; little is written")
    func bomb() throws {
        let zeroes = [UInt8](repeating: 0x20, count: 200 << 20)
        var member = ZipBuilder.Member("a.geojson", zeroes)
        member.deflated = try Deflate.compress(zeroes, format: .raw)
        let ratio = zeroes.count / (member.deflated?.count ?? 1)
        #expect(ratio > 500)
        let folder = try TemporaryFolder()
        for claimed in [nil, 1000, 3 << 30] {
            member.claimedCount = claimed
            let url = try folder.write(ZipBuilder.archive([member]), to: "bomb.zip")
            let scratch = try TemporaryFolder()
            #expect(throws: FormatsError.self) {
                try Dataset(opening: DatasetRequest(path: url.path), scratch: scratch.url)
            }
            let written = try FileManager.default.subpathsOfDirectory(atPath: scratch.url.path)
                .reduce(0) { $0 + Staging.byteCount(ofPath: scratch.file($1).path) }
            #expect(written <= 101 * (member.deflated?.count ?? 0) + 1 << 20)
        }
        // 3 MB that would be 3 GB.
        let packed = try Deflate.compress(zeroes, format: .gzip)
        let bomb = (0..<15).flatMap { _ in packed }
        for bytes in [packed, bomb] {
            let url = try folder.write(bytes, to: "bomb.geojson.gz")
            let error = try #require(throws: FormatsError.self) { try Reading(url) }
            #expect(error.kind == .tooLarge && error.description.contains("100 times its size"))
        }
    }

    @Test("All members together have a ceiling")
    func total() throws {
        let error = try #require(throws: FormatsError.self) {
            try read((0..<5).map { ZipBuilder.Member("\($0).geojson", Self.feature) }) { $0.limits.inflatedBytes = 300 }
        }
        #expect(error.kind == .tooLarge)
    }
}
