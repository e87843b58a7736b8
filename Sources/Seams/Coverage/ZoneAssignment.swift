// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Gives each face of the repaired zones to its new owner.
struct ZoneAssignment {
    let ground: SeamGround
    /// The features that cover each face afterwards.
    private(set) var covers: [[Int32]]
    /// The zones whose faces were given away.
    private(set) var repaired: [Int] = []
    private var touched: [Bool]

    /// - Parameter zones: all of the ground, with their fates.
    init(_ ground: SeamGround, _ zones: [SeamZone], _ rules: CoverageRules) {
        self.ground = ground
        covers = ground.arrangement.covers
        touched = [Bool](repeating: false, count: ground.arrangement.nodes.count)
        // Gaps come after overlaps: what borders on a gap must be settled.
        for isGap in [false, true] {
            for (number, zone) in zones.enumerated() where zone.isGap == isGap && zone.fate == .repair {
                give(zone, width: zone.width ?? 0)
                repaired.append(number)
            }
        }
        takeAlong(zones)
        LoosePieces(ground, limit: max(rules.gapWidth, rules.overlapWidth)).join(&covers)
    }

    /// Settles roundings at repaired zones too, so that nothing is left there.
    private mutating func takeAlong(_ zones: [SeamZone]) {
        var waiting = zones.indices.filter { zones[$0].fate == .silent }
        var isMoving = true
        while isMoving {
            isMoving = false
            for isGap in [false, true] {
                waiting.removeAll { number in
                    let zone = zones[number]
                    guard zone.isGap == isGap, isTouched(zone), mayMove(zone) else { return false }
                    give(zone, width: 0)
                    repaired.append(number)
                    isMoving = true
                    return true
                }
            }
        }
    }

    private func isTouched(_ zone: SeamZone) -> Bool {
        zone.border.contains { touched[ground.arrangement.origin($0)] }
    }

    private func mayMove(_ zone: SeamZone) -> Bool {
        if case .refused = zone.claim { return false }
        if case .gap(isOpen: true) = zone.claim { return false }
        return zone.features.allSatisfy { ground.isMember[Int($0)] }
            && !zone.features.allSatisfy { ground.features[Int($0)].feature.isProtected }
    }

    private mutating func give(_ zone: SeamZone, width: Double) {
        let arrangement = ground.arrangement
        for halfEdge in zone.border { touched[arrangement.origin(halfEdge)] = true }
        if case .kept(let owner) = zone.claim {
            for face in zone.faces {
                covers[face] = arrangement.covers[face].filter { ground.features[Int($0)].owner == owner }
            }
            return
        }
        let labels = faceLabels(zone, ZoneLabels(zone, ground, covers: covers, width: width))
        for face in zone.faces {
            guard let label = labels[face] else { continue }
            covers[face] =
                zone.isGap
                ? [Int32(label)]
                : arrangement.covers[face].filter { ground.features[Int($0)].owner == label }
        }
    }

    /// For each face the label that most of its border has; faces without
    /// border of their own follow those beside them.
    private func faceLabels(_ zone: SeamZone, _ labels: ZoneLabels) -> [Int: Int64] {
        let arrangement = ground.arrangement
        var weights: [Int: [Int64: Double]] = [:]
        var total: [Int64: Double] = [:]
        for (number, halfEdge) in zone.border.enumerated() {
            guard let label = labels.labelInTheMiddle(number) else { continue }
            let length = arrangement.length(halfEdge)
            weights[Int(arrangement.face[halfEdge]), default: [:]][label, default: 0] += length
            total[label, default: 0] += length
        }
        func heaviest(_ weights: [Int64: Double]) -> Int64? {
            weights.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
        }
        var result: [Int: Int64] = [:]
        for face in zone.faces { if let label = weights[face].flatMap(heaviest) { result[face] = label } }
        var open = zone.faces.filter { result[$0] == nil }
        while !open.isEmpty {
            var found: [Int: Int64] = [:]
            for face in open {
                var beside: [Int64: Double] = [:]
                for halfEdge in arrangement.halfEdges(of: face) {
                    if let label = result[Int(arrangement.face[Int(halfEdge ^ 1)])] {
                        beside[label, default: 0] += arrangement.length(Int(halfEdge))
                    }
                }
                if let label = heaviest(beside) { found[face] = label }
            }
            if found.isEmpty {
                // Nothing to go by: both borders are the same line.
                let rest = heaviest(total) ?? fallback(zone)
                for face in open { if let rest { result[face] = rest } }
                break
            }
            result.merge(found) { first, _ in first }
            open.removeAll { result[$0] != nil }
        }
        return result
    }

    private func fallback(_ zone: SeamZone) -> Int64? {
        guard zone.isGap else { return zone.owners.first }
        return zone.features.first { !ground.features[Int($0)].feature.isProtected }.map(Int64.init)
    }
}
