// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `A drawing that a district begins with` {
    private func proposed(_ drawing: DrawingText) throws -> (text: String, delivery: [UInt8]) {
        let folder = try TemporaryFolder()
        let bytes = Array(drawing.text.utf8)
        try folder.write(bytes, to: "梅陇镇/地形图.dxf")
        var options = DistrictProposer.Options(name: "试验区")
        options.executable = BuiltProgram.path
        let layers = try LayerCatalogue(shipped: PackageFolder.url.appendingPathComponent("layers"), own: nil)
        let proposal = try DistrictProposer(layers, options: options).propose(folder.url, path: "maps")
        return (proposal.document.text, bytes)
    }

    @Test func `has a table of the layers that it calls by their names`() throws {
        var drawing = DrawingText()
        for place in [0.0, 30] {
            let (east, north) = (630_000 + place, 3_440_000.0)
            drawing.polyline(
                [(east, north), (east + 10, north), (east + 10, north + 10), (east, north + 10)],
                on: place == 0 ? "JMD" : "fw", isClosed: true)
        }
        drawing.polyline([(630_000, 3_440_020), (630_100, 3_440_020)], on: "道路")
        drawing.polyline([(630_000, 3_440_030), (630_100, 3_440_030)], on: "规划道路红线")
        drawing.polyline([(630_000, 3_440_040), (630_100, 3_440_040)], on: "TK, 1:500")
        let (text, bytes) = try proposed(drawing)
        let rows = text.split(separator: "\n").filter { $0.contains("- { layer:") }.map(String.init)
        #expect(
            rows == [
                "        - { layer: buildings, from: [JMD, fw] }    # 2 entities",
                "        - { layer: roads, from: [道路] }    # 1 entity",
                "        # - { layer: roads, from: [规划道路红线] }    # 1 entity; only part of the name says so",
                "        # - { layer: …, from: [\"TK, 1:500\"] }    # 1 entity; no layer is called so",
            ])

        // It is a district as it stands, but for what a drawing never says and a
        // header that lies.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if line.contains("    # crs:") { return "    crs: \"EPSG:4549\"" }
            return String(line).replacing("    # encoding:", with: "    encoding:")
        }
        let district = try TestDistrict(yaml: lines.joined(separator: "\n"))
        try FileManager.default.createDirectory(
            at: district.directory.appendingPathComponent("maps/梅陇镇"), withIntermediateDirectories: true)
        try district.deliver(bytes, as: "梅陇镇/地形图.dxf")
        let sources = try district.merge().sources
        #expect(sources.map(\.layer) == ["buildings", "roads"])
        #expect(sources.map { $0.counts.accepted + $0.counts.repaired } == [2, 1], "\(sources.map(\.needs))")
    }

    @Test func `whose names say nothing is one layer, with a table to fill in`() throws {
        var drawing = DrawingText()
        drawing.polyline([(630_000, 3_440_020), (630_100, 3_440_020)], on: "0")
        let text = try proposed(drawing).text
        #expect(text.contains("    # drawing:\n    #   table:\n    #     - { layer: …, from: [\"0\"] }    # 1 entity; no layer"))
        #expect(text.contains("    layer: "))
    }
}
