// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SimpleFeatures
import SwiftProtobuf
import TestSupport
import Testing

private let schema = Schema(
    geometryType: .point,
    fields: [
        Field("name", .text), Field("count", .integer), Field("level", .real), Field("open", .boolean),
        Field("day", .date),
    ])

private func point(_ id: Int64, _ properties: [String: AttributeValue] = [:]) -> Feature {
    Feature(id: id, geometry: .point(Point(x: 121.4, y: 31.1)), properties: properties)
}

private func roundTrip(_ features: [Feature], _ schema: Schema = schema) throws -> [FeatureRecord] {
    let bytes: [UInt8] = try WireFeatureBatch(features, schema: schema, layer: "l").serializedBytes()
    return try WireFeatureBatch(serializedBytes: bytes).records(schema: schema, layer: "l")
}

@Suite struct FeatureBatchTests {
    @Test func featuresCrossUnchangedWhateverIsNull() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let features = (0..<500).map { id in
            var properties: [String: AttributeValue] = [:]
            if Bool.random(using: &random) { properties["name"] = .text("名\(Int.random(in: 0..<9, using: &random))") }
            if Bool.random(using: &random) {
                properties["count"] = .integer(.random(in: .min ... .max, using: &random))
            }
            if Bool.random(using: &random) { properties["level"] = .real(.random(in: -1e9...1e9, using: &random)) }
            if Bool.random(using: &random) { properties["open"] = .boolean(.random(using: &random)) }
            if Bool.random(using: &random) {
                properties["day"] = .text("2026-08-2\(Int.random(in: 0...9, using: &random))")
            }
            let geometry: Geometry? =
                Int.random(in: 0..<8, using: &random) == 0
                ? nil
                : .point(
                    Point(x: .random(in: -180...180, using: &random), y: .random(in: -90...90, using: &random)))
            return Feature(id: Int64(id), geometry: geometry, properties: properties)
        }
        let records = try roundTrip(features)
        for (feature, record) in zip(features, records) {
            #expect(record.id == feature.id, "seed \(seed)")
            #expect(record.geometry == feature.geometry, "seed \(seed)")
            #expect(record.values == schema.fields.map { feature.properties[$0.name] ?? .null }, "seed \(seed)")
        }
        #expect(records.count == features.count)
    }

    @Test func anIntegerIsAcceptedWhereTheFieldIsReal() throws {
        #expect(try roundTrip([point(1, ["level": .integer(3)])])[0].values[2] == .real(3))
    }

    @Test func noFeaturesAreABatchToo() throws {
        #expect(try roundTrip([]).isEmpty)
    }

    @Test func aTextIsSentOnceHoweverManyFeaturesHaveIt() throws {
        let batch = try WireFeatureBatch((0..<100).map { point($0, ["name": .text("同")]) }, schema: schema, layer: "l")
        #expect(batch.columns[0].texts == ["同"])
    }

    @Test func anUnregisteredPropertyIsNamed() {
        #expect(throws: PluginMessagesError.self) {
            try WireFeatureBatch([point(7, ["nmae": .text("x")])], schema: schema, layer: "benches")
        }
        let error = #expect(throws: PluginMessagesError.self) {
            try WireFeatureBatch([point(7, ["nmae": .text("x")])], schema: schema, layer: "benches")
        }
        #expect(error?.description.contains("nmae") == true)
        #expect(error?.description.contains("name, count, level, open, day") == true)
    }

    @Test(arguments: [
        ("count", AttributeValue.text("3")), ("level", .real(.nan)), ("open", .integer(1)), ("name", .integer(1)),
        ("count", .real(1)),
    ])
    func aValueOfAnotherTypeIsRefused(_ field: String, _ value: AttributeValue) {
        let error = #expect(throws: PluginMessagesError.self) {
            try WireFeatureBatch([point(1, [field: value])], schema: schema, layer: "l")
        }
        #expect(error?.description.contains(field) == true)
    }

    @Test func recordsCrossLikeFeatures() throws {
        let record = FeatureRecord(
            id: 5, geometry: nil, values: [.text("a"), .integer(1), .null, .boolean(true), .null])
        let batch = try WireFeatureBatch([record], schema: schema, layer: "l")
        #expect(try batch.records(schema: schema, layer: "l") == [record])
        #expect(batch.describedSchema.fields.map(\.name) == schema.fields.map(\.name))
        #expect(throws: PluginMessagesError.self) {
            try WireFeatureBatch([FeatureRecord(id: 1, geometry: nil, values: [])], schema: schema, layer: "l")
        }
    }
}

@Suite struct HostileFeatureBatchTests {
    private func refuses(_ change: (inout WireFeatureBatch) -> Void, _ part: String) throws {
        var batch = try WireFeatureBatch(
            [point(1, ["name": .text("a"), "count": .integer(1)]), point(2, ["level": .real(1)])], schema: schema,
            layer: "l")
        change(&batch)
        let error = #expect(throws: PluginMessagesError.self) { try batch.records(schema: schema, layer: "l") }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }

    @Test func idsAreUniqueAndInRange() throws {
        try refuses({ $0.ids = [4, 4] }, "two features")
        try refuses({ $0.ids = [2, 1 << 60] }, "ids are 0 to")
        try refuses({ $0.ids = [-1, 1] }, "ids are 0 to")
    }

    @Test func runsHaveOneMemberAFeature() throws {
        try refuses({ $0.ids.append(3) }, "do not add up")
        try refuses({ $0.wkb.removeLast() }, "do not add up")
        try refuses({ $0.wkbLengths = [.max, 1] }, "do not add up")
        try refuses({ $0.columns[1].integers = [1] }, "does not fit")
        try refuses({ $0.columns[0].textIndexes = [0, 9] }, "does not fit")
        try refuses({ $0.columns[2].reals = [.infinity, 1] }, "does not fit")
        try refuses({ $0.columns[1].nulls = Data([1, 2, 3]) }, "does not fit")
    }

    @Test func fieldsAreThoseThatWereRegistered() throws {
        try refuses({ $0.columns[0].field.name = "other" }, "did not register")
        try refuses({ $0.columns[0].field.type = .integer }, "another type")
        try refuses({ $0.columns[0].field.type = .UNRECOGNIZED(99) }, "another type")
    }

    @Test func geometriesAreWellFormedAndInDegrees() throws {
        try refuses({ $0.wkb[4] = 0xff }, "cannot be read")
        try refuses({ $0.wkbLengths = [41, 1] }, "cannot be read")
        let metres = Geometry.point(Point(x: 634_000, y: 3_440_000)).wkb
        try refuses({ $0.wkb.replaceSubrange(0..<21, with: metres) }, "longitude first")
        let line = Geometry.lineString(LineString([Coordinate(x: 1, y: 1), Coordinate(x: 2, y: 2)])).wkb
        try refuses(
            {
                $0.wkb = Data(line + line)
                $0.wkbLengths = [UInt32(line.count), UInt32(line.count)]
            }, "registered as POINT")
    }

    @Test func flippedBitsAreRefusedOrReadAndNeverTrap() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let features = (0..<20).map { point($0, ["name": .text("n\($0)"), "count": .integer($0), "level": .real(1)]) }
        let bytes: [UInt8] = try WireFeatureBatch(features, schema: schema, layer: "l").serializedBytes()
        var read = 0
        for _ in 0..<3000 {
            var copy = bytes
            for _ in 0..<3 {
                copy[.random(in: 0..<copy.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            if let batch = try? WireFeatureBatch(serializedBytes: copy),
                (try? batch.records(schema: schema, layer: "l")) != nil
            {
                read += 1
            }
        }
        print("flipped bits: seed \(seed), \(read) of 3000 could still be read")
    }
}
