// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The features that have been looked at so far, and what is known of them.
final class FeaturePool {
    private let source: (Envelope) -> [CoverageFeature]
    private var prepared: [Int64: PreparedFeature?] = [:]
    /// All there are, when they are known from the start.
    private let everything: (features: [PreparedFeature], index: RangeIndex)?

    /// A pool that asks for features as it needs them.
    init(source: @escaping (Envelope) -> [CoverageFeature]) {
        self.source = source
        everything = nil
    }

    /// A pool of all features of a layer. Of several with one id the first of
    /// any order of geometry would be chance; the caller promises unique ids.
    init(all features: [CoverageFeature]) {
        source = { _ in [] }
        let sorted = features.compactMap(PreparedFeature.init).sorted { $0.id < $1.id }
        everything = (sorted, RangeIndex(sorted.map(\.range)))
        Self.matchEdges(of: sorted)
    }

    /// By rising id; empty for a pool that asks.
    var all: [PreparedFeature] { everything?.features ?? [] }

    /// The features whose box meets a range, by rising id.
    func features(in range: GridRange) -> [PreparedFeature] {
        if let everything {
            var found: [Int] = []
            everything.index.search(range) { number in
                if everything.features[number].range.intersects(range) { found.append(number) }
            }
            return found.sorted().map { everything.features[$0] }
        }
        var found: [PreparedFeature] = []
        for feature in source(range.envelope) {
            let known = prepared[feature.id] ?? PreparedFeature(feature)
            prepared[feature.id] = .some(known)
            if let known, known.range.intersects(range) { found.append(known) }
        }
        return found.sorted { $0.id < $1.id }
    }

    /// The numbers of a feature's edges that are not run the other way round
    /// exactly once and by nobody else in the same direction.
    func unmatched(_ feature: PreparedFeature) -> [Int] {
        if let known = feature.unmatched { return known }
        var uses: [SnapRounding.Segment: Int] = [:]
        for neighbour in features(in: feature.range) {
            for edge in neighbour.edges { uses[edge, default: 0] += 1 }
        }
        return Self.match(feature, uses)
    }

    private static func match(_ feature: PreparedFeature, _ uses: [SnapRounding.Segment: Int]) -> [Int] {
        let unmatched = feature.edges.indices.filter { number in
            let edge = feature.edges[number]
            return uses[edge] != 1 || uses[SnapRounding.Segment(edge.end, edge.start)] != 1
        }
        feature.unmatched = unmatched
        feature.unmatchedIndex = RangeIndex(
            unmatched.map { GridRange(feature.edges[$0].start, feature.edges[$0].end) })
        return unmatched
    }

    /// One pass over all edges of a layer.
    private static func matchEdges(of features: [PreparedFeature]) {
        var uses: [SnapRounding.Segment: Int] = [:]
        uses.reserveCapacity(features.reduce(0) { $0 + $1.edges.count })
        for feature in features {
            for edge in feature.edges { uses[edge, default: 0] += 1 }
        }
        for feature in features { _ = match(feature, uses) }
    }
}
