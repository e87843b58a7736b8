// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

/// Finds, decides and repairs everything in one neighbourhood.
struct NeighbourhoodRepair {
    let engine: TopologyEngine
    let rules: CoverageRules
    let plane: CellPlane
    let pool: FeaturePool

    struct Outcome {
        var changed: [Int64: Geometry] = [:]
        var defects: [CoverageDefect] = []
        var movements: [BorderMovement] = []
    }

    /// How often a repair is tried with fewer zones before all are refused.
    private static let mostAttempts = 6

    func outcome(of neighbourhood: Neighbourhood) throws(TopologyError) -> Outcome {
        let members = Set(neighbourhood.members.map(\.id))
        let reach = Int64((rules.gapWidth * 1000).rounded(.up)) + 2
        var around: [Int64: PreparedFeature] = [:]
        for member in neighbourhood.members {
            around[member.id] = member
            for other in pool.features(in: member.range.expanded(by: reach)) { around[other.id] = other }
        }
        let features = around.values.sorted { $0.id < $1.id }
        let isMember = features.map { members.contains($0.id) }
        let bridges = SeamGround.bridges(neighbourhood.facing, features, limit: rules.gapWidth)
        let ground = SeamGround(features, isMember: isMember, lines: bridges)

        let measure = ZoneMeasure(engine: engine)
        var finder = ZoneFinder(ground)
        let judgement = ZoneJudgement(ground: ground, rules: rules, measure: measure, pool: pool)
        var zones: [SeamZone] = []
        for zone in finder.zones() { if let judged = try judgement.judged(zone) { zones.append(judged) } }
        for number in zones.indices where zones[number].fate == .repair {
            zones[number].width = try measure.width(zones[number].rings, zones[number].area, zones[number].outline)
        }
        var attempt = 0
        while zones.contains(where: { $0.fate == .repair }) {
            attempt += 1
            let repair = try attemptRepair(zones, ground, bridges)
            let faults = repair.finding.faults
            if faults.isEmpty {
                return try outcome(zones, ground, repair)
            }
            let all = zones.indices.filter { zones[$0].fate == .repair }
            let involved = all.filter { number in zones[number].features.contains { faults[$0] != nil } }
            // A spike is the matter of what lies around its tip.
            let guilty = involved.filter { number in
                zones[number].features.contains { faults[$0]?.concerns(zones[number], within: farthest) ?? false }
            }
            let refused = guilty.isEmpty ? involved : guilty
            for number in attempt >= Self.mostAttempts || refused.isEmpty ? all : refused {
                refuse(&zones[number], faults, ground)
            }
        }
        return Outcome(defects: try records(zones, ground))
    }

    /// How far a border may move, in metres.
    private var farthest: Double { 2 * max(rules.gapWidth, rules.overlapWidth) }

    private func refuse(_ zone: inout SeamZone, _ faults: [Int32: RepairCheck.Fault], _ ground: SeamGround) {
        let features = faults.keys.sorted()
        let feature =
            features.first { zone.features.contains($0) && faults[$0]?.concerns(zone, within: farthest) == true }
            ?? features.first(where: zone.features.contains) ?? features.first
        guard let feature, let fault = faults[feature] else { return }
        zone.fate = .refused(fault.spikes.isEmpty ? .failedCheck : .spike)
        zone.detail = "\(ground.features[Int(feature)].id): \(fault.sentence)"
    }

    private struct Attempt {
        var geometries: [Int32: Geometry]
        var finding: RepairCheck.Finding
        var partners: [Int32: Set<Int64>]
    }

    private func attemptRepair(
        _ zones: [SeamZone], _ ground: SeamGround, _ bridges: [SnapRounding.Segment]
    ) throws(TopologyError) -> Attempt {
        let division = ZoneDivision(engine: engine)
        let settled = ZoneAssignment(ground, zones.filter { !$0.isGap }, rules)
        var lines: [SnapRounding.Segment] = []
        for zone in zones where zone.fate == .repair && (zone.isGap || zone.claim == .divided) {
            let width = zone.width ?? 0
            let labels = ZoneLabels(zone, ground, covers: settled.covers, width: width)
            lines += try division.lines(through: zone, labels: labels, width: width)
        }
        var divided = ground
        var pieces = zones
        if !lines.isEmpty {
            divided = SeamGround(ground.features, isMember: ground.isMember, lines: bridges + lines)
            pieces = matched(zones, ground, in: divided)
        }
        let assignment = ZoneAssignment(divided, pieces, rules)
        let borders = BorderRebuilding(divided, covers: assignment.covers).borders()
        var geometries: [Int32: Geometry] = [:]
        var unasked: [Int32: String] = [:]
        for (number, polygons) in borders {
            let original = divided.features[Int(number)].feature.geometry
            let geometry = GeometryRestoring.geometry(polygons, like: original)
            guard geometry != original else { continue }
            geometries[number] = geometry
            if !divided.isMember[Int(number)] { unasked[number] = "it is not at the seam" }
        }
        let repaired = Set(assignment.repaired)
        var allowed: [UInt64: Double] = [:]
        for (number, zone) in pieces.enumerated() where !zone.isGap && !repaired.contains(number) {
            for one in zone.features {
                for two in zone.features where one < two {
                    allowed[UInt64(one) << 32 | UInt64(two), default: 0] += zone.area
                }
            }
        }
        let check = RepairCheck(
            engine: engine, ground: divided, changed: geometries,
            allowedOverlap: { allowed[UInt64(min($0, $1)) << 32 | UInt64(max($0, $1))] ?? 0 },
            farthest: farthest,
            spikes: SpikeSearch(
                shortest: rules.spikeLength, angle: rules.spikeAngle,
                widest: max(rules.gapWidth, rules.overlapWidth), reach: farthest), plane: plane)
        var finding = try check.finding()
        for (number, fault) in unasked { finding.faults[number] = .init(fault) }
        var partners: [Int32: Set<Int64>] = [:]
        for number in assignment.repaired {
            for feature in pieces[number].features {
                let others = pieces[number].features.filter { $0 != feature }
                partners[feature, default: []].formUnion(others.map { divided.features[Int($0)].id })
            }
        }
        if finding.faults.isEmpty, let fault = imbalance(assignment, divided, geometries) {
            for number in geometries.keys { finding.faults[number] = .init(fault) }
        }
        return Attempt(geometries: geometries, finding: finding, partners: partners)
    }

    /// The zones of a ground with more lines, with the fates of the known ones.
    private func matched(
        _ zones: [SeamZone], _ ground: SeamGround, in divided: SeamGround
    ) -> [SeamZone] {
        var known: [SeamZone.Signature: [Int]] = [:]
        for (number, zone) in zones.enumerated() {
            for signature in zone.signatures(in: ground) { known[signature, default: []].append(number) }
        }
        var finder = ZoneFinder(divided)
        var result: [SeamZone] = []
        for var zone in finder.zones() {
            // At a crossing zones meet, and a line may pinch off the end of one:
            // the zone with which it has most of its border is its own.
            var votes: [Int: Int] = [:]
            for signature in zone.signatures(in: divided) {
                for number in known[signature] ?? [] { votes[number, default: 0] += 1 }
            }
            guard let twin = votes.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key else { continue }
            zone.fate = zones[twin].fate
            zone.width = zones[twin].width
            result.append(zone)
        }
        return result
    }

    /// What was given and what was taken must be the same but for the rounding
    /// of new vertices.
    private func imbalance(
        _ assignment: ZoneAssignment, _ ground: SeamGround, _ geometries: [Int32: Geometry]
    ) -> String? {
        var expected = 0.0
        for face in 1..<max(1, ground.arrangement.faceCount) {
            let won = assignment.covers[face].count - ground.arrangement.covers[face].count
            if won != 0 { expected += Double(won) * ground.arrangement.area(face) }
        }
        var change = 0.0
        var border = 0.0
        for number in geometries.keys.sorted() {
            guard let geometry = geometries[number] else { continue }
            let before = ground.features[Int(number)]
            guard let after = PreparedFeature(
                CoverageFeature(id: before.id, owner: before.owner, geometry: geometry))
            else { return "nothing is left of \(before.id)" }
            let twice = after.rings.reduce(Int128(0)) { $0 + GridRing.twiceArea($1) }
                - before.rings.reduce(Int128(0)) { $0 + GridRing.twiceArea($1) }
            change += Double(twice) / 2e6
            border += after.rings.reduce(0) { $0 + GridRing.length($1) }
        }
        let difference = abs(change - expected)
        return difference <= 0.001 * border + 1e-6
            ? nil : "areas given and taken differ by \(plane.outwards(area: difference)) m²"
    }

    // MARK: Records

    private func outcome(
        _ zones: [SeamZone], _ ground: SeamGround, _ repair: Attempt
    ) throws(TopologyError) -> Outcome {
        var outcome = Outcome(defects: try records(zones, ground))
        for number in repair.geometries.keys.sorted() {
            let id = ground.features[Int(number)].id
            outcome.changed[id] = repair.geometries[number]
            guard var movement = repair.finding.movements[number] else { continue }
            movement.with = (repair.partners[number] ?? []).sorted()
            outcome.movements.append(movement)
        }
        return outcome
    }

    private func records(_ zones: [SeamZone], _ ground: SeamGround) throws(TopologyError) -> [CoverageDefect] {
        var records: [CoverageDefect] = []
        let measure = ZoneMeasure(engine: engine)
        for zone in zones {
            // Who overlap are linked, so that one among others is on record with their seam.
            guard zone.isGap || zone.features.contains(where: { ground.isMember[Int($0)] }) else { continue }
            let outcome: CoverageDefect.Outcome
            switch zone.fate {
            case .silent: continue
            case .repair: outcome = .repaired
            case .refused(let reason): outcome = .refused(reason)
            }
            var width = zone.width ?? 0
            if zone.width == nil { width = try measure.width(zone.rings, zone.area, zone.outline) }
            let geometry = zone.geometry
            let limit = zone.isGap ? rules.gapWidth : rules.overlapWidth
            let length = zone.outline / 2
            let slender = max(0, 1 - width / max(length, width, 1e-9))
            let confidence = max(0, 1 - width / max(2 * limit, 1e-9)) * (0.5 + 0.5 * slender)
            records.append(
                CoverageDefect(
                    kind: kind(of: zone, ground), outcome: outcome,
                    place: try engine.pointOnSurface(geometry) ?? zone.rings[0][0].coordinate, geometry: geometry,
                    width: width, area: zone.area, length: length,
                    features: zone.features.map { ground.features[Int($0)].id }, owners: zone.owners,
                    confidence: confidence, seam: seam(of: ground), detail: zone.detail))
        }
        return records
    }

    private func seam(of ground: SeamGround) -> Int64 {
        zip(ground.features, ground.isMember).first { $0.1 }?.0.id ?? 0
    }

    private func kind(of zone: SeamZone, _ ground: SeamGround) -> CoverageDefect.Kind {
        if case .gap(let isOpen) = zone.claim { return isOpen ? .slit : .gap }
        let covered = zone.features.filter { number in
            zone.area >= 0.8 * ground.features[Int(number)].area
        }
        return covered.count > 1 ? .duplicate : covered.count == 1 ? .enclave : .overlap
    }
}
