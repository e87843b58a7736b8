// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Builds the borders of touched features from the faces that they have now.
///
/// Where nothing was given away a border keeps its own vertices, bit for bit,
/// although the ground has nodes on its edges. Nodes become vertices where a
/// changed border turns or meets others, then for everybody on that edge.
struct BorderRebuilding {
    private let ground: SeamGround
    private let covers: [[Int32]]
    /// The features that have each node as a vertex from the start.
    private let vertexOf: [[Int32]]
    /// Nodes that must be vertices of every border through them.
    private var isLive: [Bool]

    init(_ ground: SeamGround, covers: [[Int32]]) {
        self.ground = ground
        self.covers = covers
        let arrangement = ground.arrangement
        var vertexOf = [[Int32]](repeating: [], count: arrangement.nodes.count)
        for (segment, chain) in arrangement.chains.enumerated() {
            let feature = arrangement.segments[segment].feature
            guard feature >= 0, let first = chain.first else { continue }
            if vertexOf[Int(first)].last != feature { vertexOf[Int(first)].append(feature) }
        }
        self.vertexOf = vertexOf
        isLive = [Bool](repeating: false, count: arrangement.nodes.count)
        findLiveNodes()
    }

    // MARK: Nodes

    private mutating func findLiveNodes() {
        let arrangement = ground.arrangement
        var isTouched = [Bool](repeating: false, count: arrangement.nodes.count)
        var borders = [[Int32]](repeating: [], count: arrangement.nodes.count)
        for edge in 0..<arrangement.edgeStart.count {
            let (left, right) = (Int(arrangement.face[2 * edge]), Int(arrangement.face[2 * edge + 1]))
            let (start, end) = (Int(arrangement.edgeStart[edge]), Int(arrangement.edgeEnd[edge]))
            if covers[left] != arrangement.covers[left] || covers[right] != arrangement.covers[right] {
                isTouched[start] = true
                isTouched[end] = true
            }
            if covers[left] != covers[right] {
                borders[start].append(Int32(edge))
                borders[end].append(Int32(edge))
            }
        }
        // A dividing line is new as a whole, also where it leaves a zone along a
        // border that was there before.
        for (segment, chain) in arrangement.chains.enumerated() where arrangement.segments[segment].feature < 0 {
            if chain.contains(where: { isTouched[Int($0)] }) { for node in chain { isTouched[Int(node)] = true } }
        }
        let needed = arrangement.nodes.indices.map { isNeeded($0, borders[$0]) }
        for node in arrangement.nodes.indices where isTouched[node] && needed[node] { isLive[node] = true }
        // An edge that is bent at one node is bent at all of them, so that it
        // stays equal to what runs along it.
        var isSpreading = true
        while isSpreading {
            isSpreading = false
            for chain in arrangement.chains where chain.count > 2 {
                let inner = chain[1..<(chain.count - 1)]
                guard inner.contains(where: { isLive[Int($0)] }) else { continue }
                for node in inner where !isLive[Int(node)] && needed[Int(node)] {
                    isLive[Int(node)] = true
                    isSpreading = true
                }
            }
        }
    }

    /// Whether a border turns or meets another one at a node, or has had a
    /// vertex there before.
    private func isNeeded(_ node: Int, _ edges: [Int32]) -> Bool {
        guard !edges.isEmpty else { return false }
        guard edges.count == 2 else { return true }
        let arrangement = ground.arrangement
        for edge in edges {
            for face in [arrangement.face[2 * Int(edge)], arrangement.face[2 * Int(edge) + 1]] {
                for feature in covers[Int(face)] where vertexOf[node].contains(feature) { return true }
            }
        }
        let first = Set(arrangement.uses(of: Int(edges[0])).map { $0 >> 1 })
        return !arrangement.uses(of: Int(edges[1])).contains { first.contains($0 >> 1) }
    }

    // MARK: Borders

    /// The features whose border is no longer what it was; numbers in the
    /// ground, rising.
    private func touchedFeatures() -> [Int32] {
        let arrangement = ground.arrangement
        var touched: Set<Int32> = []
        for face in 0..<arrangement.faceCount where covers[face] != arrangement.covers[face] {
            touched.formUnion(Set(covers[face]).symmetricDifference(arrangement.covers[face]))
        }
        for (segment, chain) in arrangement.chains.enumerated() where chain.count > 2 {
            let feature = arrangement.segments[segment].feature
            let inner = chain[1..<(chain.count - 1)]
            if feature >= 0, inner.contains(where: { isLive[Int($0)] }) { touched.insert(feature) }
        }
        return touched.sorted()
    }

    /// The new rings of all features whose border changed, by number: polygons
    /// with shell and holes, inside on the left.
    func borders() -> [Int32: [(shell: [GridPoint], holes: [[GridPoint]])]] {
        let arrangement = ground.arrangement
        let touched = touchedFeatures()
        var edges: [Int32: [Int]] = [:]
        for feature in touched { edges[feature] = [] }
        for halfEdge in 0..<arrangement.face.count {
            let (left, right) = (Int(arrangement.face[halfEdge]), Int(arrangement.face[halfEdge ^ 1]))
            guard covers[left] != covers[right] else { continue }
            for feature in covers[left] where edges[feature] != nil && !covers[right].contains(feature) {
                edges[feature]?.append(halfEdge)
            }
        }
        var assembly = RingAssembly(arrangement)
        var result: [Int32: [(shell: [GridPoint], holes: [[GridPoint]])]] = [:]
        for feature in touched {
            let rings = assembly.rings(of: edges[feature] ?? []).map { ring in
                ring.filter { isLive[$0] || vertexOf[$0].contains(feature) }.map { arrangement.nodes[$0] }
            }
            result[feature] = GridRing.polygons(rings.filter { $0.count > 2 })
        }
        return result
    }
}
