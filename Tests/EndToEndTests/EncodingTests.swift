// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Formats
import Foundation
import SimpleFeatures
import Testing

/// Deliveries that say something else of their text than is true, or nothing.
@Suite struct `Text in another encoding than is said` {
    /// A district with a sound delivery and one that is judged.
    private func fixture(_ path: String, _ more: String = "") throws -> DistrictFixture {
        let fixture = try DistrictFixture(sources: Self.sources(path, more))
        try SampleFiles.write(3, to: fixture.directory.appendingPathComponent("maps/good.geojson"))
        return fixture
    }

    private static func sources(_ path: String, _ more: String) -> String {
        """
          - { id: good, town: "310112108", layer: buildings, path: maps/good.geojson }
          - id: judged
            town: "310112108"
            layer: buildings
            path: \(path)
            crs: "EPSG:4326"
            fields: { name: name }
        \(more)
        """
    }

    /// Writes what `district.yaml` says of the source that is judged.
    private func declare(_ path: String, _ more: String, in fixture: DistrictFixture) throws {
        try fixture.write(
            "name: 试验区\ngrid: { crs: \"EPSG:4549\", precision: 0.001 }\ntowns:\n"
                + "  - { code: \"310112108\", name: 梅陇镇 }\nsources:\n" + Self.sources(path, more), to: "district.yaml")
    }

    private func names(_ fixture: DistrictFixture) throws -> [String] {
        try fixture.query("SELECT name FROM buildings WHERE miaopu_source = 'judged' ORDER BY fid LIMIT 2")
    }

    @Test func `A lying cpg keeps a delivery out until somebody says what is right`() throws {
        let path = "maps/houses.shp"
        let fixture = try fixture(path)
        try SampleFiles.write(12, to: fixture.directory.appendingPathComponent(path))
        try fixture.write("UTF-8", to: "maps/houses.cpg")

        let report = try fixture.report()
        #expect(try report.source("good").outcome == "merged")
        let refused = try report.source("judged")
        #expect(refused.outcome == "quarantined")
        let need = try #require(refused.needs.first)
        #expect(need.contains("Its text is in GB18030, although the .cpg file says UTF-8"), "\(need)")
        #expect(need.contains("Values in GB18030 or in UTF-8: “梅陇镇"), "\(need)")
        #expect(need.components(separatedBy: " or “").count == 4, "\(need)")
        #expect(need.contains("Write `encoding: GB18030` if that is right") && need.contains("encoding_checked: true"))

        try declare(path, "    encoding: GBK", in: fixture)
        let overruled = try fixture.report().source("judged")
        #expect(overruled.outcome == "merged" && overruled.counts.accepted == 12, "\(overruled)")
        #expect(overruled.steps.first == "Text read as GBK, as declared.")
        #expect(try names(fixture) == ["梅陇镇1号楼", "梅陇镇2号楼"])
        let id = try #require(try fixture.query("SELECT min(fid) FROM buildings WHERE miaopu_source = 'judged'").first)
        let shown = try Program.run(["show", id, "--district", fixture.directory.path])
        #expect(shown.output.contains("Text read as GBK, as declared."), "\(shown)")

        // A wrong word of the district is held against the bytes as well.
        try declare(path, "    encoding: BIG5", in: fixture)
        let wrong = try #require(try fixture.report().source("judged").needs.first)
        #expect(wrong.contains("although BIG5 is declared"), "\(wrong)")
        try declare(path, "    encoding_checked: true", in: fixture)
        let checked = try fixture.report().source("judged")
        #expect(checked.outcome == "merged", "\(checked)")
        #expect(checked.notes.contains { $0.contains("Read as UTF-8 all the same, as `encoding_checked` says.") })
        #expect(checked.notes.contains { $0.contains("12 values held bytes that mean nothing") })
    }

    @Test func `Inspecting shows the verdict, three samples each way and how much was looked at`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("inspect-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("houses.shp")
        try SampleFiles.write(12, to: file)
        try Data("UTF-8".utf8).write(to: folder.appendingPathComponent("houses.cpg"))

        let text = try Program.run(["inspect", file.path])
        #expect(text.output.contains("encoding  GB18030, found by its bytes"), "\(text.output)")
        #expect(text.output.contains("doubt     Its text is in GB18030, although the .cpg file says UTF-8"))
        #expect(text.output.contains("reading   GB18030, score ") && text.output.contains("reading   UTF-8, score "))
        #expect(text.output.components(separatedBy: "    sample    “梅陇镇").count == 4, "\(text.output)")
        #expect(text.output.contains("looked at 12 of 12 records, 12 values beyond ASCII"))

        struct File: Decodable {
            struct Layer: Decodable {
                struct Description: Decodable { var encoding: Verdict? }
                var description: Description
            }
            struct Verdict: Decodable {
                struct Candidate: Decodable { var encoding: String }
                struct Sample: Decodable { var reading: String }
                struct Doubt: Decodable { var suggestion: String? }
                var name: String
                var candidates: [Candidate]
                var samples: [Sample]
                var doubts: [Doubt]
            }
            var layers: [Layer]
        }
        let json = try Program.run(["inspect", "--json", file.path])
        let files = try JSONDecoder().decode([File].self, from: Data(json.output.utf8))
        let verdict = try #require(files.first?.layers.first?.description.encoding)
        #expect(verdict.name == "GB18030" && verdict.doubts.first?.suggestion == "GB18030")
        #expect(verdict.candidates.count >= 3 && verdict.samples.count == 3)
        let said = try Program.run(["inspect", "--encoding", "GBK", file.path])
        #expect(said.output.contains("encoding  GBK, as declared") && !said.output.contains("doubt"), "\(said.output)")
    }

    @Test func `What nobody says is read where the bytes decide, and kept out where they do not`() throws {
        let path = "maps/table.csv"
        let fixture = try fixture(path)
        let gbk = try #require(TextEncoder(encoding: "GBK"))
        let many = "name,lon,lat\n" + (1...12).map { "梅陇镇虹梅南路\($0)号,121.3\($0),31.1\n" }.joined()
        try fixture.write(Data(try #require(gbk.encode(many))), to: path)
        let decided = try fixture.report(["--plan"]).source("judged")
        #expect(decided.notes.contains { $0.contains("the bytes decide for GB18030: of ") }, "\(decided)")

        try fixture.write(Data(try #require(gbk.encode("name,lon,lat\n蔷薇,121.3,31.1\n"))), to: path)
        let need = try #require(try fixture.report(["--plan"]).source("judged").needs.first)
        #expect(need.contains("Nobody says in which encoding its text is, and the bytes do not decide it"), "\(need)")
        #expect(need.contains("Candidates: GB18030 ("), "\(need)")
    }
}
