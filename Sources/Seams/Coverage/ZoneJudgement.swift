// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

/// Decides which zones are repaired, by the rules and not by how it turns out.
struct ZoneJudgement {
    let ground: SeamGround
    let rules: CoverageRules
    let measure: ZoneMeasure
    let pool: FeaturePool

    /// The zone with its fate, or nil when it is no business of several owners:
    /// a corner of the outer border, ground that others cover.
    func judged(_ zone: SeamZone) throws(TopologyError) -> SeamZone? {
        var zone = zone
        let smallest = rules.smallestWidth
        if try measure.isWithin(smallest, zone.rings) {
            zone.fate = .silent
            return zone
        }
        let features = zone.features.map { ground.features[Int($0)] }
        if zone.isGap {
            guard try isGap(zone) else { return nil }
            if features.allSatisfy(\.feature.isProtected) {
                zone.fate = .refused(.protectedConflict)
                return zone
            }
        }
        if case .refused(let reason) = zone.claim {
            zone.fate = .refused(reason)
            return zone
        }
        let (width, area) = zone.isGap ? (rules.gapWidth, rules.gapArea) : (rules.overlapWidth, rules.overlapArea)
        if try !measure.isWithin(width, zone.rings) {
            zone.fate = .refused(.widerThanLimit)
        } else if zone.area > area {
            zone.fate = .refused(.largerThanLimit)
        } else if zone.features.contains(where: { !ground.isMember[Int($0)] }) {
            zone.fate = .refused(.beyondNeighbourhood)
        } else {
            zone.fate = .repair
        }
        return zone
    }

    private func isGap(_ zone: SeamZone) throws(TopologyError) -> Bool {
        let arrangement = ground.arrangement
        let members = Set(zone.features.filter { ground.isMember[Int($0)] }.map { ground.features[Int($0)].owner })
        guard members.count > 1 else { return false }
        if case .gap(isOpen: true) = zone.claim {
            var mouth = 0.0
            for halfEdge in zone.border where arrangement.covers[Int(arrangement.face[halfEdge ^ 1])].isEmpty {
                mouth += arrangement.length(halfEdge)
            }
            guard (zone.outline - mouth) / 2 >= rules.slitDepth * mouth else { return false }
        }
        // Beyond what was put into the ground there may be features that cover it.
        var range = GridRange.empty
        for ring in zone.rings { for point in ring { range.expand(toContain: point) } }
        for other in pool.features(in: range) where !ground.ids.contains(other.id) {
            let common = try measure.engine.intersection(zone.geometry, other.feature.geometry)
            if try measure.engine.area(common) > 0 { return false }
        }
        return true
    }
}
