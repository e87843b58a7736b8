// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import SpatialIndexing

/// Gives both sides of a shared border the same vertices.
///
/// Where one area has a vertex on a border and its neighbour runs straight past
/// it, rounding moves the vertex off the neighbour's edge and opens a gap or an
/// overlap that nobody drew. So each vertex that lies on an edge of another
/// area is put into that edge first, and both are rounded alike.
struct SharedVertices {
    private let vertices: [Coordinate]
    private let tree: [UInt8]
    private let origin: Coordinate
    /// A vertex no farther from an edge than this lies on it, in metres.
    private let tolerance: Double
    /// How many vertices `shared` has put in.
    private(set) var inserted = 0

    /// Boxes of the index are in units of this many metres.
    private static let indexUnit = 0.1

    /// - Parameters:
    ///   - geometries: all areas of the layer, on the grid's plane and not yet
    ///     rounded.
    ///   - precision: of the grid, in metres. Straight edges that were bent by
    ///     the projection lie within a step of it, and rounding moves each
    ///     vertex by up to 0.71 of one.
    /// - Complexity: O(*n* log *n*) in vertices.
    init(of geometries: [Geometry], precision: Double) {
        var unique: Set<Coordinate> = []
        var envelope = Envelope.empty
        for geometry in geometries {
            geometry.forEachCoordinates { run in
                for coordinate in run where unique.insert(coordinate).inserted {
                    envelope.expand(toContain: coordinate)
                }
            }
        }
        let origin = envelope.isEmpty ? Coordinate(x: 0, y: 0) : envelope.center
        let all = Array(unique)
        let boxes = all.map { Self.box(Envelope(minX: $0.x, minY: $0.y, maxX: $0.x, maxY: $0.y), origin, margin: 0) }
        vertices = all
        tree = PackedHilbertTree.build(boxes)
        self.origin = origin
        tolerance = 1.5 * precision
    }

    /// The geometry with the vertices of others on its edges. Its own vertices
    /// are left alone: a narrow neck stays one.
    mutating func shared(_ geometry: Geometry) -> Geometry {
        var added = 0
        var own: Set<Coordinate> = []
        geometry.forEachCoordinates { own.formUnion($0) }
        let result = tree.withUnsafeBytes { bytes -> Geometry in
            guard let view = PackedHilbertTreeView(bytes) else { return geometry }
            return geometry.mapCoordinates { run in
                guard run.count > 1 else { return run }
                var result: [Coordinate] = []
                result.reserveCapacity(run.count)
                for index in 0..<(run.count - 1) {
                    result.append(run[index])
                    let between = vertices(from: run[index], to: run[index + 1], in: view).filter { !own.contains($0) }
                    added += between.count
                    result += between
                }
                result.append(run[run.count - 1])
                return result
            }
        }
        inserted += added
        return result
    }

    /// Vertices on an edge, in its direction, without those at its ends.
    private func vertices(
        from start: Coordinate, to end: Coordinate, in view: PackedHilbertTreeView
    ) -> [Coordinate] {
        let dx = end.x - start.x
        let dy = end.y - start.y
        let length = (dx * dx + dy * dy).squareRoot()
        guard length > 2 * tolerance else { return [] }
        var found: [(position: Double, vertex: Coordinate)] = []
        let edge = Envelope(
            minX: min(start.x, end.x), minY: min(start.y, end.y), maxX: max(start.x, end.x), maxY: max(start.y, end.y))
        view.search(Self.box(edge, origin, margin: tolerance)) { item in
            let vertex = vertices[item]
            let along = ((vertex.x - start.x) * dx + (vertex.y - start.y) * dy) / length
            let across = abs((vertex.x - start.x) * dy - (vertex.y - start.y) * dx) / length
            if across <= tolerance, along > tolerance, along < length - tolerance {
                found.append((along, vertex))
            }
            return true
        }
        guard found.count > 1 else { return found.map(\.vertex) }
        found.sort { ($0.position, $0.vertex.x, $0.vertex.y) < ($1.position, $1.vertex.x, $1.vertex.y) }
        return found.map(\.vertex)
    }

    private static func box(_ envelope: Envelope, _ origin: Coordinate, margin: Double) -> GridBox {
        func cell(_ value: Double, _ rule: FloatingPointRoundingRule) -> Int32 {
            let scaled = (value / indexUnit).rounded(rule)
            return Int32(min(max(scaled, Double(Int32.min)), Double(Int32.max)))
        }
        return GridBox(
            minX: cell(envelope.minX - margin - origin.x, .down), minY: cell(envelope.minY - margin - origin.y, .down),
            maxX: cell(envelope.maxX + margin - origin.x, .up), maxY: cell(envelope.maxY + margin - origin.y, .up))
    }
}
