// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport
import Testing

@Suite struct UnitTests {
    @Test(
        arguments: [
            ("亩", "m²", 3.0, 2000.0), ("平方米", "亩", 2000, 3), ("ha", "m2", 1.5, 15_000), ("万元", "元", 12, 120_000),
            ("km", "m", 2.5, 2500), ("%", "1", 50, 0.5), ("元/m²/年", "元/m²/天", 365, 1), ("㎡", "平方米", 7, 7),
            ("元/亩/年", "元/m²/d", 730_000, 3),
        ])
    func `a value is told in another unit`(from: String, to: String, value: Double, expected: Double) throws {
        let one = try #require(MeasurementUnit(named: from))
        let other = try #require(MeasurementUnit(named: to))
        #expect(one.convert(value, to: other) == expected)
    }

    @Test func `units of different things are not told in each other`() throws {
        let area = try #require(MeasurementUnit(named: "亩"))
        let money = try #require(MeasurementUnit(named: "万元"))
        #expect(area.convert(1, to: money) == nil)
        #expect(MeasurementUnit(named: "furlong") == nil)
    }

    @Test(
        arguments: [
            ("2024-02-29", true), ("2023-02-29", false), ("1900-02-29", false), ("2000-02-29", true),
            ("2026-6-30", false),
            ("2026-13-01", false), ("２０２６-06-30", false), ("2026-06-30T00:00", false),
        ])
    func `a date is a day of the calendar`(text: String, isDate: Bool) {
        #expect((CalendarDate(text) != nil) == isDate)
        if isDate { #expect(CalendarDate(text)?.description == text) }
    }

    @Test func `shipped files are found in an installation, a build tree and the environment`() throws {
        let folder = try TemporaryFolder()
        for file in [
            "share/miaopu/layers/a", "bin/miaopu", "tree/Package.swift", "tree/layers/a", "tree/.build/debug/miaopu",
        ] {
            try folder.write("", to: file)
        }
        func layers(_ executable: String, _ environment: [String: String] = [:]) -> String? {
            InstalledFiles.located(environment: environment, executable: folder.url.appendingPathComponent(executable))
                .layers?.standardizedFileURL.path
        }
        func path(_ path: String) -> String { folder.url.appendingPathComponent(path).standardizedFileURL.path }
        #expect(layers("bin/miaopu") == path("share/miaopu/layers"))
        #expect(layers("tree/.build/debug/miaopu") == path("tree/layers"))
        #expect(layers("bin/miaopu", ["MIAOPU_LAYERS": path("tree/layers")]) == path("tree/layers"))
        #expect(layers("elsewhere/miaopu", ["MIAOPU_LAYERS": path("none")]) == nil)
    }
}
