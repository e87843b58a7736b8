// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import ChildProcesses
@testable import Formats

@Suite("An inspection says what is in a file", .enabled(if: executable != nil))
struct InspectionTests {
    @Test("Layers, counts, types, extents, values and faults")
    func contents() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, count: 20, mark: .languageByte)
        try folder.write(Array(folder.bytes("房屋.shp").dropLast(10)), to: "房屋.shp")
        let inspection = try inspect(url)
        #expect(inspection.name == "房屋.shp" && inspection.format == .shapefile)
        #expect(inspection.byteCount == Staging.byteCount(ofPath: url.path))
        let layer = try #require(inspection.layers.first)
        #expect(layer.balance?.read == 19 && layer.faults.count == 1)
        #expect(layer.faults.first?.hasPrefix("Record 20 of 20 lies beyond the end of the file") == true)
        #expect(layer.geometryTypes == [GeometryTypeCount(type: .polygon, count: 19)])
        #expect(layer.extent.map { abs($0.minX - 121.3) < 1e-9 && abs($0.width - 0.037) < 1e-9 } == true)
        let levels = try #require(layer.fields.first { $0.name == "层数" })
        #expect(levels.filled == 19 && levels.values.count == 19 && levels.isComplete)
        let built = try #require(layer.fields.first { $0.name == "建成" })
        #expect(built.filled == 16 && built.type == .date)
    }

    @Test("Without reading the records there is what the headers say")
    func quick() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.geoPackage(in: folder)
        let inspection = try Inspector.inspect(
            DatasetRequest(path: url.path), readsRecords: false, executable: executable)
        let layer = try #require(inspection.layers.first)
        #expect(layer.balance == nil && layer.description.declaredCount == 20)
        #expect(layer.description.crs?.authorityCode == "EPSG:4490" && layer.description.extent != nil)
    }

    @Test("A field of a thousand words is no code list")
    func manyValues() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, count: 60)
        let field = try #require(try inspect(url).layers.first?.fields.first)
        #expect(field.values.count == 50 && !field.isComplete)
    }

    @Test("A layer that is not there is refused with those that are")
    func layer() throws {
        let folder = try TemporaryFolder()
        let error = try #require(refusal(Samples.geoPackage(in: folder)) { $0.layer = "roads" })
        #expect(error.kind == .wrongUse && error.description.contains("“buildings”"))
    }

    @Test("A reader that died of a ceiling was given too much, one that crashed something damaged")
    func deaths() {
        func error(_ cause: ChildDeath.Cause) -> FormatsError.Kind? {
            let usage = ChildUsage(cpuSeconds: 0, wallSeconds: 0, peakMemoryBytes: 0, frames: 0, payloadBytes: 0)
            let exit = ChildExit(
                ending: .killed(ChildDeath(cause, limits: ChildLimits())), usage: usage,
                isolation: ChildIsolation(filtersSystemCalls: true, hasOwnNetwork: false), diagnostics: "")
            return FormatsError(reading: "a.shp", exit).kind
        }
        #expect(error(.cpu) == .tooLarge && error(.memory) == .tooLarge && error(.signal(11)) == .damaged)
    }
}
