// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `Records without a key that changed` {
    private struct House {
        var name: String
        var place: Int
        /// How much larger it is to the east, in its own widths.
        var growth = 0.0
    }

    private static let first = (0..<6).map { House(name: "\($0)号", place: $0) }
    /// Another name, another outline, one that is new and one that is gone.
    private static var second: [House] {
        var houses = first
        houses[1].name = "新楼"
        houses[2].growth = 0.4
        houses[5] = House(name: "9号", place: 40)
        return houses.reversed()
    }

    private func deliver(_ houses: [House], to district: TestDistrict) throws {
        let features = houses.map { house in
            let (west, south) = (121.3 + Double(house.place) * 0.001, 31.0)
            let (east, north) = (west + 0.0003 * (1 + house.growth), south + 0.0002)
            let ring = "[\(west),\(south)],[\(east),\(south)],[\(east),\(north)],[\(west),\(north)],[\(west),\(south)]"
            return #"{"type":"Feature","properties":{"name":"\#(house.name)"},"geometry":"#
                + #"{"type":"Polygon","coordinates":[[\#(ring)]]}}"#
        }
        try district.deliver(
            Array(#"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#.utf8), as: "a.geojson")
    }

    private func delivered(_ houses: [House]) throws -> TestDistrict {
        let district = try TestDistrict(["layer: buildings, path: maps/a.geojson"])
        try deliver(houses, to: district)
        try district.merge()
        return district
    }

    private func ids(_ district: TestDistrict) throws -> [String: Int64] {
        var ids: [String: Int64] = [:]
        let store = try DistrictStore(opening: district.directory.appendingPathComponent("district.gpkg"))
        try store.forEachFeature(in: "buildings") { feature in ids[feature.value(at: 0).description] = feature.id }
        return ids
    }

    private func dump(_ district: TestDistrict) throws -> [String] {
        var lines: [String] = []
        let store = try DistrictStore(opening: district.directory.appendingPathComponent("district.gpkg"))
        try store.canonicalDump { lines.append($0) }
        return lines
    }

    private func file(_ district: TestDistrict) -> URL {
        district.directory.appendingPathComponent("matches/source-0.yaml")
    }

    private typealias Entry = (feature: Int64, was: String, content: String)

    private func write(_ entries: [Entry], to district: TestDistrict) throws {
        let lines = entries.map {
            "- { feature: \($0.feature), was: \"\($0.was)\", content: \"\($0.content)\", accept: true }\n"
        }
        try FileManager.default.createDirectory(
            at: file(district).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(lines.joined().utf8).write(to: file(district))
    }

    /// What stands for the geometry and values of the house of a name.
    private func known(_ name: String, in district: TestDistrict) throws -> String {
        let cells = try dump(district).first { $0.contains("\tname=s\"\(name)\"") }?.split(separator: "\t") ?? []
        let identity = cells.first { $0.hasPrefix("miaopu_identity=i") }?.dropFirst("miaopu_identity=i".count)
        return MatchList.Entry.text(ofContent: try #require(identity.flatMap { Int64($0) }))
    }

    private func counts(_ report: MergeReport) -> [[Int]] {
        report.layers.map { [$0.inserted, $0.updated, $0.deleted] }
    }

    @Test func `are proposed, and keep the earlier id once a person has accepted them`() throws {
        let district = try delivered(Self.first)
        let before = try ids(district)
        try deliver(Self.second, to: district)
        let report = try district.merge()
        #expect(counts(report) == [[3, 0, 3]])
        let matches = try #require(report.matches.first)
        #expect(matches.open.map(\.feature) == [before["1号"], before["2号"]])
        #expect(matches.open.map(\.otherFields) == [["name"], []])
        #expect(matches.open[0].overlap == 1)
        #expect(abs((matches.open[1].overlap ?? 0) - 1 / 1.4) < 0.001)
        #expect(report.text.contains("2 matches to review: write `accept: true` or `false` into matches/source-0.yaml"))
        #expect(!report.needsPerson)
        let reports = district.directory.appendingPathComponent(".miaopu/reports/merge.html")
        let page = try String(contentsOf: reports, encoding: .utf8)
        #expect(page.contains("<li><b>2 × 可能是同一要素的记录") && !page.contains("Nothing waits for a person"))
        #expect(page.contains("重合 100 %") && page.contains(">name</td>"))

        // What stands is said again, and nothing is done unasked.
        let again = try district.merge()
        #expect(again.changeSet == nil)
        #expect(again.matches.map(\.open) == [matches.open])

        var text = try String(contentsOf: file(district), encoding: .utf8)
        let halves = text.components(separatedBy: "  accept:\n")
        #expect(halves.count == 3)
        text = "\(halves[0])  accept: true\n\(halves[1])  accept: false\n\(halves[2])"
        try Data(text.utf8).write(to: file(district))
        let accepted = try district.merge()
        #expect(counts(accepted) == [[0, 1, 0]])
        #expect(accepted.matches.map(\.accepted) == [1])
        #expect(accepted.matches.map(\.openCount) == [0])
        let after = try ids(district)
        #expect(after["新楼"] == before["1号"])
        #expect(after["2号"] != before["2号"])
        #expect(try String(contentsOf: file(district), encoding: .utf8) == text)
        let store = try DistrictStore(opening: district.directory.appendingPathComponent("district.gpkg"))
        #expect(try store.feature(try #require(after["新楼"])).past.map { $0.attributes["name"] } == [.text("1号")])
        #expect(try district.merge().changeSet == nil)

        // A fresh merge never had those features, and gives the same district.
        let fresh = try TestDistrict(copying: district)
        try FileManager.default.copyItem(
            at: file(district).deletingLastPathComponent(), to: file(fresh).deletingLastPathComponent())
        let first = try fresh.merge()
        #expect(first.sources[0].notes.contains { $0.contains("has not had such a feature \(before["1号"] ?? 0)") })
        #expect(!first.needsPerson)
        #expect(try dump(fresh) == dump(district))

        try district.undo(3)
        #expect(try ids(district)["新楼"] == matches.open[0].present)
        try district.undo(4)
        #expect(try ids(district) == after)
    }

    @Test func `that are accepted by a plan are changed and never go`() throws {
        let district = try delivered(Self.first)
        let before = try ids(district)
        try deliver(Self.second, to: district)
        let plan = try district.merge(isPlan: true)
        #expect(!FileManager.default.fileExists(atPath: file(district).path))
        let open = try #require(plan.matches.first).open
        try write(open.map { ($0.feature, $0.was, $0.content) }, to: district)
        let report = try district.merge()
        #expect(counts(report) == [[1, 2, 1]])
        #expect(report.matches.map(\.accepted) == [2])
        let after = try ids(district)
        #expect(after["新楼"] == before["1号"] && after["2号"] == before["2号"])

        try district.undo(2)
        #expect(try ids(district) == before)
        #expect(try district.merge().changeSet == nil)
        try district.merge(only: ["source-0"])
        #expect(try ids(district) == after)

        // The next delivery goes on from there, whatever the old entries say.
        try deliver(Self.first, to: district)
        let back = try #require(try district.merge(isPlan: true).matches.first).open
        #expect(back.map(\.feature) == [before["1号"], before["2号"]])
        try write((open + back).map { ($0.feature, $0.was, $0.content) }, to: district)
        let last = try district.merge()
        #expect(counts(last) == [[1, 2, 1]])
        #expect(last.sources[0].needs.isEmpty && last.sources[0].notes.allSatisfy { !$0.contains("matches/") })
        #expect(try ids(district)["1号"] == before["1号"])
    }

    @Test func `are not taken for what contradicts the delivery, with a sentence for each entry`() throws {
        let district = try delivered(Self.first)
        let before = try ids(district)
        try deliver(Self.second, to: district)
        let open = try #require(try district.merge(isPlan: true).matches.first).open
        let (gone, kept) = (try #require(before["1号"]), try #require(before["3号"]))
        let unknown = gone - before.values.min()! + 500 + before.values.min()!
        try write(
            [
                (gone, open[0].was, open[0].content), (gone, open[0].was, open[1].content),
                (unknown, open[0].was, "00000000000000aa"), (kept, open[0].was, "00000000000000ab"),
            ], to: district)
        let report = try district.merge()
        #expect(counts(report) == [[3, 0, 3]])
        #expect(report.sources[0].needs.count == 2)
        #expect(report.sources[0].needs[0].contains("source-0.yaml:1: feature \(gone) is accepted for 2 records"))
        #expect(report.sources[0].notes.filter { $0.contains("no record of the delivery is") }.count == 2)

        let present = try ids(district)
        let itself = try known("3号", in: district)
        try write([(kept, itself, open[0].content), (unknown, open[1].was, open[1].content)], to: district)
        let second = try district.merge()
        #expect(second.layers.isEmpty)
        #expect(second.sources[0].needs.map { $0.contains("feature \(kept) is delivered itself") } == [true])
        #expect(second.sources[0].notes.contains { $0.contains("has not had such a feature \(unknown)") })
        #expect(try ids(district) == present)

        try Data("- { feature: 12, content: \"zz\" }\n".utf8).write(to: file(district))
        let refused = try district.merge()
        #expect(refused.sources.map(\.outcome) == [.quarantined])
        #expect(refused.sources[0].needs[0].contains("matches/source-0.yaml:1: [0].feature: \"12\" is no feature of"))
    }
}
