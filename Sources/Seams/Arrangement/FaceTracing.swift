// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Gives each half-edge the number of the face to its left.
///
/// Half-edges form cycles. One that runs anticlockwise is the outline of a face
/// of its own. Any other is the outside of a connected group of edges and lies
/// in a face that a ray to the left finds.
struct FaceTracing {
    private(set) var face: [Int32]
    /// How many faces there are, the unbounded one included.
    private(set) var count = 1

    init(nodes: [GridPoint], starts: [Int32], ends: [Int32], next: [Int32]) {
        face = [Int32](repeating: -1, count: next.count)
        func origin(_ halfEdge: Int) -> GridPoint {
            nodes[Int(halfEdge & 1 == 0 ? starts[halfEdge >> 1] : ends[halfEdge >> 1])]
        }
        var cycle = [Int32](repeating: -1, count: next.count)
        var outsides: [(leftmost: GridPoint, start: Int)] = []
        var cycleCount: Int32 = 0
        for start in 0..<next.count where cycle[start] < 0 {
            var halfEdge = start
            let anchor = origin(start)
            var twiceArea: Int128 = 0
            var leftmost = anchor
            repeat {
                cycle[halfEdge] = cycleCount
                let here = origin(halfEdge)
                leftmost = min(leftmost, here)
                halfEdge = Int(next[halfEdge])
                twiceArea += Int128(GridPoint.turn(anchor, here, origin(halfEdge)))
            } while halfEdge != start
            if twiceArea > 0 {
                repeat {
                    face[halfEdge] = Int32(count)
                    halfEdge = Int(next[halfEdge])
                } while halfEdge != start
                count += 1
            } else {
                outsides.append((leftmost, start))
            }
            cycleCount += 1
        }
        guard !outsides.isEmpty else { return }
        let index = RangeIndex(zip(starts, ends).map { GridRange(nodes[Int($0)], nodes[Int($1)]) })
        // What the ray hits reaches farther to the left, and has been placed before.
        outsides.sort { $0.leftmost < $1.leftmost }
        for outside in outsides {
            let hit = Self.edge(leftOf: outside.leftmost, index, nodes, starts, ends)
            let containing = hit.map { face[$0] } ?? 0
            var halfEdge = outside.start
            repeat {
                face[halfEdge] = containing
                halfEdge = Int(next[halfEdge])
            } while halfEdge != outside.start
        }
    }

    /// The half-edge downwards along the nearest edge to the left of a position:
    /// its face is the one in which the position lies.
    private static func edge(
        leftOf point: GridPoint, _ index: RangeIndex, _ nodes: [GridPoint], _ starts: [Int32], _ ends: [Int32]
    ) -> Int? {
        let ray = GridRange(minX: index.extent.minX, minY: point.y, maxX: point.x, maxY: point.y)
        // Where an edge is at the height of the position: low.x + run / rise, to
        // the right of the position; then its lean, for edges from one node.
        var best: (halfEdge: Int, numerator: Int128, run: Int64, rise: Int64)?
        index.search(ray) { edge in
            let (a, b) = (nodes[Int(starts[edge])], nodes[Int(ends[edge])])
            let isUpwards = a.y < b.y
            let (low, high) = isUpwards ? (a, b) : (b, a)
            guard low.y <= point.y, point.y < high.y else { return }
            let (run, rise) = (high.x - low.x, high.y - low.y)
            let numerator = Int128(low.x - point.x) * Int128(rise) + Int128(point.y - low.y) * Int128(run)
            guard numerator < 0 else { return }
            let downwards = isUpwards ? 2 * edge + 1 : 2 * edge
            if let known = best {
                let (one, two) = (numerator * Int128(known.rise), known.numerator * Int128(rise))
                guard one > two || (one == two && Int128(run) * Int128(known.rise) > Int128(known.run) * Int128(rise))
                else { return }
            }
            best = (downwards, numerator, run, rise)
        }
        return best?.halfEdge
    }
}
