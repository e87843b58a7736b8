// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `The report of a merge` {
    /// Two parcels of two towns of which one lies three metres on the other, and
    /// a third with a seam that is closed; buildings of which one crosses itself,
    /// one has no geometry and one is far away.
    private static func district(reversed: Bool = false, name: String = "西镇") throws -> TestDistrict {
        var sources = [
            #"  - { id: west, town: "1", layer: parcels, path: maps/west.geojson, crs: "EPSG:4549" }"#,
            #"  - { id: east, town: "2", layer: parcels, path: maps/east.geojson, crs: "EPSG:4549" }"#,
            #"  - { id: south, town: "2", layer: parcels, path: maps/south.geojson, crs: "EPSG:4549" }"#,
            #"  - { id: houses, town: "1", layer: buildings, path: maps/houses.geojson, crs: "EPSG:4549" }"#,
        ]
        if reversed { sources.reverse() }
        let district = try TestDistrict(
            yaml: """
                name: 试验区
                grid: { crs: "EPSG:4549" }
                towns: [{ code: "1", name: "\(name)" }, { code: "2", name: 东镇 }]
                sources:
                \(sources.joined(separator: "\n"))
                """)
        try district.deliver(collection([box(629_900, 3_440_000, 630_000, 3_440_100)]), as: "west.geojson")
        try district.deliver(collection([box(629_997, 3_440_000, 630_100, 3_440_100)]), as: "east.geojson")
        try district.deliver(collection([box(629_900, 3_439_900, 630_100, 3_440_000.2)]), as: "south.geojson")
        let bow = "[[[629910,3440010],[629930,3440030],[629930,3440010],[629910,3440030],[629910,3440010]]]"
        try district.deliver(
            collection([
                box(629_940, 3_440_010, 629_950, 3_440_020), #"{"type":"Polygon","coordinates":\#(bow)}"#, "null",
                box(10_629_940, 3_440_010, 10_629_950, 3_440_020),
            ]), as: "houses.geojson")
        return district
    }

    private static func box(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> String {
        let ring = "[\(west),\(south)],[\(east),\(south)],[\(east),\(north)],[\(west),\(north)],[\(west),\(south)]"
        return #"{"type":"Polygon","coordinates":[[\#(ring)]]}"#
    }

    private func page(_ district: TestDistrict) throws -> String {
        try String(
            contentsOf: district.directory.appendingPathComponent(".miaopu/reports/merge.html"), encoding: .utf8)
    }

    @Test func `says what stands, also when nothing is read again`() throws {
        let district = try Self.district()
        let first = try district.merge()
        #expect(first.needsPerson)
        let found = Set(first.issueTotals.map { "\($0.outcome) \($0.kind) \($0.count)" })
        #expect(found.isSuperset(of: ["rejected null-geometry 1", "closed overlap 1", "open overlap 2"]), "\(found)")
        let bow = try #require(first.issues.first { $0.outcome == .repaired })
        #expect(bow.record == 2 && bow.town == "1" && bow.severity == .warning)
        #expect(bow.x.map { abs($0 - 629_920) < 11 } == true && bow.y.map { abs($0 - 3_440_020) < 11 } == true)
        let open = try #require(first.issues.first { $0.outcome == .open })
        #expect(open.sources == ["east", "west"] && open.town == nil && open.widthInMeters == 3)
        #expect(first.issues.map(\.outcome.severity) == first.issues.map(\.outcome.severity).sorted(by: rank))

        let again = try district.merge()
        #expect(again.changeSet == nil && again.needsPerson)
        #expect(again.issues == first.issues && again.issueTotals == first.issueTotals)
        #expect(try again.seams.map(json) == first.seams.map(json))
        #expect(again.sources.map(\.notes) == first.sources.map(\.notes))
        #expect(again.sources.map(\.needs) == first.sources.map(\.needs))
        // One source alone: the rest of the district is as it was.
        let single = try district.merge(only: ["east"])
        #expect(single.issues == first.issues)
    }

    private func rank(_ one: MergeReport.Severity, _ other: MergeReport.Severity) -> Bool {
        let all = MergeReport.Severity.allCases
        return all.firstIndex(of: one) ?? 0 < all.firstIndex(of: other) ?? 0
    }

    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test func `counts what it does not list`() throws {
        let district = try TestDistrict(["layer: buildings, path: maps/a.geojson"])
        try district.deliver(collection([square(0)] + Array(repeating: "null", count: 250)), as: "a.geojson")
        let report = try district.merge()
        let total = try #require(report.issueTotals.first { $0.kind == "null-geometry" })
        #expect(total.count == 250 && total.listed == StandingIssues.listedOfEach)
        #expect(report.issues.count { $0.kind == "null-geometry" } == StandingIssues.listedOfEach)
        #expect(try page(district).contains("另有 230 处"))
    }

    @Test func `names a source that was not merged`() throws {
        let district = try TestDistrict(["layer: buildings, path: maps/none.geojson"])
        let issue = try #require(try district.merge().issues.first)
        #expect(issue.outcome == .quarantined && issue.sources == ["source-0"] && issue.reason.contains("none.geojson"))
    }

    @Test func `is the same to the byte in whatever order sources stand`() throws {
        let (one, other) = (try Self.district(), try Self.district(reversed: true))
        #expect(try one.merge().json() == other.merge().json())
        #expect(try page(one) == page(other))
    }

    @Test func `is a layer of the map, which an undo takes along`() throws {
        let district = try Self.district()
        let report = try district.merge()
        let url = district.directory.appendingPathComponent("district.gpkg")
        func severities() throws -> [String] {
            var found: [String] = []
            try DistrictStore(opening: url).forEachFeature(in: IssueLayer.id) { feature in
                if !feature.geometry.isEmpty { found.append(feature.value(at: 0).description) }
            }
            return found.sorted()
        }
        let placed = report.issues.filter { $0.x != nil }
        #expect(try severities() == placed.map(\.severity.rawValue).sorted())
        #expect(try DistrictStore(opening: url).issueLayer().featureCount == placed.count)
        try district.undo(try #require(report.changeSet))
        #expect(try severities().isEmpty)
        #expect(try DistrictStore(opening: url).issueLayer().envelope.isEmpty)
    }

    @Test func `is a page that stands alone, whatever towns call things`() throws {
        let name = "<script>alert(1)</script>&'\u{202E}"
        let district = try Self.district(name: name)
        try district.merge()
        let page = try page(district)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#39;\u{FFFD}"))
        for forbidden in ["<script", "<img", "<link", "<iframe", "http://", "https://", "url(", "\u{202E}"] {
            #expect(!page.contains(forbidden), "\(forbidden)")
        }
        for tag in ["div", "figure", "tr", "span", "p", "svg"] { #expect(!page.contains("&lt;\(tag)"), "\(tag)") }
        // Before and after the closed overlap, and one each of the open one and the bow.
        #expect(page.components(separatedBy: "<figure>").count - 1 >= 3)
        #expect(page.contains("提交时 delivered") && page.contains("现状 now"))
        #expect(page.contains("miaopu slip 1"))
    }

    @Test func `names the slips that have something, and no others`() throws {
        let towns = try TwoTownsDistrict("parcels", west: "authority: 3,")
        let boxes = [("west", -100, "0.3"), ("east", 0, "100")].map { town, west, east in
            (town, "POLYGON ((\(west) 0, \(east) 0, \(east) 100, \(west) 100, \(west) 0))")
        }
        for (town, wkt) in boxes { try towns.deliver([.init("\"code\":\"\(town)\"", wkt)], town) }
        let report = try towns.district.merge()
        #expect(report.issues.map(\.kind) == ["overlap"])
        let page = try page(towns.district)
        #expect(page.contains("miaopu slip 2") && !page.contains("miaopu slip 1"))
    }

    @Test(arguments: [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"), (#"x" onload="y"#, "x&quot; onload=&quot;y"),
        ("it's", "it&#39;s"), ("梅陇镇", "梅陇镇"), ("one\ntwo\tthree", "one two three"),
        ("\u{0}\u{1B}[31m", "\u{FFFD}\u{FFFD}[31m"), ("a\u{200F}b", "a\u{FFFD}b"), ("]]>", "]]&gt;"), ("", ""),
    ])
    func `escapes text`(text: String, expected: String) {
        #expect(HTML.escaped(text) == expected)
        let piece: HTML = "<b title=\"\(text)\">\(text)</b>"
        #expect(piece.text == "<b title=\"\(expected)\">\(expected)</b>")
    }
}

@Suite struct `A picture's rectangle` {
    private let clip = PictureClip(box: Envelope(minX: 0, minY: 0, maxX: 10, maxY: 10))

    /// By the shoelace formula.
    private func area(_ ring: [Coordinate]) -> Double {
        abs(
            zip(ring, ring.dropFirst() + ring.prefix(1)).reduce(0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y } / 2)
    }

    /// Corners as x and y in turn, and the area that is left.
    private static let rings: [([Double], Double)] = [
        ([2, 2, 8, 2, 8, 8, 2, 8, 2, 2], 36), ([-5, -5, 5, -5, 5, 5, -5, 5, -5, -5], 25),
        ([-5, -5, 15, -5, 15, 15, -5, 15, -5, -5], 100), ([20, 20, 30, 20, 30, 30, 20, 20], 0),
        ([5, -5, 15, 5, 5, 15, -5, 5, 5, -5], 100), ([0, -10, 20, 10, 0, 10, 0, -10], 100),
        ([0, 0, 20, 0, 0, 20, 0, 0], 100),
    ]

    @Test(arguments: rings)
    func `cuts a ring to what lies in it`(ring: [Double], expected: Double) {
        let corners = stride(from: 0, to: ring.count, by: 2).map { Coordinate(x: ring[$0], y: ring[$0 + 1]) }
        let cut = clip.ring(corners)
        #expect(abs(area(cut) - expected) < 1e-9)
        #expect(cut.allSatisfy { clip.box.contains($0) })
    }

    @Test func `keeps the parts of a line that come near`() {
        let line = [(-20, 5), (-12, 5), (5, 5), (5, 30), (30, 30), (30, 5), (9, 5)].map { Coordinate(x: $0.0, y: $0.1) }
        let runs = clip.runs(line)
        #expect(runs.map(\.count) == [3, 2])
        #expect(runs.first?.first == Coordinate(x: -12, y: 5) && runs.last?.last == Coordinate(x: 9, y: 5))
    }
}
