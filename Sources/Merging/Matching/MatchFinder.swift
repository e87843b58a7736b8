// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import SimpleFeatures
import Topology

/// How much two features have in common, one that went and one that came.
struct MatchLikeness: Hashable {
    /// Of areas: the share of their joint area that both cover.
    var overlap: Double?
    /// Of lines the largest distance of one from the other (Hausdorff), of points
    /// the distance; in metres.
    var distance: Double?
    /// Fields that hold the same, and fields that do not, by name.
    var equalFields: Int
    var otherFields: [String]
}

/// Finds, among the features that a delivery no longer has and those that it
/// brings, the pairs that may be one feature that was changed.
///
/// Each of a pair is the other's only candidate; what has several is counted and
/// not decided.
struct MatchFinder {
    /// Two areas are candidates when they share this part of their joint area:
    /// areas that do not overlap their own kind can then have one candidate each.
    static let leastOverlap = 0.5
    /// From here on they are the same area, whatever their attributes say.
    static let sameOverlap = 0.9
    /// Lines and points are candidates within this distance in metres: our choice,
    /// below that of neighbouring roads and doors.
    static let farthest = 10.0
    /// More than this many on one side are not compared: nobody would review them.
    static let mostFeatures = 20_000

    struct Pair {
        var former: ComparableFeature
        var present: ComparableFeature
        var likeness: MatchLikeness
    }

    private(set) var pairs: [Pair] = []
    /// Features that went and have several candidates, or share one.
    private(set) var ambiguous = 0

    private let engine: TopologyEngine

    init() throws {
        engine = try TopologyEngine()
    }

    /// - Complexity: O(*n* log *n*) and GEOS for those whose envelopes meet.
    mutating func find(_ former: [ComparableFeature], _ present: [ComparableFeature]) {
        let present = present.map { ($0, $0.geometry.envelope) }.sorted { ($0.1.minX, $0.0.id) < ($1.1.minX, $1.0.id) }
        let widest = present.map(\.1.width).max() ?? 0
        var candidates: [(former: Int, present: Int, likeness: MatchLikeness)] = []
        var formers = Array(repeating: 0, count: former.count)
        var presents = Array(repeating: 0, count: present.count)
        for (index, feature) in former.enumerated() {
            let box = feature.geometry.envelope.expanded(by: Self.farthest)
            var next = firstIndex(in: present, from: box.minX - widest)
            while next < present.count, present[next].1.minX <= box.maxX {
                defer { next += 1 }
                guard present[next].1.intersects(box), let likeness = self.likeness(of: feature, present[next].0),
                    Self.isCandidate(likeness)
                else { continue }
                candidates.append((index, next, likeness))
                formers[index] += 1
                presents[next] += 1
            }
        }
        var open: Set<Int> = []
        for candidate in candidates {
            guard formers[candidate.former] == 1, presents[candidate.present] == 1 else {
                open.insert(candidate.former)
                continue
            }
            pairs.append(
                Pair(
                    former: former[candidate.former], present: present[candidate.present].0,
                    likeness: candidate.likeness))
        }
        ambiguous += open.count
        pairs.sort { $0.former.id < $1.former.id }
    }

    private func firstIndex(in features: [(ComparableFeature, Envelope)], from x: Double) -> Int {
        var (low, high) = (0, features.count)
        while low < high {
            let middle = (low + high) / 2
            if features[middle].1.minX < x { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func isCandidate(_ likeness: MatchLikeness) -> Bool {
        let isNear =
            likeness.overlap.map { $0 >= leastOverlap } ?? likeness.distance.map { $0 <= farthest } ?? false
        let isSame = likeness.overlap.map { $0 >= sameOverlap } ?? (likeness.distance == 0)
        return isNear && (isSame || likeness.equalFields >= likeness.otherFields.count)
    }

    /// Nil for geometries that cannot be compared.
    func likeness(of former: ComparableFeature, _ present: ComparableFeature) -> MatchLikeness? {
        let fields = Set(former.attributes.keys).union(present.attributes.keys)
        let other = fields.filter { former.attributes[$0] != present.attributes[$0] }
        var likeness = MatchLikeness(equalFields: fields.count - other.count, otherFields: other.sorted())
        // What GEOS cannot compare has no part in it.
        guard let dimension = former.geometry.type.dimension, dimension == present.geometry.type.dimension else {
            return nil
        }
        guard dimension == 2 else {
            guard let distance = try? engine.hausdorffDistance(former.geometry, present.geometry) else { return nil }
            likeness.distance = distance
            return likeness
        }
        guard let shared = try? engine.area(engine.intersection(former.geometry, present.geometry)),
            let joint = try? engine.area(former.geometry) + engine.area(present.geometry) - shared, joint > 0
        else { return nil }
        likeness.overlap = shared / joint
        return likeness
    }
}

extension MatchLikeness {
    /// `93 % of their joint area in common; 2 of 3 filled fields alike, not: name`.
    var words: String {
        var parts: [String] = []
        if let overlap { parts.append("\(Int((overlap * 100).rounded())) % of their joint area in common") }
        if let distance { parts.append("\(distance.rounded(toPlaces: 2)) m apart") }
        let fields = equalFields + otherFields.count
        if fields > 0 {
            parts.append(
                "\(equalFields) of \(fields) filled fields alike"
                    + (otherFields.isEmpty ? "" : ", not: \(MergeReport.list(otherFields))"))
        }
        return parts.joined(separator: "; ")
    }
}
