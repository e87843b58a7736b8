// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The borders of a neighbourhood and of all around it, as one arrangement.
struct SeamGround {
    /// Members and their surroundings, by rising id; an index into this list is
    /// the feature's number in the arrangement.
    let features: [PreparedFeature]
    let isMember: [Bool]
    let ids: Set<Int64>
    let arrangement: Arrangement
    /// The first segment of each feature in the arrangement, and one past the last.
    let firstSegment: [Int]

    /// - Parameter lines: what divides the ground besides borders.
    init(_ features: [PreparedFeature], isMember: [Bool], lines: [SnapRounding.Segment]) {
        self.features = features
        self.isMember = isMember
        ids = Set(features.map(\.id))
        var segments: [SourceSegment] = []
        var first = [0]
        for (number, feature) in features.enumerated() {
            for edge in feature.edges {
                segments.append(SourceSegment(start: edge.start, end: edge.end, feature: Int32(number)))
            }
            first.append(segments.count)
        }
        for line in lines { segments.append(SourceSegment(start: line.start, end: line.end, feature: -1)) }
        firstSegment = first
        arrangement = Arrangement(segments)
    }

    func owners(of face: Int) -> [Int64] {
        var owners: [Int64] = []
        for feature in arrangement.covers[face] {
            let owner = features[Int(feature)].owner
            if !owners.contains(owner) { owners.append(owner) }
        }
        return owners.sorted()
    }

    /// Lines across uncovered ground from each vertex to the nearest place of
    /// the edge that faces it, no longer than the limit: they close the mouths
    /// of slits.
    static func bridges(
        _ facing: [FacingEdges], _ features: [PreparedFeature], limit: Double
    ) -> [SnapRounding.Segment] {
        var nearest: [GridPoint: (distance: Double, foot: GridPoint)] = [:]
        for pair in facing {
            for (edge, other) in [(pair.first, pair.second), (pair.second, pair.first)] {
                for point in [edge.start, edge.end] where point != other.start && point != other.end {
                    let exact = NeighbourhoodSearch.foot(of: point, on: other)
                    let foot = GridPoint(Int64(exact.x.rounded()), Int64(exact.y.rounded()))
                    let distance = point.distance(to: foot)
                    guard foot != point, distance <= limit else { continue }
                    if let known = nearest[point], (known.distance, known.foot) <= (distance, foot) { continue }
                    nearest[point] = (distance, foot)
                }
            }
        }
        let index = RangeIndex(features.map(\.range))
        var bridges: [SnapRounding.Segment] = []
        for (point, target) in nearest {
            let middle = GridPoint(point.x + target.foot.x, point.y + target.foot.y)
            var isCovered = false
            index.search(GridRange(point, target.foot)) { number in
                if !isCovered, features[number].strictlyContains(doubled: middle) { isCovered = true }
            }
            if !isCovered { bridges.append(SnapRounding.Segment(point, target.foot)) }
        }
        return bridges.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    }
}
