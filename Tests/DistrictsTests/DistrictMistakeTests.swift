// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import Testing

/// A district with one source of which a line is replaced.
private func source(_ lines: String) -> String {
    """
    name: A
    grid: { crs: "EPSG:4549" }
    towns: [{ code: "310112108", name: 梅陇镇 }]
    sources:
      - id: a
        town: "310112108"
        layer: buildings
        path: maps/a.shp
    \(lines.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
    """
}

@Suite struct DistrictMistakeTests {
    @Test func `all mistakes are told at once with line, value and what is accepted`() throws {
        let found = try mistakes(
            in: """
                name: A
                grid: { crs: "EPSG:4549", precision: 0.3 }
                townes: []
                towns:
                  - { code: "310112108", name: 梅陇镇 }
                  - { code: "310112108", name: 浦江镇 }
                sources:
                  - id: Meilong
                    layer: buildings
                    path: a.shp
                  - id: b
                    town: "310112801"
                    layer: building
                    path: ../a.shp
                    crs: "ESPG:4549"
                    as_of: 30.6.2026
                    encoding: GKB
                """)
        let text = found.map(\.description)
        #expect(text.count == 10, "\(text.joined(separator: "\n"))")
        #expect(text.contains { $0.hasPrefix("district.yaml:2: grid.precision: \"0.3\" is not a precision") })
        #expect(
            text.contains { $0.hasPrefix("district.yaml:3: there is no key \"townes\"") && $0.hasSuffix("\"towns\"?") })
        #expect(text.contains { $0.hasPrefix("district.yaml:6: towns[1].code: the town code \"310112108\" is taken") })
        #expect(
            text.contains { $0.hasPrefix("district.yaml:8: sources[0].id: \"Meilong\" is not an id; accepted: a to z") }
        )
        #expect(text.contains { $0.hasPrefix("district.yaml:12: sources[1].town") && $0.contains("\"310112108\"?") })
        #expect(text.contains { $0.hasPrefix("district.yaml:13: sources[1].layer") && $0.hasSuffix("\"buildings\"?") })
        #expect(text.contains { $0.hasPrefix("district.yaml:14: sources[1].path") && $0.contains("..") })
        #expect(
            text.contains(
                "district.yaml:15: sources[1].crs: \"ESPG:4549\" is not a coordinate reference system; accepted: EPSG:n, "
                    + "a PROJ string, GCJ-02, BD-09, fit:FILE.csv; did you mean \"EPSG:4549\"?"))
        #expect(text.contains { $0.hasPrefix("district.yaml:16: sources[1].as_of: \"30.6.2026\" is not a date") })
        #expect(text.contains { $0.hasPrefix("district.yaml:17: sources[1].encoding") && $0.hasSuffix("\"GBK\"?") })
    }

    @Test(
        arguments: [
            ("path: /etc/passwd", "relative"), ("path: maps/../../a.shp", ".."), ("path: .", "names no file"),
            ("path: 'C:\\a.shp'", "relative"), ("path: a\\b.shp", "/"),
        ])
    func `a path that leaves the district is refused`(line: String, word: String) throws {
        let found = try mistakes(in: source("").replacingOccurrences(of: "path: maps/a.shp", with: line))
        #expect(found.count == 1)
        #expect(found.first?.sentence.contains(word) == true, "\(found)")
    }

    @Test(
        arguments: [
            ("GCJ02", "GCJ-02"), ("gcj-2", "GCJ-02"), ("BD09ll", "BD-09"), ("WGS84", "EPSG:4326"),
            ("4549", "EPSG:4549"),
            ("ESPG:4549", "EPSG:4549"), ("CGCS2000", "EPSG:4490"), ("points.csv", "fit:points.csv"),
        ])
    func `a mistyped reference system is answered with the one that was meant`(typed: String, meant: String) throws {
        let found = try mistakes(in: source("crs: \(typed)"))
        #expect(found.first?.sentence.hasSuffix("did you mean \"\(meant)\"?") == true, "\(found)")
    }

    @Test func `fields, units and codes are checked against the layer`() throws {
        let found = try mistakes(
            in: source(
                """
                fields:
                  level: 层数
                  site_m2: { from: 占地, unit: 万元 }
                  height_m: { from: 高, unit: mm2 }
                values:
                  use: { 住宅: residental }
                """)
        ).map(\.description)
        #expect(found.count == 4, "\(found)")
        #expect(found.contains { $0.contains("fields.level") && $0.hasSuffix("did you mean \"levels\"?") })
        #expect(found.contains { $0.contains("万元 cannot be told in m²") })
        #expect(found.contains { $0.contains("\"mm2\" is not a unit") })
        #expect(found.contains { $0.contains("values.use.住宅") && $0.hasSuffix("did you mean \"residential\"?") })
    }

    @Test func `a policy against GCJ-02 refuses declarations of it`() throws {
        let found = try mistakes(in: source("crs: BD-09") + "\npolicy: { gcj02: refuse }\n")
        #expect(found.count == 1)
        #expect(found.first?.sentence.contains("policy") == true)
    }

    @Test func `two sources with one id, or with one number in the store, are refused`() throws {
        var ids: [UInt32: String] = [:]
        var twins: (String, String)?
        for n in 0..<100_000 {
            let id = "s\(n)"
            if let other = ids.updateValue(id, forKey: SourceDefinition.slot(of: id)) {
                twins = (other, id)
                break
            }
        }
        let (one, other) = try #require(twins)
        func district(_ first: String, _ second: String) -> String {
            "name: A\ngrid: { crs: \"EPSG:4549\" }\nsources:\n"
                + [first, second].map { "  - { id: \($0), layer: roads, path: a.shp }\n" }.joined()
        }
        #expect(try mistakes(in: district(one, other)).first?.sentence.contains("rename one") == true)
        #expect(try mistakes(in: district("a", "a")).first?.sentence.contains("taken already, in line 4") == true)
        #expect(try mistakes(in: district("a", "b")).isEmpty)
    }
}
