// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Demonstrating
import SimpleFeatures
import Testing
import Topology

@Suite struct DemoTruthTests {
    private static let truth = DemoTruth()

    /// The area, in square metres, that is neither a gap nor an overlap.
    private func sum(_ truth: DemoTruth, _ engine: TopologyEngine) throws -> Double {
        try truth.townCodes.reduce(0) { sum, code in
            let ground = try #require(truth.ground(ofTown: code))
            return sum + (try engine.area(.multiPolygon(ground)))
        }
    }

    @Test(arguments: [1, 7, 2026])
    func `towns are valid and fit together without gap or overlap`(seed: UInt64) throws {
        let truth = DemoTruth(seed: seed)
        let engine = try TopologyEngine()
        var all: [Polygon] = []
        for code in truth.townCodes {
            let ground = try #require(truth.ground(ofTown: code))
            #expect(try engine.validityFault(of: .multiPolygon(ground)) == nil, "\(code), seed \(seed)")
            all += ground.polygons
        }
        let union = try engine.unaryUnion(.geometryCollection(GeometryCollection(all.map(Geometry.polygon))))
        guard case .polygon(let outline) = union else {
            Issue.record("the district is not in one piece: \(union.type), seed \(seed)")
            return
        }
        #expect(outline.interiorRings.isEmpty)
        #expect(abs(try engine.area(union) - (try sum(truth, engine))) < 0.001)
    }

    @Test func `neighbours share every vertex of their border`() throws {
        let truth = Self.truth
        var users: [Coordinate: Int] = [:]
        for code in truth.townCodes {
            var own: Set<Coordinate> = []
            for polygon in try #require(truth.ground(ofTown: code)).polygons {
                for ring in polygon.rings { own.formUnion(ring.coordinates) }
            }
            for place in own { users[place, default: 0] += 1 }
        }
        for case .lineString(let border) in truth.borders.filter({ $0.values[1] == .text("town") }).map(\.geometry) {
            #expect(border.coordinates.allSatisfy { users[$0, default: 0] >= 2 })
        }
        let millimetre = GridPrecision.millimetre
        #expect(users.keys.allSatisfy { millimetre.holds($0) })
    }

    @Test func `there are fourteen towns with their names and unequal sizes`() throws {
        let truth = Self.truth
        #expect(truth.townCodes.count == 14)
        #expect(truth.townName("310112114") == "浦江镇")
        #expect(truth.townName("310112501") == "莘庄工业区")
        let engine = try TopologyEngine()
        func area(_ code: String) throws -> Double {
            try engine.area(.multiPolygon(try #require(truth.ground(ofTown: code)))) / 1e6
        }
        let ratio = try area("310112114") / area("310112006")
        #expect((15.5...16.5).contains(ratio), "浦江 is \(ratio) times 古美")
        #expect((350...390).contains(try sum(truth, engine) / 1e6))
        #expect(truth.ground(ofTown: "310112103")?.polygons.count == 2, "颛桥 has an exclave")
        #expect(truth.ground(ofTown: "310112501")?.polygons.first?.interiorRings.count == 1)
    }

    @Test func `the smallest district has about sixty thousand features, all valid and in their town`() throws {
        let truth = Self.truth
        let engine = try TopologyEngine()
        var count = 0
        for code in truth.townCodes {
            let ground = Geometry.multiPolygon(try #require(truth.ground(ofTown: code)))
            let around = ground.envelope.expanded(by: 0.002)
            for layer in DemoTruth.layers {
                let features = try truth.features(of: layer, inTown: code)
                count += features.count
                #expect(features.allSatisfy { $0.values.count == DemoTruth.fields(of: layer).count })
                #expect(features.allSatisfy { around.contains($0.geometry.envelope) }, "\(layer) of \(code)")
                let sample = stride(from: 0, to: features.count, by: layer == "towns" ? 1 : 23).map { features[$0] }
                for feature in sample {
                    #expect(try engine.validityFault(of: feature.geometry) == nil, "\(layer) of \(code)")
                }
            }
        }
        #expect((55_000...70_000).contains(count), "\(count)")
    }

    @Test func `parcels of a town do not overlap`() throws {
        let truth = Self.truth
        let engine = try TopologyEngine()
        let parcels = try truth.features(of: "parcels", inTown: "310112006").map(\.geometry)
        let sum = try parcels.reduce(0) { $0 + (try engine.area($1)) }
        let union = try engine.area(try engine.unaryUnion(.geometryCollection(GeometryCollection(parcels))))
        #expect(abs(sum - union) < 0.01 * Double(parcels.count).squareRoot(), "\(sum) \(union)")
    }

    @Test func `the same seed is the same truth, another one another`() throws {
        let one = DemoTruth(seed: 5)
        let same = DemoTruth(seed: 5)
        let other = DemoTruth(seed: 6)
        for layer in ["towns", "buildings", "roads", "water", "points"] {
            let features = try one.features(of: layer, inTown: "310112101")
            #expect(try features == same.features(of: layer, inTown: "310112101"))
            #expect(try features != other.features(of: layer, inTown: "310112101"))
        }
    }

    @Test func `a denser district has the same towns and many more buildings`() throws {
        let dense = DemoTruth(scale: 8)
        let sparse = Self.truth
        #expect(dense.ground(ofTown: "310112006") == sparse.ground(ofTown: "310112006"))
        let count = try dense.features(of: "buildings", inTown: "310112006").count
        #expect(try count > 6 * sparse.features(of: "buildings", inTown: "310112006").count)
    }
}
