// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing
import Topology

@testable import Demonstrating

@Suite struct `Planted faults` {
    private static func plan(_ seed: UInt64) throws -> FaultPlan { try FaultPlan(DemoTruth(seed: seed)) }

    @Test(arguments: [1, 11, 20_261_128])
    func `are of every kind, three of each size, far from each other`(seed: UInt64) throws {
        let planted = try Self.plan(seed).planted
        for kind in PlantedFault.Kind.allCases where kind != .lackingPlane && kind != .unknownWord {
            let faults = planted.faults.filter { $0.kind == kind }
            for (multiple, group) in Dictionary(grouping: faults, by: \.multiple) {
                #expect(group.count >= 3, "\(kind) at \(multiple ?? 0), seed \(seed)")
            }
            #expect(!faults.isEmpty, "\(kind), seed \(seed)")
        }
        for kind in [PlantedFault.Kind.seamGap, .seamOverlap, .lineEnd, .constantShift] {
            let multiples = Set(planted.faults.filter { $0.kind == kind }.map(\.multiple))
            #expect(multiples == [0.5, 1, 3], "\(kind), seed \(seed)")
        }
        let records = (planted.faults + planted.decoys).filter {
            [.seamGap, .seamOverlap, .lineEnd, .sharedKey, .farAway].contains($0.kind) && !$0.records.isEmpty
        }.map { "\($0.sources[0]) \($0.records[0])" }
        #expect(Set(records).count == records.count, "seed \(seed)")
        #expect(planted.decoys.count >= 40)
        // Where nothing goes on nothing was planted.
        let ends = planted.faults.filter { $0.kind == .lineEnd }.flatMap(\.outline)
        #expect(!planted.openEnds.isEmpty, "seed \(seed)")
        for place in planted.openEnds {
            #expect(ends.allSatisfy { abs($0[0] - place[0]) > 1 || abs($0[1] - place[1]) > 1 }, "seed \(seed)")
        }
        #expect(Set(planted.decoys.map(\.note)).count >= 8)

        let engine = try TopologyEngine()
        let outlines = (planted.faults + planted.decoys).filter { [.seamGap, .seamOverlap, .lineEnd].contains($0.kind) }
            .filter { $0.note != "a real exclave" }.map { fault in
                Geometry.multiPoint(MultiPoint(fault.outline.map { Point(Coordinate(x: $0[0], y: $0[1])) }))
            }
        for (index, one) in outlines.enumerated() {
            for other in outlines[(index + 1)...] { #expect(try engine.distance(one, other) > 5, "seed \(seed)") }
        }
    }

    @Test func `are the same for the same seed, and others for another`() throws {
        func places(_ seed: UInt64) throws -> [[[Double]]] { try Self.plan(seed).planted.faults.map(\.outline) }
        #expect(try places(5) == places(5))
        #expect(try places(5) != places(6))
    }

    @Test func `leave geometries that only they make wrong`() throws {
        let plan = try Self.plan(3)
        let engine = try TopologyEngine()
        let truth = plan.truth
        for (town, entry) in truth.partition.towns.enumerated() {
            for layer in ["parcels", "buildings", "roads"] {
                let features = try truth.features(of: layer, inTown: entry.code)
                let delivered = plan.delivered(features, .init(town: town, layer: layer))
                #expect(delivered.count >= features.count)
                for (index, feature) in delivered.enumerated() {
                    guard index >= features.count || feature != features[index] else { continue }
                    let fault = try engine.validityFault(of: feature.geometry)
                    #expect(fault == nil, "\(layer) \(index + 1) of \(entry.name)")
                }
            }
        }
    }
}
