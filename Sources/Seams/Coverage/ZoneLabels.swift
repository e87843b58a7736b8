// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Says for each place on a zone's border who has a right to the ground behind
/// it: an owner for overlaps, a feature's number for gaps.
///
/// Behind a border of an overlap where one of the owners alone has the ground,
/// the ground goes to that owner. Whoever borders on a gap claims the ground
/// along its border, unless one with less authority, who has to come to that
/// border, is near.
struct ZoneLabels {
    /// One for each half-edge of the zone's border.
    let pieces: [SnapRounding.Segment]
    /// Who borders on a gap there.
    private let bordering: [Int32?]
    private let fixed: [Int64?]
    private let features: [PreparedFeature]
    /// Of the pieces, when authority matters.
    private let index: RangeIndex?
    /// How far ground is from those who come to a border, in millimetres.
    private let reach: Int64

    /// - Parameters:
    ///   - covers: the features that cover each face, overlaps resolved as far
    ///     as they are.
    ///   - width: of the zone, in metres.
    init(_ zone: SeamZone, _ ground: SeamGround, covers: [[Int32]], width: Double) {
        let arrangement = ground.arrangement
        features = ground.features
        pieces = zone.border.map {
            SnapRounding.Segment(arrangement.nodes[arrangement.origin($0)], arrangement.nodes[arrangement.target($0)])
        }
        reach = Int64((1.5 * width * 1000).rounded(.up)) + 1
        guard zone.isGap else {
            bordering = []
            index = nil
            fixed = zone.border.map { halfEdge in
                let beyond = Set(
                    arrangement.covers[Int(arrangement.face[halfEdge ^ 1])].map { ground.features[Int($0)].owner })
                let claimants = zone.owners.filter(beyond.contains)
                return claimants.count == 1 ? claimants[0] : nil
            }
            return
        }
        bordering = zone.border.map { covers[Int(arrangement.face[$0 ^ 1])].first }
        fixed = bordering.map { number in
            number.flatMap { ground.features[Int($0)].feature.isProtected ? nil : Int64($0) }
        }
        let ranks = Set(bordering.compactMap { $0.map { Self.rank(ground.features[Int($0)]) } })
        index = ranks.count > 1 ? RangeIndex(pieces.map { GridRange($0.start, $0.end) }) : nil
    }

    private static func rank(_ feature: PreparedFeature) -> Int {
        feature.feature.isProtected ? .max : feature.feature.authority
    }

    /// - Parameter place: on the piece, in millimetres.
    func label(_ piece: Int, at place: (x: Double, y: Double)) -> Int64? {
        guard let index, let feature = bordering[piece] else { return fixed[piece] }
        let own = Self.rank(features[Int(feature)])
        let cell = GridPoint(Int64(place.x.rounded()), Int64(place.y.rounded()))
        var best: (distance: Double, rank: Int, label: Int64)?
        index.search(GridRange(cell, cell).expanded(by: reach)) { number in
            guard let other = bordering[number] else { return }
            let rank = Self.rank(features[Int(other)])
            guard rank < own, rank != .max else { return }
            let foot = NeighbourhoodSearch.foot(x: place.x, y: place.y, on: pieces[number])
            let (dx, dy) = (foot.x - place.x, foot.y - place.y)
            let candidate = ((dx * dx + dy * dy).squareRoot(), rank, Int64(other))
            guard candidate.0 <= Double(reach) else { return }
            if best.map({ candidate < ($0.distance, $0.rank, $0.label) }) ?? true { best = candidate }
        }
        return best?.label ?? fixed[piece]
    }

    func labelInTheMiddle(_ piece: Int) -> Int64? {
        let (a, b) = (pieces[piece].start, pieces[piece].end)
        return label(piece, at: (Double(a.x + b.x) / 2, Double(a.y + b.y) / 2))
    }

    /// Where the border between two who come to a third one's border meets it:
    /// for each piece the places along it, 0 to 1.
    func meetings() -> [Int: [Double]] {
        guard let index else { return [:] }
        var around: [GridPoint: Set<Int32>] = [:]
        for (piece, feature) in zip(pieces, bordering) {
            guard let feature else { continue }
            around[piece.start, default: []].insert(feature)
            around[piece.end, default: []].insert(feature)
        }
        var meetings: [Int: [Double]] = [:]
        for (point, met) in around where met.count > 1 {
            let rank = met.map { Self.rank(features[Int($0)]) }.max() ?? 0
            var best: (distance: Double, piece: SnapRounding.Segment, number: Int, along: Double)?
            index.search(GridRange(point, point).expanded(by: reach)) { number in
                guard let other = bordering[number], Self.rank(features[Int(other)]) > rank else { return }
                let piece = pieces[number]
                let foot = NeighbourhoodSearch.foot(of: point, on: piece)
                let distance = hypotenuse(foot.x - Double(point.x), foot.y - Double(point.y))
                if let known = best,
                    (known.distance, known.piece.start, known.piece.end) <= (distance, piece.start, piece.end)
                {
                    return
                }
                let length = hypotenuse(Double(piece.end.x - piece.start.x), Double(piece.end.y - piece.start.y))
                let along = hypotenuse(foot.x - Double(piece.start.x), foot.y - Double(piece.start.y)) / length
                best = (distance, piece, number, along)
            }
            if let best, best.along > 0, best.along < 1 { meetings[best.number, default: []].append(best.along) }
        }
        return meetings.mapValues { $0.sorted() }
    }

    private func hypotenuse(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
}
