// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A directed segment that goes into an arrangement.
struct SourceSegment {
    var start: GridPoint
    var end: GridPoint
    /// Whose border it is, with its inside on the left; -1 for a line that only
    /// divides.
    var feature: Int32
}

/// The plane as it is divided by the borders of some features: nodes, edges
/// that meet at nodes only, and faces, each with the features that cover it.
///
/// Half-edge `2e` runs along edge `e` from its smaller node to its larger one,
/// `2e + 1` back. The face of a half-edge lies to its left. Face 0 is the
/// unbounded one.
struct Arrangement {
    let segments: [SourceSegment]
    /// The nodes of each segment, in its direction.
    let chains: [[Int32]]
    let nodes: [GridPoint]
    let edgeStart: [Int32]
    let edgeEnd: [Int32]
    /// The segments along each edge, `edgeUses[firstUse[e]..<firstUse[e + 1]]`:
    /// `2s` for segment `s` in the edge's direction, `2s + 1` against it.
    let edgeUses: [Int32]
    let firstUse: [Int32]
    /// The half-edge that follows along the face to the left.
    let next: [Int32]
    let face: [Int32]
    let faceCount: Int
    /// The features that cover each face, in rising order.
    private(set) var covers: [[Int32]]
    /// The half-edges around each face: `faceHalfEdges[firstHalfEdge[f]..<firstHalfEdge[f + 1]]`.
    let faceHalfEdges: [Int32]
    let firstHalfEdge: [Int32]

    /// - Complexity: O(*n* log *n*) in segments and crossings.
    init(_ given: [SourceSegment]) {
        segments = given.filter { $0.start != $0.end }
        let routes = SnapRounding.chains(of: segments.map { SnapRounding.Segment($0.start, $0.end) })
        var all: Set<GridPoint> = []
        for route in routes { all.formUnion(route) }
        let nodes = all.sorted()
        var numbers: [GridPoint: Int32] = [:]
        numbers.reserveCapacity(nodes.count)
        for (number, node) in nodes.enumerated() { numbers[node] = Int32(number) }
        chains = routes.map { route in route.compactMap { numbers[$0] } }
        self.nodes = nodes

        var pieces: [(key: UInt64, use: Int32)] = []
        for (segment, chain) in chains.enumerated() {
            for (from, to) in zip(chain, chain.dropFirst()) {
                let key = UInt64(min(from, to)) << 32 | UInt64(max(from, to))
                pieces.append((key, Int32(2 * segment + (from < to ? 0 : 1))))
            }
        }
        pieces.sort { ($0.key, $0.use) < ($1.key, $1.use) }
        var starts: [Int32] = []
        var ends: [Int32] = []
        var first: [Int32] = []
        for (position, piece) in pieces.enumerated() where position == 0 || pieces[position - 1].key != piece.key {
            starts.append(Int32(piece.key >> 32))
            ends.append(Int32(piece.key & 0xFFFF_FFFF))
            first.append(Int32(position))
        }
        first.append(Int32(pieces.count))
        edgeStart = starts
        edgeEnd = ends
        edgeUses = pieces.map(\.use)
        firstUse = first

        next = Self.following(nodes: nodes, starts: starts, ends: ends)
        let tracing = FaceTracing(nodes: nodes, starts: starts, ends: ends, next: next)
        face = tracing.face
        faceCount = tracing.count

        var counts = [Int32](repeating: 0, count: tracing.count + 1)
        for face in tracing.face { counts[Int(face) + 1] += 1 }
        for number in 1..<counts.count { counts[number] += counts[number - 1] }
        var fill = counts
        var around = [Int32](repeating: 0, count: tracing.face.count)
        for (halfEdge, face) in tracing.face.enumerated() {
            around[Int(fill[Int(face)])] = Int32(halfEdge)
            fill[Int(face)] += 1
        }
        firstHalfEdge = counts
        faceHalfEdges = around
        covers = []
        covers = coveringFeatures()
    }

    // MARK: Looking around

    @inline(__always)
    func origin(_ halfEdge: Int) -> Int { Int(halfEdge & 1 == 0 ? edgeStart[halfEdge >> 1] : edgeEnd[halfEdge >> 1]) }

    @inline(__always)
    func target(_ halfEdge: Int) -> Int { Int(halfEdge & 1 == 0 ? edgeEnd[halfEdge >> 1] : edgeStart[halfEdge >> 1]) }

    /// In metres.
    func length(_ halfEdge: Int) -> Double { nodes[origin(halfEdge)].distance(to: nodes[target(halfEdge)]) }

    func halfEdges(of face: Int) -> ArraySlice<Int32> {
        faceHalfEdges[Int(firstHalfEdge[face])..<Int(firstHalfEdge[face + 1])]
    }

    /// In square metres; meaningless for the unbounded face.
    func area(_ face: Int) -> Double {
        var twice: Int128 = 0
        guard let first = halfEdges(of: face).first else { return 0 }
        let anchor = nodes[origin(Int(first))]
        for halfEdge in halfEdges(of: face) {
            twice += Int128(GridPoint.turn(anchor, nodes[origin(Int(halfEdge))], nodes[target(Int(halfEdge))]))
        }
        return Double(twice) / 2e6
    }

    func uses(of edge: Int) -> ArraySlice<Int32> {
        edgeUses[Int(firstUse[edge])..<Int(firstUse[edge + 1])]
    }

    // MARK: Making

    /// For each half-edge the one after it around the face to its left: the
    /// next one clockwise after its twin, at its end.
    private static func following(nodes: [GridPoint], starts: [Int32], ends: [Int32]) -> [Int32] {
        func target(_ halfEdge: Int32) -> GridPoint {
            nodes[Int(halfEdge & 1 == 0 ? ends[Int(halfEdge >> 1)] : starts[Int(halfEdge >> 1)])]
        }
        var outgoing = [[Int32]](repeating: [], count: nodes.count)
        for edge in 0..<starts.count {
            outgoing[Int(starts[edge])].append(Int32(2 * edge))
            outgoing[Int(ends[edge])].append(Int32(2 * edge + 1))
        }
        var next = [Int32](repeating: 0, count: 2 * starts.count)
        for (node, around) in outgoing.enumerated() where !around.isEmpty {
            let center = nodes[node]
            func isUpper(_ point: GridPoint) -> Bool {
                point.y > center.y || (point.y == center.y && point.x > center.x)
            }
            let sorted = around.sorted {
                let (one, two) = (target($0), target($1))
                let (upperOne, upperTwo) = (isUpper(one), isUpper(two))
                return upperOne == upperTwo ? GridPoint.turn(center, one, two) > 0 : upperOne
            }
            for (position, halfEdge) in sorted.enumerated() {
                let clockwise = sorted[position == 0 ? sorted.count - 1 : position - 1]
                next[Int(halfEdge ^ 1)] = clockwise
            }
        }
        return next
    }

    /// Walks over all edges from the unbounded face, which nothing covers.
    private func coveringFeatures() -> [[Int32]] {
        var winding = [[(feature: Int32, count: Int32)]?](repeating: nil, count: faceCount)
        winding[0] = []
        var queue = [0]
        var position = 0
        while position < queue.count {
            let face = queue[position]
            position += 1
            guard let here = winding[face] else { continue }
            for halfEdge in halfEdges(of: face) {
                let other = Int(self.face[Int(halfEdge ^ 1)])
                guard winding[other] == nil else { continue }
                winding[other] = crossed(halfEdge, from: here)
                queue.append(other)
            }
        }
        return winding.map { counts in (counts ?? []).compactMap { $0.count != 0 ? $0.feature : nil } }
    }

    /// How often each feature goes around the face to the right of a half-edge.
    private func crossed(
        _ halfEdge: Int32, from left: [(feature: Int32, count: Int32)]
    ) -> [(feature: Int32, count: Int32)] {
        var right = left
        for use in uses(of: Int(halfEdge >> 1)) {
            let feature = segments[Int(use >> 1)].feature
            guard feature >= 0 else { continue }
            // A border has its inside on the left.
            let change: Int32 = (use & 1) == (halfEdge & 1) ? -1 : 1
            let place = right.firstIndex { $0.feature >= feature } ?? right.count
            if place < right.count, right[place].feature == feature {
                right[place].count += change
                if right[place].count == 0 { right.remove(at: place) }
            } else {
                right.insert((feature, change), at: place)
            }
        }
        return right
    }
}
