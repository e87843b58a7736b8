// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Foundation
import Projections
import SimpleFeatures
import TestSupport
import Testing
import Verdicts

@testable import Merging

/// Two sources of towns that share a crooked border, and a third delivery that
/// draws the same outlines for another layer.
@Suite(.enabled(if: BuiltProgram.path != nil)) struct `A merge that knows its towns` {
    /// The crooked outline of a town of 3 km, number 0 or 1 from the west.
    private static func outline(_ number: Int) -> [Coordinate] {
        let (west, south) = (630_000 + 3_000 * Double(number), 3_440_000.0)
        let swing = { (place: Int, seed: Int) in place % 20 == 0 ? 0 : Double((place * 37 + seed * 11) % 41 - 20) * 9 }
        let southern = (0...20).map { Coordinate(x: west + 150 * Double($0), y: south + swing($0, 1)) }
        let east = (0...20).map { Coordinate(x: west + 3_000 + swing($0, number + 3), y: south + 150 * Double($0)) }
        let north = (0...20).map { Coordinate(x: west + 150 * Double($0), y: south + 3_000 + swing($0, 2)) }
        let western = (0...20).map { Coordinate(x: west + swing($0, number + 2), y: south + 150 * Double($0)) }
        return southern + east.dropFirst() + north.reversed().dropFirst() + western.reversed().dropFirst()
    }

    /// GeoJSON of outlines, moved on the grid and then into degrees of a system.
    private func outlines(
        _ numbers: [Int], in system: CoordinateReferenceSystem = .crs84, moved: Double = 0, swapped: Bool = false
    ) throws -> [UInt8] {
        let transform = try CoordinateTransform(from: CoordinateReferenceSystem(parsing: "EPSG:4549"), to: system)
        return collection(
            try numbers.map { number in
                let ring = try Self.outline(number).map { place -> String in
                    let image = try transform.transform(Coordinate(x: place.x + moved, y: place.y))
                    return swapped ? "[\(image.y),\(image.x)]" : "[\(image.x),\(image.y)]"
                }
                return #"{"type":"Polygon","coordinates":[[\#(ring.joined(separator: ","))]]}"#
            })
    }

    /// - Parameter entry: what follows the path of the source that is judged.
    private func district(_ entry: String, delivering bytes: [UInt8]) throws -> TestDistrict {
        let district = try TestDistrict([
            "layer: towns, path: maps/west.geojson", "layer: towns, path: maps/east.geojson",
            "layer: landuse, path: maps/judged.geojson\(entry)",
        ])
        try district.deliver(outlines([0]), as: "west.geojson")
        try district.deliver(outlines([1]), as: "east.geojson")
        try district.deliver(bytes, as: "judged.geojson")
        return district
    }

    /// A GeoJSON that says that nobody knows where it is.
    private func silent(_ bytes: [UInt8]) -> [UInt8] {
        Array(
            String(decoding: bytes, as: UTF8.self).replacingOccurrences(
                of: #""FeatureCollection","#, with: #""FeatureCollection","crs":null,"#
            ).utf8)
    }

    @Test func `quarantines what is in GCJ-02 and does not say so`() throws {
        let bytes = try outlines([0, 1], in: .gcj02)
        let unsaid = try district("", delivering: bytes).merge().sources[2]
        #expect(unsaid.outcome == .quarantined)
        let need = try #require(unsaid.needs.first)
        #expect(need.hasPrefix("It looks like GCJ-02, although its format implies OGC:CRS84: "), "\(need)")
        #expect(need.contains("Write `crs: GCJ-02` if that is right"))

        let said = try district(", crs: GCJ-02", delivering: bytes).merge().sources[2]
        #expect(said.outcome == .merged && said.crsOrigin == "declared", "\(said.needs)")
        #expect(!said.notes.contains { $0.contains("looks like") })

        let wrong = try district(", crs: \"EPSG:4326\"", delivering: bytes).merge().sources[2]
        #expect(wrong.outcome == .quarantined)
        let checked = try district(", crs: \"EPSG:4326\", crs_checked: true", delivering: bytes).merge().sources[2]
        #expect(checked.outcome == .merged)
        #expect(checked.notes.contains { $0.hasSuffix("Taken all the same, as `crs_checked` says.") })
    }

    @Test func `notes a small shift, and quarantines a large one`() throws {
        let small = try district("", delivering: outlines([0, 1], moved: 3)).merge().sources[2]
        #expect(small.outcome == .merged)
        #expect(small.notes.contains { $0.contains("moved by -3.0 m E and 0.0 m N") }, "\(small.notes)")
        let large = try district("", delivering: outlines([0, 1], moved: 80)).merge().sources[2]
        #expect(large.outcome == .quarantined)
        let need = try #require(large.needs.first)
        #expect(need.contains("control points are needed") && need.contains("The nearest known shift: "), "\(need)")
        let right = try district("", delivering: outlines([0, 1])).merge().sources[2]
        #expect(right.outcome == .merged && !right.notes.contains { $0.contains("It") && $0.contains("known ones") })
    }

    @Test func `infers what nobody says where the ground decides, and says so`() throws {
        for (system, name) in [(CoordinateReferenceSystem.gcj02, "GCJ-02"), (.crs84, "EPSG:4490")] {
            let source = try district("", delivering: silent(outlines([0, 1], in: system))).merge().sources[2]
            #expect(source.outcome == .merged, "\(source.needs)")
            #expect(source.crs == name && source.crsOrigin == "inferred")
            #expect(source.notes.contains { $0.contains("the ground decides for \(name)") }, "\(source.notes)")
        }
        let buildings = try district("", delivering: silent(collection((48_120..<48_170).map(square)))).merge().sources[2]
        #expect(buildings.outcome == .quarantined)
        #expect(buildings.needs.first?.contains("Neither district.yaml nor the file says") == true)
        #expect(buildings.needs.first?.contains("Candidates: ") == true, "\(buildings.needs)")
        let unknown = try TestDistrict(["layer: landuse, path: maps/judged.geojson"])
        try unknown.deliver(silent(outlines([0])), as: "judged.geojson")
        #expect(try unknown.merge().sources[0].outcome == .quarantined)
    }

    @Test func `takes north first when it is declared, and sees it when it is not`() throws {
        let grid = try CoordinateReferenceSystem(parsing: "EPSG:4549")
        let bytes = try outlines([0, 1], in: grid, swapped: true)
        let unsaid = try district(", crs: \"EPSG:4549\"", delivering: bytes).merge().sources[2]
        #expect(unsaid.outcome == .quarantined)
        #expect(unsaid.needs.first?.contains("EPSG:4549, north first") == true, "\(unsaid.needs)")
        let district = try district(", crs: { from: \"EPSG:4549\", axes: yx }", delivering: bytes)
        let said = try district.merge().sources[2]
        #expect(said.outcome == .merged, "\(said.needs)")
        #expect(said.crs == "EPSG:4549, north first")
        #expect(said.counts.accepted == 2)
    }

    @Test func `says in fields what it concluded, from what, and what would decide`() throws {
        let inferred = try #require(try district("", delivering: outlines([0, 1], in: .gcj02)).merge().sources[2].verdict)
        #expect(inferred.state == .inferred && inferred.system == "GCJ-02")
        #expect(inferred.score ?? 0 > 0.9 && inferred.runnerUp != nil)
        #expect(inferred.candidates.first?.crs == "GCJ-02")
        #expect(inferred.candidates.first?.evidence.contains { $0.kind == "coincidence" && $0.weight > 0.5 } == true)
        #expect(inferred.contradiction?.suggestion == "GCJ-02" && inferred.contradiction?.mustBeQuarantined == true)

        let district = try district("", delivering: silent(outlines([0, 1], in: .gcj02)))
        let first = try #require(try district.merge().sources[2].verdict)
        #expect(first.state == .inferred && first.wouldDecide == nil)
        // It stands as long as the delivery does.
        let again = try district.merge()
        #expect(again.sources[2].outcome == .unchanged && again.sources[2].verdict == first)
        #expect(try again.json().contains(#""state" : "inferred""#))
        #expect(again.sources[0].verdict?.state == .known && again.sources[0].verdict?.candidates.isEmpty == true)

        let buildings = try self.district("", delivering: silent(collection((48_120..<48_170).map(square))))
        let unknown = try #require(try buildings.merge().sources[2].verdict)
        #expect(unknown.state == .unknown && unknown.system == nil)
        #expect(unknown.wouldDecide?.contains("the town must say it") == true)
        #expect(unknown.candidates.count > 1 && unknown.runnerUp == unknown.candidates[1].name)

        let moved = try self.district("", delivering: outlines([0, 1], moved: 80))
        let shifted = try #require(try moved.merge().sources[2].verdict)
        #expect(abs((shifted.constantShift?.east ?? 0) + 80) < 0.1 && shifted.constantShift?.resembles.isEmpty == false)
        #expect(shifted.wouldDecide == "control points would (fit:points.csv).")
    }

    /// Deliveries on the grid with control points, whose targets are off to the east.
    private func fitted(off east: Double, _ entry: String = "") throws -> MergeReport.Source {
        let grid = try CoordinateReferenceSystem(parsing: "EPSG:4549")
        let district = try district(", crs: \"fit:maps/control.csv\"\(entry)", delivering: outlines([0, 1], in: grid))
        let places = [(630_100, 3_440_000), (635_900, 3_440_200), (635_000, 3_442_900), (630_300, 3_442_700)]
        let table = places.enumerated().map { number, place in
            "K\(number),\(place.0),\(place.1),\(Double(place.0) + east),\(place.1),control\n"
        }
        try district.deliver(Array("id,src_e,src_n,dst_e,dst_n,role\n\(table.joined())".utf8), as: "control.csv")
        return try district.merge().sources[2]
    }

    @Test func `judges where control points put a delivery`() throws {
        let right = try fitted(off: 0)
        #expect(right.outcome == .merged && right.crsOrigin == "fit", "\(right.needs)")
        #expect(right.verdict?.state == .known && right.verdict?.contradiction == nil)
        #expect(right.verdict?.system == "fit:control.csv")

        let near = try fitted(off: 20)
        #expect(near.outcome == .merged)
        #expect(near.notes.contains { $0.contains("fit:control.csv") && $0.contains("20 m") }, "\(near.notes)")

        let far = try fitted(off: 300)
        #expect(far.outcome == .quarantined)
        let need = try #require(far.needs.first)
        #expect(need.contains("fit:control.csv") && need.contains("EPSG:4549"), "\(need)")
        #expect(far.verdict?.contradiction?.mustBeQuarantined == true)
        #expect(abs((far.verdict?.contradiction?.metres ?? 0) - 300) < 1)

        let checked = try fitted(off: 300, ", crs_checked: true")
        #expect(checked.outcome == .merged)
        #expect(checked.notes.contains { $0.hasSuffix("Taken all the same, as `crs_checked` says.") })
    }

    @Test func `judges where declared parameters put a delivery`() throws {
        let set = HelmertParameters(
            x: 12.646, y: -155.176, z: -80.863, rx: 0.91, ry: -1.32, rz: 2.05, ds: -3.7, convention: .coordinateFrame)
        let old = try CoordinateReferenceSystem(parsing: "EPSG:2437")
        let grid = try CoordinateReferenceSystem(parsing: "EPSG:4549")
        let transform = try CoordinateTransform.shifted(from: old, to: grid, by: set)
        // The way back, found by steps: the shift hardly changes over its own length.
        let bytes = collection(
            try [0, 1].map { number in
                let ring = try Self.outline(number).map { place -> String in
                    var start = place
                    for _ in 0..<4 {
                        let image = try transform.transform(start)
                        start = Coordinate(x: start.x + place.x - image.x, y: start.y + place.y - image.y)
                    }
                    return "[\(start.x),\(start.y)]"
                }
                return #"{"type":"Polygon","coordinates":[[\#(ring.joined(separator: ","))]]}"#
            })
        func merged(_ rotation: String) throws -> MergeReport.Source {
            let entry = """
                , crs: { helmert: { x: 12.646, y: -155.176, z: -80.863, rx: 0.91, ry: -1.32, rz: 2.05, ds: -3.7, \
                rotation: \(rotation) }, from: "EPSG:2437" }
                """
            return try district(entry, delivering: bytes).merge().sources[2]
        }
        let right = try merged("coordinate-frame")
        #expect(right.outcome == .merged && right.verdict?.contradiction == nil, "\(right.needs)")
        // Rotations of the other sense lead some hundred metres away.
        let wrong = try merged("position-vector")
        #expect(wrong.outcome == .quarantined)
        #expect(wrong.needs.first?.contains("seven parameters from EPSG:2437") == true, "\(wrong.needs)")
        #expect(wrong.needs.first?.contains("crs_checked: true") == true)
    }

    @Test func `judges alike in one merge and in many`() throws {
        let whole = try district("", delivering: silent(outlines([0, 1], in: .gcj02)))
        try whole.merge()
        let single = try district("", delivering: silent(outlines([0, 1], in: .gcj02)))
        for id in ["source-2", "source-1", "source-0"] { try single.merge(only: [id]) }
        #expect(try dump(whole) == dump(single))
        #expect(try single.merge().sources.allSatisfy { $0.outcome == .unchanged })
        // Another outline of a town is another ground.
        try single.deliver(outlines([1], moved: 1), as: "east.geojson")
        let again = try single.merge().sources
        #expect(again.map(\.outcome) == [.merged, .merged, .merged])
        let first = again[2].counts
        #expect(first.accepted + first.repaired == 2)
    }

    private func dump(_ district: TestDistrict) throws -> [String] {
        var lines: [String] = []
        let store = try DistrictStore(opening: district.directory.appendingPathComponent("district.gpkg"))
        try store.canonicalDump { lines.append($0) }
        return lines
    }

    @Test func `packs its ground without loss`() throws {
        let areas = [
            ReferenceGround.Area(town: "310112108", rings: [Self.outline(0), Self.outline(1)]),
            ReferenceGround.Area(town: nil, rings: []),
        ]
        let packed = GroundPacking.pack(areas)
        let unpacked = try GroundPacking.unpack(packed)
        #expect(unpacked.map(\.town) == ["310112108", nil])
        #expect(zip(unpacked[0].rings[0], areas[0].rings[0]).allSatisfy { $0.distance(to: $1) < 0.01 })
        for length in [0, 3, 8, packed.count / 2, packed.count - 1] {
            #expect(throws: MergingError.self) { try GroundPacking.unpack(packed.prefix(length)) }
        }
    }

    @Test func `tells survey points with north before east by the towns`() throws {
        let lines = stride(from: 0, to: 40, by: 1).map { number in
            "\(number),,\(3_440_500 + Double(number) * 50),\(630_500 + Double(number) * 120),4.5"
        }
        for (entry, outcome) in [
            (", crs: \"EPSG:4549\"", MergeReport.Outcome.quarantined),
            (", crs: { from: \"EPSG:4549\", axes: yx }", .merged),
        ] {
            let district = try TestDistrict([
                "layer: towns, path: maps/west.geojson", "layer: towns, path: maps/east.geojson",
                "layer: survey-points, path: maps/points.dat, fields: { height_m: 高程 }\(entry)",
            ])
            try district.deliver(outlines([0]), as: "west.geojson")
            try district.deliver(outlines([1]), as: "east.geojson")
            try district.deliver(Array(lines.joined(separator: "\r\n").utf8), as: "points.dat")
            let source = try district.merge().sources[2]
            #expect(source.outcome == outcome, "\(source.needs) \(source.counts)")
            if outcome == .quarantined {
                #expect(source.needs.first?.contains("EPSG:4549, north first") == true, "\(source.needs)")
            }
        }
    }
}
