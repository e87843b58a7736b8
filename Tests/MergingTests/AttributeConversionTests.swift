// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing

@testable import Merging

@Suite struct `A value of a town's file` {
    struct Case: CustomTestStringConvertible {
        let value: AttributeValue
        let type: FieldType
        let result: AttributeValue?
        var testDescription: String { "\(value) as \(type)" }

        init(_ value: AttributeValue, _ type: FieldType, _ result: AttributeValue?) {
            self.value = value
            self.type = type
            self.result = result
        }
    }

    static let cases = [
        Case(.integer(6), .integer, .integer(6)),
        Case(.real(6), .integer, .integer(6)),
        Case(.real(6.5), .integer, nil),
        Case(.text(" 6 "), .integer, .integer(6)),
        Case(.text("６"), .integer, .integer(6)),
        Case(.text("9007199254740993"), .integer, .integer(9_007_199_254_740_993)),
        Case(.text("六"), .integer, nil),
        Case(.text("1e309"), .real, nil),
        Case(.text("12.50"), .real, .real(12.5)),
        Case(.text("－１２．５"), .real, .real(-12.5)),
        Case(.integer(310107), .text, .text("310107")),
        Case(.real(310107), .text, .text("310107")),
        Case(.text("是"), .boolean, .boolean(true)),
        Case(.text("maybe"), .boolean, nil),
        Case(.integer(2), .boolean, nil),
        Case(.text("2026/6/3"), .date, .text("2026-06-03")),
        Case(.text("20260603"), .date, .text("2026-06-03")),
        Case(.text("2026年6月3日"), .date, .text("2026-06-03")),
        Case(.text("2026-02-29"), .date, nil),
        Case(.text("2024-02-29"), .date, .text("2024-02-29")),
        Case(.text("0000-00-00"), .date, nil),
        Case(.text("2026-06-03 08:05:00"), .dateTime, .text("2026-06-03T08:05:00")),
        Case(.text("2026-06-03 25:05:00"), .dateTime, nil),
    ]

    @Test(arguments: cases) func `becomes the layer's type or nothing`(_ example: Case) {
        #expect(example.value.converted(to: example.type) == example.result)
    }

    @Test func `goes through units, codes and names`() throws {
        let plans = [
            SourceJob.FieldPlan(
                field: Field("site_m2", .real), from: "占地面积", sourceUnit: "亩", targetUnit: "m²", codes: [:],
                allowedCodes: nil),
            SourceJob.FieldPlan(
                field: Field("use", .text), from: "用途", sourceUnit: nil, targetUnit: nil,
                codes: ["住宅": "residential"], allowedCodes: ["residential", "industrial"]),
            SourceJob.FieldPlan(
                field: Field("name", .text), from: nil, sourceUnit: nil, targetUnit: nil, codes: [:], allowedCodes: nil),
        ]
        let schema = Schema(
            geometryType: .polygon,
            fields: [Field("name", .text), Field("占地面积", .text), Field("用途", .text), Field("备注", .text)])
        var mapper = try AttributeMapper(plans, file: schema, path: "房屋.shp")
        var issues = IssueCollector()
        let first = mapper.map(
            [.text("甲"), .text("３"), .text(" 住宅"), .text("x")], row: 1, issues: &issues)
        #expect(first == [.real(2000), .text("residential"), .text("甲")])
        let second = mapper.map([.null, .text("很大"), .text("违建"), .null], row: 2, issues: &issues)
        #expect(second == [.null, .text("违建"), .null])
        #expect(mapper.unmappedNotes.first?.contains("“违建” (1)") == true)
        #expect(issues.counts.map(\.name) == ["value-lost-site_m2"])
        #expect(mapper.notes.contains { $0.contains("备注") })
        #expect(mapper.notes.contains { $0.contains("name") })
    }

    @Test func `that the mapping names and the file lacks is told with what the file has`() {
        let plan = SourceJob.FieldPlan(
            field: Field("name", .text), from: "名称", sourceUnit: nil, targetUnit: nil, codes: [:], allowedCodes: nil)
        let schema = Schema(geometryType: .polygon, fields: [Field("MC", .text)])
        let error = #expect(throws: MergingError.self) { try AttributeMapper([plan], file: schema, path: "a.shp") }
        #expect(error?.kind == .sourceRefused)
        #expect(error?.description.contains("“名称”") == true)
        #expect(error?.description.contains("MC") == true)
    }
}
