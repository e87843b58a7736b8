// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Gives small pieces that a repair would cut off from a feature to the
/// neighbour with the longest border on them.
///
/// Where zones meet, what is left of a feature between two of them can be a few
/// millimetres of ground that hang on a single node. Nobody wants a multipart
/// for these.
struct LoosePieces {
    private let ground: SeamGround
    /// Pieces that are wider on average stay, and the check refuses the repair.
    private let limit: Double

    /// - Parameter limit: in metres.
    init(_ ground: SeamGround, limit: Double) {
        self.ground = ground
        self.limit = limit
    }

    /// A piece is at most this share of its feature.
    private static let largestShare = 0.05

    func join(_ covers: inout [[Int32]]) {
        // A piece that moves may leave another one loose.
        for _ in 0..<3 {
            var moved = false
            var facesOf: [Int32: [Int]] = [:]
            for face in covers.indices where covers[face] != ground.arrangement.covers[face] {
                for feature in covers[face] + ground.arrangement.covers[face] { facesOf[feature] = [] }
            }
            for face in covers.indices { for feature in covers[face] { facesOf[feature]?.append(face) } }
            for feature in facesOf.keys.sorted() {
                if join(feature, facesOf[feature] ?? [], &covers) { moved = true }
            }
            if !moved { return }
        }
    }

    private func join(_ feature: Int32, _ all: [Int], _ covers: inout [[Int32]]) -> Bool {
        let faces = all.filter { covers[$0].contains(feature) }
        let pieces = pieces(faces)
        let wanted = RepairCheck.parts(ground.features[Int(feature)].feature.geometry).polygons
        guard pieces.count > wanted else { return false }
        let areas = pieces.map { $0.reduce(0) { $0 + ground.arrangement.area($1) } }
        let total = areas.reduce(0, +)
        let order = pieces.indices.sorted { (areas[$1], pieces[$0][0]) < (areas[$0], pieces[$1][0]) }
        var moved = false
        for number in order.dropFirst(wanted) where areas[number] <= Self.largestShare * total {
            moved = give(pieces[number], areas[number], of: feature, &covers) || moved
        }
        return moved
    }

    private func give(_ piece: [Int], _ area: Double, of feature: Int32, _ covers: inout [[Int32]]) -> Bool {
        let arrangement = ground.arrangement
        let inside = Set(piece)
        var weights: [Int32: Double] = [:]
        var outline = 0.0
        for face in piece {
            for halfEdge in arrangement.halfEdges(of: face) {
                let beyond = Int(arrangement.face[Int(halfEdge ^ 1)])
                guard !inside.contains(beyond) else { continue }
                outline += arrangement.length(Int(halfEdge))
                for other in covers[beyond] where other != feature && ground.isMember[Int(other)] {
                    weights[other, default: 0] += arrangement.length(Int(halfEdge))
                }
            }
        }
        let takers = weights.filter { !ground.features[Int($0.key)].feature.isProtected }
        guard !ground.features[Int(feature)].feature.isProtected, 2 * area <= limit * outline,
            let taker = takers.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key
        else { return false }
        for face in piece {
            covers[face] = Set(covers[face].filter { $0 != feature } + [taker]).sorted()
        }
        return true
    }

    /// Faces that hang together by edges, each list rising.
    private func pieces(_ faces: [Int]) -> [[Int]] {
        let arrangement = ground.arrangement
        var open = Set(faces)
        var pieces: [[Int]] = []
        for face in faces where open.remove(face) != nil {
            var piece = [face]
            var position = 0
            while position < piece.count {
                for halfEdge in arrangement.halfEdges(of: piece[position]) {
                    let other = Int(arrangement.face[Int(halfEdge ^ 1)])
                    if open.remove(other) != nil { piece.append(other) }
                }
                position += 1
            }
            pieces.append(piece.sorted())
        }
        return pieces
    }
}
