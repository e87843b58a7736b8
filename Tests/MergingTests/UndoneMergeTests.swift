// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport
import Testing

@testable import Merging

@Suite(.enabled(if: BuiltProgram.path != nil)) struct `A merge that was taken back` {
    private func outcomes(_ report: MergeReport) -> [String] { report.sources.map(\.outcome.rawValue) }

    @Test func `is left alone until the town delivers again or a person names the source`() throws {
        let district = try TestDistrict(["layer: buildings, path: maps/a.geojson"])
        try district.deliver(collection([square(0), square(1)]), as: "a.geojson")
        #expect(outcomes(try district.merge()) == ["merged"])
        try district.deliver(collection([square(0), square(2), square(3)]), as: "a.geojson")
        #expect(outcomes(try district.merge()) == ["merged"])

        let undone = try district.undo(2)
        #expect(undone.sources == ["source-0"])
        #expect(undone.layers.map { [$0.inserted, $0.updated, $0.deleted] } == [[1, 0, 2]])
        let later = try district.merge()
        #expect(later.changeSet == nil)
        #expect(outcomes(later) == ["unchanged"])
        #expect(later.sources.first?.notes.contains { $0.contains("taken back by change set 3") } == true)

        #expect(outcomes(try district.merge(only: ["source-0"])) == ["merged"])
        try district.undo(4)
        try district.deliver(collection([square(0), square(2), square(4)]), as: "a.geojson")
        #expect(outcomes(try district.merge()) == ["merged"])
    }

    @Test func `that brought a source in keeps it out`() throws {
        let district = try TestDistrict(["layer: buildings, path: maps/a.geojson"])
        try district.deliver(collection([square(0)]), as: "a.geojson")
        try district.merge()
        try district.undo(1)
        let later = try district.merge()
        #expect(outcomes(later) == ["held"])
        #expect(later.changeSet == nil)
    }

    @Test func `as a plan says what it would do and does nothing`() throws {
        let district = try TestDistrict(["layer: buildings, path: maps/a.geojson"])
        try district.deliver(collection([square(0)]), as: "a.geojson")
        let plan = try district.merge(isPlan: true)
        #expect(plan.isPlan && plan.layers.map(\.inserted) == [1])
        #expect(plan.text.contains("nothing was done"))
        #expect(!FileManager.default.fileExists(atPath: district.directory.appendingPathComponent("district.gpkg").path))
        #expect(!FileManager.default.fileExists(atPath: district.directory.appendingPathComponent(".miaopu/reports").path))
    }
}
