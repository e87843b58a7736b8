// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport
import Testing

@testable import Seams

@Suite("Spikes")
struct SpikeTests {
    private let search = SpikeSearch(shortest: 1, angle: 10, widest: 1, reach: 2)

    private func prepared(_ wkt: String) throws -> PreparedFeature {
        try #require(PreparedFeature(try area(1, owner: 1, wkt)))
    }

    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var wkt: String
        /// The least and greatest length of the one spike, in metres; nil for none.
        var length: ClosedRange<Double>?
    }

    @Test(
        "What is a spike, and what is none",
        arguments: [
            Case(testDescription: "a square", wkt: "POLYGON((0 0,20 0,20 20,0 20,0 0))", length: nil),
            Case(
                testDescription: "a needle of 6 m, 0.3 m wide at its root",
                wkt: "POLYGON((0 0,20 0,20 9.7,26 10,20 10,20 20,0 20,0 0))", length: 5.5...6.7),
            Case(
                testDescription: "an arm of 6 m with a blunt end, 0.3 m wide",
                wkt: "POLYGON((0 0,20 0,20 9.7,26 9.7,26 10,20 10,20 20,0 20,0 0))", length: 5.5...6.7),
            Case(
                testDescription: "the same with vertices every metre and a rounded end",
                wkt: "POLYGON((0 0,20 0,20 9.7,21 9.7,22 9.7,23 9.7,24 9.7,25 9.7,25.9 9.7,26 9.8,26 9.9,25.9 10,25 10,"
                    + "24 10,23 10,22 10,21 10,20 10,20 20,0 20,0 0))", length: 5.5...6.7),
            Case(
                testDescription: "0.6 m long",
                wkt: "POLYGON((0 0,20 0,20 9.98,20.6 10,20 10,20 20,0 20,0 0))", length: nil),
            Case(
                testDescription: "half as long as the angle asks for",
                wkt: "POLYGON((0 0,20 0,20 9,23 9.5,20 10,20 20,0 20,0 0))", length: nil),
            Case(
                testDescription: "an inlet of that shape belongs to who fills it",
                wkt: "POLYGON((0 0,20 0,20 9.7,14 10,20 10.01,20 20,0 20,0 0))", length: nil),
            Case(
                testDescription: "a spike into a hole",
                wkt: "POLYGON((0 0,40 0,40 40,0 40,0 0),(10 10,10 30,30 30,30 20.2,16 20,30 20,30 10,10 10))",
                length: 12...15),
            Case(
                testDescription: "a neck between two halves",
                wkt: "POLYGON((0 0,10 0,10 4.9,16 4.9,16 0,26 0,26 10,16 10,16 5.1,10 5.1,10 10,0 10,0 0))", length: nil),
        ])
    func cases(_ item: Case) throws {
        let spikes = search.spikes(of: try prepared(item.wkt))
        #expect(spikes.count == (item.length == nil ? 0 : 1), "\(spikes)")
        if let wanted = item.length, let spike = spikes.first { #expect(wanted.contains(spike.length), "\(spike)") }
    }

    @Test("The direction of a ring, and where it begins, change nothing")
    func turned() throws {
        let one = search.spikes(of: try prepared("POLYGON((0 0,20 0,20 9.7,26 10,20 10,20 20,0 20,0 0))"))
        let two = search.spikes(of: try prepared("POLYGON((26 10,20 9.7,20 0,0 0,0 20,20 20,20 10,26 10))"))
        #expect(one.count == 1)
        #expect(one.map(\.tip) == two.map(\.tip))
    }

    /// 1 has two protected neighbours of another owner, with a slit of `width`
    /// between them that only 1 could fill.
    private func slit(_ width: Double, length: Double) throws -> [CoverageFeature] {
        let (end, upper) = (10 + length, 5 + width)
        return [
            try area(1, owner: 1, "POLYGON((0 0,10 0,10 5,10 \(upper),10 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((10 0,\(end + 5) 0,\(end + 5) 5,\(end) 5,10 5,10 0))", isProtected: true),
            try area(
                3, owner: 3, "POLYGON((10 \(upper),\(end) 5,\(end + 5) 5,\(end + 5) 10,10 10,10 \(upper)))",
                isProtected: true),
        ]
    }

    @Test(
        "A gap whose repair would make a spike is refused, and said so; a short one is filled",
        arguments: [(0.3, 12.0, true), (0.8, 9.0, true), (0.3, 30.0, true), (0.8, 2.0, false), (0.1, 0.8, false)])
    func refused(width: Double, length: Double, isRefused: Bool) throws {
        let features = try slit(width, length: length)
        let result = try CoverageSeams().repair(features)
        #expect(result.defects.map(\.outcome) == [isRefused ? .refused(.spike) : .repaired])
        #expect(result.changed.isEmpty == isRefused)
        #expect(result.defects.first?.detail.contains("a spike of") == isRefused)
    }

    @Test("What else is wrong with the feature is repaired all the same")
    func others() throws {
        var features = try slit(0.3, length: 12)
        features.append(try area(4, owner: 4, "POLYGON((-20 0,-0.2 0,-0.2 10,-20 10,-20 0))"))
        let result = try CoverageSeams().repair(features)
        #expect(Set(result.defects.map(\.outcome)) == [.refused(.spike), .repaired])
        #expect(result.changed.keys.sorted() == [1, 4])
    }

    @Test("A spike that was delivered is no obstacle")
    func delivered() throws {
        let features = [
            try area(1, owner: 1, "POLYGON((0 0,10 0,10 4.7,18 5,10 5,10 10,0 10,0 0))"),
            try area(2, owner: 2, "POLYGON((10 0,20 0,20 10,10 10,10 5.2,18 5.2,18 5,10 4.7,10 0))"),
        ]
        let result = try CoverageSeams().repair(features)
        #expect(result.defects.map(\.outcome) == [.repaired])
        #expect(try CoverageOracle().holes(result.applied(to: features)) < 0.01)
    }

    @Test("No repair makes a spike", arguments: UInt64(1)...40)
    func random(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 7000)
        let features = RandomCoverage(
            size: 6, owners: Int.random(in: 2...5, using: &generator), damage: 0.6,
            authorities: Bool.random(using: &generator), &generator
        ).features
        guard try CoverageOracle().areValid(features) else { return }
        let result = try CoverageSeams().repair(features)
        for (before, after) in zip(features, result.applied(to: features)) where before != after {
            let (old, new) = (try #require(PreparedFeature(before)), try #require(PreparedFeature(after)))
            let there = search.spikes(of: old).map(\.tip)
            for spike in search.spikes(of: new) {
                let isOld = there.contains { $0.distance(to: spike.tip) <= 2 }
                #expect(isOld, "seed \(seed), feature \(after.id): \(spike)")
            }
        }
        let refused = result.defects.filter { $0.outcome == .refused(.spike) }.count
        if refused > 0 { print("seed \(seed): \(refused) refused for a spike of \(result.defects.count)") }
    }
}
