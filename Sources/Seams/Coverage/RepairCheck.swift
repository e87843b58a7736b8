// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

/// Looks at a repair with nothing of what made it: GEOS, old and new areas.
struct RepairCheck {
    let engine: TopologyEngine
    let ground: SeamGround
    /// The new geometries by number in the ground.
    let changed: [Int32: Geometry]
    /// What each pair of features may still share, in square metres: refused
    /// overlaps between them.
    let allowedOverlap: (Int32, Int32) -> Double
    /// How far a border may move, in metres.
    let farthest: Double
    let spikes: SpikeSearch
    let plane: CellPlane

    /// Why a feature must not change.
    struct Fault {
        var sentence: String
        /// Those that it would get; empty when something else is wrong.
        var spikes: [Spike] = []

        init(_ sentence: String) { self.sentence = sentence }

        /// Whether a zone has to do with it.
        func concerns(_ zone: SeamZone, within distance: Double) -> Bool {
            guard !spikes.isEmpty else { return true }
            var range = GridRange.empty
            for ring in zone.rings { for point in ring { range.expand(toContain: point) } }
            let near = range.expanded(by: Int64(distance * 1000))
            return spikes.contains { near.intersects(GridRange($0.tip, $0.tip)) }
        }
    }

    struct Finding {
        /// Those that must not change; empty when all is well.
        var faults: [Int32: Fault] = [:]
        var movements: [Int32: BorderMovement] = [:]
    }

    func finding() throws(TopologyError) -> Finding {
        var finding = Finding()
        let index = RangeIndex(ground.features.map(\.range))
        for number in changed.keys.sorted() {
            guard let new = changed[number] else { continue }
            let old = ground.features[Int(number)]
            if let fault = try fault(old.feature.geometry, new) {
                finding.faults[number] = Fault(fault)
                continue
            }
            if let fault = spikeFault(old, new) {
                finding.faults[number] = fault
                continue
            }
            finding.movements[number] = try movement(old, new)
            // A vertex in the middle of an edge is rounded to the grid, no more.
            let most = old.feature.isProtected ? 0.00075 : farthest
            if let movement = finding.movements[number], movement.largestShift > most {
                finding.faults[number] = Fault("its border moves by \(plane.outwards(movement.largestShift)) m")
                continue
            }
            var neighbours: [Int32] = []
            // Its box has grown by no more than it may move.
            let reach = old.range.expanded(by: Int64(farthest * 1000) + 2)
            index.search(reach) { if Int32($0) != number { neighbours.append(Int32($0)) } }
            for other in neighbours.sorted() where changed[other] == nil || other > number {
                let there = ground.features[Int(other)]
                guard there.owner != old.owner, there.range.intersects(reach) else { continue }
                let common = try engine.intersection(new, changed[other] ?? there.feature.geometry)
                let shared = try engine.area(common)
                let edge = min(perimeter(new), perimeter(changed[other] ?? there.feature.geometry))
                // What neither side may touch: vertices that are rounded off an edge.
                if shared > allowedOverlap(number, other) + 0.00075 * edge / 2 + 1e-6 {
                    finding.faults[number] = Fault("it overlaps \(there.id) by \(plane.outwards(area: shared)) m²")
                }
            }
        }
        return finding
    }

    private func spikeFault(_ old: PreparedFeature, _ new: Geometry) -> Fault? {
        let after = PreparedFeature(CoverageFeature(id: old.id, owner: old.owner, geometry: new))
        guard let after else { return nil }
        let made = spikes.spikes(of: after, notIn: old)
        guard let longest = made.first else { return nil }
        let length = (plane.outwards(longest.length) * 10).rounded() / 10
        var fault = Fault("it would get a spike of \(length) m")
        fault.spikes = made
        return fault
    }

    private func fault(
        _ old: Geometry, _ new: Geometry
    ) throws(TopologyError) -> String? {
        if new.isEmpty { return "nothing is left of it" }
        if Self.parts(new).polygons > Self.parts(old).polygons { return "it falls apart" }
        if Self.parts(new).holes > Self.parts(old).holes { return "it gets a hole" }
        if let fault = try engine.validityFault(of: new) { return fault.description }
        var isOnGrid = true
        new.forEachCoordinates { run in
            if !run.allSatisfy(GridPrecision.millimetre.holds) { isOnGrid = false }
        }
        return isOnGrid ? nil : "it leaves the grid"
    }

    private func movement(_ old: PreparedFeature, _ new: Geometry) throws(TopologyError) -> BorderMovement {
        let before = old.feature.geometry
        return BorderMovement(
            feature: old.id, largestShift: shift(old, new),
            areaGiven: try engine.area(engine.difference(before, new)),
            areaTaken: try engine.area(engine.difference(new, before)), with: [])
    }

    /// The largest distance of a vertex that only one of two borders has from
    /// the other border, in metres; infinite beyond twice what is allowed.
    private func shift(_ old: PreparedFeature, _ new: Geometry) -> Double {
        let after = PreparedFeature(CoverageFeature(id: old.id, owner: old.owner, geometry: new))
        guard let after else { return .infinity }
        let reach = Int64(2 * farthest * 1000) + 2
        var largest = 0.0
        for (one, two) in [(old, after), (after, old)] {
            let known = Set(two.edges.map(\.start))
            for edge in one.edges where !known.contains(edge.start) {
                var nearest = Double.infinity
                two.edgeIndex.search(GridRange(edge.start, edge.start).expanded(by: reach)) { number in
                    let foot = NeighbourhoodSearch.foot(of: edge.start, on: two.edges[number])
                    let (dx, dy) = (foot.x - Double(edge.start.x), foot.y - Double(edge.start.y))
                    nearest = min(nearest, (dx * dx + dy * dy).squareRoot() / 1000)
                }
                largest = max(largest, nearest)
            }
        }
        return largest
    }

    static func parts(_ geometry: Geometry) -> (polygons: Int, holes: Int) {
        switch geometry {
        case .polygon(let polygon): (1, polygon.interiorRings.count)
        case .multiPolygon(let multi):
            (multi.polygons.count, multi.polygons.reduce(0) { $0 + $1.interiorRings.count })
        default: (0, 0)
        }
    }

    private func perimeter(_ geometry: Geometry) -> Double {
        var sum = 0.0
        geometry.forEachCoordinates { run in
            for (a, b) in zip(run, run.dropFirst()) { sum += a.distance(to: b) }
        }
        return sum
    }
}
