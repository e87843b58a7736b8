// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Topology

/// Groups the faces of a ground into zones.
struct ZoneFinder {
    let ground: SeamGround
    private var assembly: RingAssembly
    private var zoneOf: [Int32]

    init(_ ground: SeamGround) {
        self.ground = ground
        assembly = RingAssembly(ground.arrangement)
        zoneOf = [Int32](repeating: -1, count: ground.arrangement.faceCount)
    }

    /// All zones that more than one owner has to do with, in the order of their
    /// first faces.
    mutating func zones() -> [SeamZone] {
        let arrangement = ground.arrangement
        var keys: [Key?] = [nil]
        for face in 1..<max(1, arrangement.faceCount) {
            if arrangement.covers[face].isEmpty {
                keys.append(.gap)
            } else {
                let owners = ground.owners(of: face)
                keys.append(owners.count > 1 ? .overlap(owners, claim(on: face)) : nil)
            }
        }
        var zones: [SeamZone] = []
        for face in 1..<max(1, arrangement.faceCount) where keys[face] != nil && zoneOf[face] < 0 {
            let number = Int32(zones.count)
            zoneOf[face] = number
            var faces = [face]
            var position = 0
            while position < faces.count {
                for halfEdge in arrangement.halfEdges(of: faces[position]) {
                    let other = Int(arrangement.face[Int(halfEdge ^ 1)])
                    if zoneOf[other] < 0, keys[other] == keys[face] {
                        zoneOf[other] = number
                        faces.append(other)
                    }
                }
                position += 1
            }
            zones.append(zone(faces.sorted(), number, keys[face]))
        }
        return zones.filter { $0.owners.count > 1 }
    }

    private enum Key: Hashable {
        case gap
        case overlap([Int64], SeamZone.Claim)
    }

    /// Who keeps ground that several owners cover.
    private func claim(on face: Int) -> SeamZone.Claim {
        let all = ground.arrangement.covers[face].map { ground.features[Int($0)] }
        let protected = Set(all.filter(\.feature.isProtected).map(\.owner))
        if protected.count > 1 { return .refused(.protectedConflict) }
        if let owner = protected.first { return .kept(by: owner) }
        let highest = all.map(\.feature.authority).max() ?? 0
        let top = all.filter { $0.feature.authority == highest }
        let owners = Set(top.map(\.owner))
        if owners.count == 1, let owner = owners.first { return .kept(by: owner) }
        return top.count == owners.count ? .divided : .refused(.overlapOfOneOwner)
    }

    private mutating func zone(_ faces: [Int], _ number: Int32, _ key: Key?) -> SeamZone {
        let arrangement = ground.arrangement
        var border: [Int] = []
        var features: Set<Int32> = []
        for face in faces {
            features.formUnion(arrangement.covers[face])
            for halfEdge in arrangement.halfEdges(of: face) {
                if zoneOf[Int(arrangement.face[Int(halfEdge ^ 1)])] != number { border.append(Int(halfEdge)) }
            }
        }
        border.sort()
        var claim = SeamZone.Claim.refused(.overlapOfOneOwner)
        switch key {
        case .overlap(_, let known): claim = known
        default:
            var isOpen = false
            for halfEdge in border {
                let beyond = arrangement.covers[Int(arrangement.face[halfEdge ^ 1])]
                if beyond.isEmpty { isOpen = true }
                features.formUnion(beyond)
            }
            claim = .gap(isOpen: isOpen)
        }
        let rings = assembly.rings(of: border).map { $0.map { arrangement.nodes[$0] } }
        let twice = rings.reduce(Int128(0)) { $0 + GridRing.twiceArea($1) }
        let sorted = features.sorted()
        return SeamZone(
            claim: claim, faces: faces, border: border, features: sorted,
            owners: Set(sorted.map { ground.features[Int($0)].owner }).sorted(), rings: rings,
            area: Double(twice) / 2e6, outline: rings.reduce(0) { $0 + GridRing.length($1) })
    }
}

/// Measures zones, and avoids doing so where a bound is enough.
struct ZoneMeasure {
    let engine: TopologyEngine

    /// Whether no circle wider than `limit` metres fits in.
    func isWithin(_ limit: Double, _ rings: [[GridPoint]]) throws(TopologyError) -> Bool {
        let twice = rings.reduce(Int128(0)) { $0 + GridRing.twiceArea($1) }
        let area = Double(twice) / 2e6
        let outline = rings.reduce(0) { $0 + GridRing.length($1) }
        guard outline > 0, area > 0 else { return true }
        if 2 * (area / .pi).squareRoot() <= limit { return true }
        if 2 * area / outline > limit { return false }
        var range = GridRange.empty
        for ring in rings { for point in ring { range.expand(toContain: point) } }
        if Double(min(range.maxX - range.minX, range.maxY - range.minY)) / 1000 <= limit { return true }
        return try width(rings, area, outline) <= limit
    }

    /// In metres.
    func width(_ rings: [[GridPoint]], _ area: Double, _ outline: Double) throws(TopologyError) -> Double {
        guard outline > 0, area > 0 else { return 0 }
        if rings.count == 1, let width = ConvexWidth.width(of: rings[0]) { return width }
        let zone = SeamZone(
            claim: .divided, faces: [], border: [], features: [], owners: [], rings: rings, area: area,
            outline: outline)
        return try engine.width(of: zone.geometry)
    }
}
