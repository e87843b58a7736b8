// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Testing

@testable import Seams

@Suite("Rules between layers")
struct LayerRuleTests {
    private func feature(
        _ id: Int64, owner: Int64 = 1, _ wkt: String, _ attributes: [String: String] = [:]
    ) throws -> RuleFeature {
        RuleFeature(id: id, owner: owner, geometry: try Geometry(wkt: wkt), attributes: attributes)
    }

    @Test("A building lies in one parcel", arguments: [
        ("POLYGON((1 1,5 1,5 5,1 5,1 1))", LayerRuleRecord.Kind?.none),
        ("POLYGON((8 1,12 1,12 5,8 5,8 1))", .acrossSeveral),
        ("POLYGON((9.9 1,19 1,19 5,9.9 5,9.9 1))", .none),
        ("POLYGON((41 1,42 1,42 2,41 2,41 1))", .withinNone),
    ])
    func within(_ wkt: String, _ kind: LayerRuleRecord.Kind?) throws {
        let parcels = [
            try feature(1, "POLYGON((0 0,10 0,10 10,0 10,0 0))"), try feature(2, "POLYGON((10 0,20 0,20 10,10 10,10 0))"),
        ]
        let found = try LayerRuleCheck().records(
            of: .withinExactlyOne(share: 0.95), for: [feature(7, wkt)], against: parcels)
        #expect(found.records.map(\.kind) == (kind.map { [$0] } ?? []))
    }

    @Test("A delivery lies in its town, but for a tolerance", arguments: [
        ("POLYGON((1 1,10.5 1,10.5 5,1 5,1 1))", false), ("POLYGON((1 1,13 1,13 5,1 5,1 1))", true),
        ("POINT(30 5)", true), ("POINT(10 5)", false),
    ])
    func inside(_ wkt: String, isReported: Bool) throws {
        let towns = [
            try feature(1, "POLYGON((0 0,10 0,10 10,0 10,0 0))"),
            try feature(2, owner: 2, "POLYGON((10 0,40 0,40 10,10 10,10 0))"),
        ]
        let found = try LayerRuleCheck().records(
            of: .insideOwnersArea(tolerance: 1), for: [feature(7, wkt)], against: towns)
        #expect(found.total == (isReported ? 1 : 0))
    }

    @Test("A road crosses water on bridges only", arguments: [
        ("LINESTRING(-5 5,15 5)", "no", 1), ("LINESTRING(-5 5,15 5)", "yes", 0), ("LINESTRING(-5 0,15 0)", "no", 1),
        ("LINESTRING(-5 5,0.2 5)", "no", 0),
    ])
    func crossing(_ wkt: String, bridge: String, count: Int) throws {
        let water = [try feature(1, "POLYGON((0 0,10 0,10 10,0 10,0 0))")]
        let found = try LayerRuleCheck().records(
            of: .mustNotCross(tolerance: 0.5, unless: "bridge", values: ["yes"]),
            for: [feature(7, wkt, ["bridge": bridge])], against: water)
        #expect(found.total == count)
    }

    @Test("Rules are data")
    func codable() throws {
        let rules: [LayerRule] = [
            .withinExactlyOne(share: 0.9), .insideOwnersArea(tolerance: 2),
            .mustNotCross(tolerance: 1, unless: "bridge", values: ["yes"]),
        ]
        let text = try JSONEncoder().encode(rules)
        #expect(try JSONDecoder().decode([LayerRule].self, from: text) == rules)
    }
}
