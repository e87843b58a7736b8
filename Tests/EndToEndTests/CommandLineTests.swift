// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// What a person types, rightly and wrongly.
@Suite struct `The command line` {
    @Test func `tells all mistakes in district.yaml at once, each with its line and what is accepted`() throws {
        let fixture = try DistrictFixture()
        try fixture.write(
            """
            nmae: 闵行区
            grid: { crs: "EPSG:4549", precison: 0.001 }
            towns:
              - { code: "310112108", name: 梅陇镇 }
              - { code: "310112108", name: 莘庄镇 }
            sources:
              - id: a b
                town: "310112109"
                layer: bulidings
                path: ../x.shp
                crs: EPSG4549
                encoding: GKB
                as_of: 2026-13-40
                fields: { levels: { form: 层数 } }
                values: { use: 住宅 }
                authority: ten
            plugins:
              flood: { hosting: proces }
            polcy: {}

            """, to: "district.yaml")
        let result = try fixture.merge()
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        let expected = [
            (1, "nmae", "name"), (2, "precison", "precision"), (5, "310112108", "line 4"), (7, "a b", "hyphens"),
            (8, "310112109", "310112108"), (9, "bulidings", "buildings"), (10, "../x.shp", ".."),
            (11, "EPSG4549", "EPSG:4549"), (12, "GKB", "GBK"), (13, "2026-13-40", "yyyy-mm-dd"), (14, "form", "from"),
            (15, "住宅", "key: value"), (16, "ten", "whole number"), (18, "proces", "process"), (19, "polcy", "policy"),
        ]
        for (line, bad, accepted) in expected {
            let sentences = result.errors.split(separator: "\n").filter { $0.hasPrefix("district.yaml:\(line): ") }
            #expect(sentences.contains { $0.contains(bad) && $0.contains(accepted) }, "line \(line): \(sentences)")
        }
        #expect(try fixture.files() == ["district.yaml", "maps"])
    }

    @Test(arguments: [
        ("name: x\n\tgrid: 1\n", "district.yaml:2"), ("name: [x\n", "YAML"), ("", "empty"),
        ("name: x\ngrid: { crs: \"EPSG:454\", precision: 0.001 }\nsources: []\n", "EPSG:454"),
        ("name: x\ngrid: { crs: \"EPSG:4490\", precision: 0.001 }\nsources: []\n", "degrees"),
    ])
    func `refuses a district.yaml that is none`(text: String, word: String) throws {
        let fixture = try DistrictFixture()
        try fixture.write(text, to: "district.yaml")
        let result = try fixture.merge()
        #expect(result.status == 2)
        #expect(result.errors.contains(word) && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }

    @Test func `reads a district.yaml as editors on Windows save it, in a folder with spaces and in Chinese`() throws {
        let fixture = try DistrictFixture()
        let folder = "新 区/map data"
        try fixture.write(DeliveryRound.good, to: "\(folder)/maps/房 屋.geojson")
        try fixture.write(
            "\u{FEFF}name: 闵行区\r\ngrid: { crs: \"EPSG:4549\", precision: 0.001 }\r\nsources:\r\n"
                + "  - { id: a, layer: buildings, path: \"maps/房 屋.geojson\" }\r\n", to: "\(folder)/district.yaml")
        let path = fixture.directory.appendingPathComponent(folder).path
        // A shell without a locale.
        let result = try Program.run(["merge", "--district", path], environment: ["LANG": "C", "LC_ALL": "C"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("闵行区 on EPSG:4549"))
        let outside = try Program.run([
            "tile", "district", "14", "13716", "6700", "-o", "\(path)/t.png", "--district", path,
        ])
        #expect(outside.status == 0, "\(outside.errors)")
    }

    @Test func `answers wrong arguments with a sentence and the exit code 2`() throws {
        let fixture = try `A district on the air`.fixture()
        let district = ["--district", fixture.directory.path]
        let picture = ["-o", fixture.directory.appendingPathComponent("t.png").path]
        for (arguments, word) in [
            (["frob"], "frob"), (["merge", "--jsno"], "--json"), (["tile", "district", "14", "x", "3"] + picture, "x"),
            (["tile", "district", "99", "1", "1"] + picture + district, "24"),
            (["tile", "nix", "4", "1", "1"] + picture + district, "buildings"),
            (["tile", "district", "4", "1", "1", "-o", "t.gif"] + district, ".png"), (["inspect"], "files"),
            (["serve", "--port", "99999"] + district, "65535"),
            (["init", fixture.directory.path, "/nowhere"], "already"),
            (["init", fixture.directory.path + "/new", "/nowhere"], "/nowhere"), (["demo", "x", "--scale", "0"], "64"),
            (["plugin", "import", "nix", fixture.directory.path + "/district.yaml"] + district, "water"),
            (["plugin", "list", "--district", "/nowhere"], "district.yaml"),
        ] {
            let result = try Program.run(arguments)
            #expect(result.status == 2 && result.errors.contains(word), "\(arguments): \(result)")
            #expect(!result.errors.contains("Error Domain"))
        }
        for (arguments, word) in [
            (["tile", "district", "4", "1", "1", "-o", "/nonexistent/t.png"] + district, "/nonexistent"),
            (["serve", "--host", "300.1.1.1", "--port", "0"] + district, "300.1.1.1"),
            (["demo", "/proc/none"], "/proc/none"),
        ] {
            let result = try Program.run(arguments)
            #expect(result.status == 3 && result.errors.contains(word), "\(arguments): \(result)")
            #expect(!result.errors.contains("Error Domain") && !result.errors.contains("Error:"), "\(result.errors)")
        }
    }

    @Test func `ends quietly when its reader goes away`() throws {
        let fixture = try `A district on the air`.fixture()
        let result = try #require(
            try Program.tool(
                "bash",
                [
                    "-c", "set -o pipefail; \"$0\" merge --district \"$1\" | true; echo ${PIPESTATUS[0]}",
                    Program.executable.path,
                    fixture.directory.path,
                ]))
        #expect(result.output == "0\n" && result.errors.isEmpty, "\(result)")
    }

    @Test func `lets one merge of a district wait for the other`() throws {
        let fixture = try `A merge that is cut off`.fixture(8000)
        let errors = Pipe()
        let first = try Program.start(["merge", "--district", fixture.directory.path], output: Pipe(), errors: errors)
        _ = errors.fileHandleForReading.availableData
        let second = try fixture.merge()
        #expect(second.status == 2 && second.errors.contains("Another merge of this district is running"), "\(second)")
        first.waitUntilExit()
        #expect(first.terminationStatus == 0)
        #expect(try fixture.query("SELECT count(*) FROM buildings") == ["16000"])
    }

    @Test func `takes a folder with whatever lies in it`() throws {
        let fixture = try DistrictFixture()
        try fixture.write(DeliveryRound.good, to: "town/梅陇镇/房屋.geojson")
        for name in ["规划.pdf", ".DS_Store", "Thumbs.db", "~$表.xlsx", "项目.qgz", "README.txt", "图.dwg"] {
            try fixture.write("x", to: "town/junk/\(name)")
        }
        let junk = fixture.directory.appendingPathComponent("town/junk")
        for (name, target) in [("gone.shp", "/nonexistent"), ("loop", ".."), ("passwd.csv", "/etc/passwd")] {
            try FileManager.default.createSymbolicLink(
                atPath: junk.appendingPathComponent(name).path, withDestinationPath: target)
        }
        #expect(mkfifo(junk.appendingPathComponent("pipe.geojson").path, 0o600) == 0)
        try fixture.write(DeliveryRound.good, to: "town/junk/closed/a.geojson")
        let closed = junk.appendingPathComponent("closed").path
        chmod(closed, 0)
        defer { chmod(closed, 0o700) }

        let district = fixture.directory.appendingPathComponent("new")
        let result = try Program.run(["init", district.path, fixture.directory.appendingPathComponent("town").path])
        #expect(result.status == 0, "\(result.errors)")
        for name in ["规划.pdf", "项目.qgz", "README.txt", "图.dwg", "gone.shp", "loop", "passwd.csv", "pipe.geojson"] {
            #expect(result.output.contains("Skipped junk/\(name): "), "\(name): \(result.output)")
        }
        #expect(!result.output.contains("~$") && !result.output.contains("DS_Store"))
        // For the owner of everything no folder is closed.
        if getuid() != 0 { #expect(result.output.contains("Skipped junk/closed: Permission")) }
        let yaml = try String(contentsOf: district.appendingPathComponent("district.yaml"), encoding: .utf8)
        if getuid() != 0 { #expect(!yaml.contains("name: junk")) }
        #expect(FileManager.default.fileExists(atPath: district.appendingPathComponent("maps/梅陇镇/房屋.geojson").path))
        let kept = try FileManager.default.contentsOfDirectory(
            atPath: district.appendingPathComponent("maps/junk").path)
        #expect(!kept.contains("pipe.geojson") && !kept.contains("passwd.csv") && !kept.contains("loop"), "\(kept)")
        #expect(try Program.run(["merge", "--district", district.path]).status == 0)
    }
}
