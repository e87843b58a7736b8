// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import SimpleFeatures

/// Chooses the sample of a delivery, geometry by geometry, in bounded memory.
///
/// Which positions are chosen depends on the positions alone and not on their
/// order: of more segments or points than are kept, those with the smallest
/// hashes stay.
public struct PositionSampler {
    /// Segments or points that are held on the way.
    private static let held = 4_000
    /// Positions of the finished sample.
    public static let size = 600
    /// With fewer vertices places along the edges are taken instead. Vertices are
    /// better: where an outline was simplified they lie on the true line, and its
    /// edges do not.
    private static let enoughVertices = 200

    private struct Segment: Hashable {
        var from, to: Coordinate
    }

    private var segments = SmallestHashes<Segment>(most: held)
    private var vertices = SmallestHashes<Coordinate>(most: size)
    private var points = SmallestHashes<Coordinate>(most: size)

    public init() {}

    /// - Complexity: O(*n*) in positions.
    public mutating func take(_ geometry: Geometry) {
        if geometry.type.dimension == 0 {
            geometry.forEachCoordinates { run in
                for position in run where position.isFinite { points.insert(position, hash: Self.hash([position])) }
            }
            return
        }
        geometry.forEachCoordinates { run in
            for index in run.indices.dropFirst() {
                // The direction in which a town drew an edge says nothing.
                let (one, other) = (run[index - 1], run[index])
                guard one.isFinite, other.isFinite, one != other else { continue }
                let isForward = (one.x, one.y) < (other.x, other.y)
                let segment = Segment(from: isForward ? one : other, to: isForward ? other : one)
                segments.insert(segment, hash: Self.hash([segment.from, segment.to]))
            }
            for position in run where position.isFinite { vertices.insert(position, hash: Self.hash([position])) }
        }
    }

    /// Lines win over points: they can be laid upon known ones.
    public var sample: PositionSample {
        let lines = segments.values.sorted {
            ($0.from.x, $0.from.y, $0.to.x, $0.to.y) < ($1.from.x, $1.from.y, $1.to.x, $1.to.y)
        }
        guard !lines.isEmpty else {
            return PositionSample(kind: .points, positions: points.values.sorted { ($0.x, $0.y) < ($1.x, $1.y) })
        }
        let corners = vertices.values.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        if corners.count >= Self.enoughVertices { return PositionSample(kind: .lines, positions: corners) }
        // An edge to one stray vertex is longer than all others together, and must
        // not draw the whole sample onto itself.
        let lengths = lines.map { $0.from.distance(to: $0.to) }
        let longest = 10 * (lengths.median ?? 0)
        let weights = lengths.map { min($0, longest) }
        let step = weights.reduce(0, +) / Double(Self.size)
        var positions: [Coordinate] = []
        var next = step / 2
        var passed = 0.0
        for (line, weight) in zip(lines, weights) {
            while next < passed + weight, positions.count < Self.size {
                let t = (next - passed) / weight
                positions.append(
                    Coordinate(
                        x: line.from.x + t * (line.to.x - line.from.x), y: line.from.y + t * (line.to.y - line.from.y)))
                next += step
            }
            passed += weight
        }
        return PositionSample(kind: .lines, positions: positions)
    }

    /// FNV-1a over the bits, then mixed so that neighbours part.
    private static func hash(_ positions: [Coordinate]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for position in positions {
            for bits in [position.x.bitPattern, position.y.bitPattern] {
                hash = (hash ^ bits) &* 0x100_0000_01B3
                hash ^= hash >> 29
            }
        }
        hash = (hash ^ (hash >> 32)) &* 0xD6E8_FEB8_6659_FD93
        return hash ^ (hash >> 32)
    }
}

/// The values with the smallest hashes of all that were put in, each once.
private struct SmallestHashes<Value: Hashable> {
    let most: Int
    private var entries: [(hash: UInt64, value: Value)] = []
    /// Nothing from here on is let in.
    private var limit = UInt64.max

    init(most: Int) {
        self.most = most
    }

    mutating func insert(_ value: Value, hash: UInt64) {
        guard hash < limit else { return }
        entries.append((hash, value))
        if entries.count >= 4 * most { shrink() }
    }

    private mutating func shrink() {
        entries = kept
        if entries.count == most, let last = entries.last { limit = last.hash }
    }

    private var kept: [(hash: UInt64, value: Value)] {
        var seen: Set<Value> = []
        let distinct = entries.sorted { $0.hash < $1.hash }.filter { seen.insert($0.value).inserted }
        return Array(distinct.prefix(most))
    }

    var values: [Value] { kept.map(\.value) }
}
