// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Synchronization
import Testing
import Topology

@testable import Demonstrating

@Suite struct `Planted faults` {
    private static let plans = Mutex<[UInt64: FaultPlan]>([:])

    /// Made once for all tests: one takes ten seconds and more in a debug build.
    private static func plan(_ seed: UInt64) throws -> FaultPlan {
        try plans.withLock { plans in
            if let plan = plans[seed] { return plan }
            let plan = try FaultPlan(DemoTruth(seed: seed))
            plans[seed] = plan
            return plan
        }
    }

    private static let seeds: [UInt64] =
        ProcessInfo.processInfo.environment["MIAOPU_LONG"] == "1" ? [1, 11, 20_261_128] : [1, 11]

    @Test(arguments: seeds)
    func `are of every kind, three of each size, far from each other`(seed: UInt64) throws {
        let planted = try Self.plan(seed).planted
        for kind in PlantedFault.Kind.allCases {
            let faults = planted.faults.filter { $0.kind == kind }
            let counts = Dictionary(grouping: faults, by: \.multiple).mapValues(\.count)
            let multiples: [Double?] =
                switch kind {
                case .seamGap, .seamOverlap, .lineEnd, .constantShift, .openOutline: [0.5, 1, 3]
                case .areaTwin: [0.42 / 0.6, 1, 0.93 / 0.6]
                // Farther from each other than that they are two places, and decoys.
                case .pointTwin: [0.5, 1]
                default: [nil]
                }
            #expect(Set(counts.keys) == Set(multiples), "\(kind), seed \(seed)")
            for (multiple, count) in counts { #expect(count >= 3, "\(kind) at \(multiple ?? 0), seed \(seed)") }
        }
        #expect(planted.decoys.count { $0.kind == .pointTwin && $0.multiple == 3 } >= 3, "seed \(seed)")
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

    /// A second delivery puts right what its towns redraw, and nothing else.
    private func checkCorrections(in plan: FaultPlan) throws {
        let faults = plan.planted.faults
        #expect(faults.contains { $0.corrected == .slip } && faults.contains { $0.corrected == .delivery })
        for fault in faults where fault.corrected == .slip {
            #expect([.nullGeometry, .selfIntersection, .farAway].contains(fault.kind))
        }
        let towns = plan.truth.partition.towns
        let corrected = Set(faults.filter { $0.corrected != nil }.map { $0.sources[0].prefix { $0 != "-" } })
        #expect(corrected == ["gumei", "xinhong", "gongyequ"])
        // What only looks like a fault stays; all else is as in truth.
        for slug in corrected {
            let town = try #require(towns.firstIndex { $0.slug == slug })
            for layer in ["parcels", "buildings", "points"] {
                let key = FaultPlan.Key(town: town, layer: layer)
                let truth = try plan.truth.features(of: layer, inTown: towns[town].code)
                let second = plan.delivered(truth, key, corrected: true)
                let changed = zip(truth, second).count { $0 != $1 } + second.count - truth.count
                let decoys = plan.planted.decoys.filter { $0.sources[0] == "\(slug)-\(layer)" && !$0.records.isEmpty }
                #expect(changed == decoys.count, "\(slug) \(layer)")
            }
        }
    }

    /// Faults of geometry know what stood there before, and how far from it they are.
    private func checkShapes(in plan: FaultPlan, _ engine: TopologyEngine) throws {
        for fault in plan.planted.faults {
            let shaped: [PlantedFault.Kind] = [
                .seamGap, .seamOverlap, .lineEnd, .areaTwin, .pointTwin, .selfIntersection,
            ]
            #expect(fault.shapes.isEmpty != shaped.contains(fault.kind), "\(fault.kind)")
            for shape in fault.shapes {
                let geometry = try Geometry(wkt: shape.wkt)
                #expect(try engine.validityFault(of: geometry) == nil)
                let extent = geometry.envelope.width + geometry.envelope.height
                let isMeasured = [.seamGap, .seamOverlap, .lineEnd, .pointTwin].contains(fault.kind)
                #expect(shape.reach > 0 && shape.reach <= (isMeasured ? fault.size ?? 0 : extent), "\(fault.kind)")
            }
        }
    }

    @Test func `are the same for the same seed, and others for another`() throws {
        func places(_ plan: FaultPlan) -> [[[Double]]] { plan.planted.faults.map(\.outline) }
        let one = try places(Self.plan(11))
        #expect(try places(FaultPlan(DemoTruth(seed: 11))) == one)
        #expect(try places(Self.plan(1)) != one)
    }

    @Test func `leave geometries that only they make wrong, and can be put right`() throws {
        let plan = try Self.plan(1)
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
        try checkCorrections(in: plan)
        try checkShapes(in: plan, engine)
    }
}
