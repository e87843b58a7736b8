// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// Measures how far the image of a straight edge bends away from its chord.
struct ChordCheck {
    private let transform: CoordinateTransform
    private let tolerance: Double
    private let metresPerTargetUnit: Double
    private let targetIsGeographic: Bool
    /// The length of the edges that curvature is sampled with, in source units:
    /// about two kilometres.
    let sampleLength: Double

    /// An edge of half the certain length bends a quarter as much, so the guess
    /// from samples may be wrong by this factor before an edge is missed.
    private static let safety = 8.0
    private static let samplesPerAxis = 5
    /// An edge halved this often is as short as rounding allows.
    private static let deepest = 48
    private static let metresPerDegree = 111_319.49

    init(_ transform: CoordinateTransform, tolerance: Double) {
        self.transform = transform
        self.tolerance = tolerance
        targetIsGeographic = transform.target.isGeographic
        metresPerTargetUnit = targetIsGeographic ? Self.metresPerDegree : transform.target.unit.factor
        let source = transform.source
        sampleLength = source?.isGeographic == true ? 0.02 : 2000 / (source?.unit.factor ?? 1)
    }

    /// A length, in source units, below which every edge in the envelope keeps
    /// to its chord. The bend grows with the square of the length, so a few
    /// samples of the curvature and a safety factor tell; the answer never
    /// exceeds the length of the samples.
    func certainLength(over envelope: Envelope) -> Double {
        let half = sampleLength / 2
        let diagonal = half / 2.0.squareRoot()
        let directions = [(half, 0), (0, half), (diagonal, diagonal), (diagonal, -diagonal)]
        var worst = 0.0
        var measured = 0
        for row in 0..<Self.samplesPerAxis {
            for column in 0..<Self.samplesPerAxis {
                let x = envelope.minX + envelope.width * Double(column) / Double(Self.samplesPerAxis - 1)
                let y = envelope.minY + envelope.height * Double(row) / Double(Self.samplesPerAxis - 1)
                for (dx, dy) in directions {
                    var edge = [
                        Coordinate(x: x - dx, y: y - dy), Coordinate(x: x, y: y), Coordinate(x: x + dx, y: y + dy),
                    ]
                    edge.withUnsafeMutableBufferPointer { transform.run(on: $0) }
                    guard edge.allSatisfy(\.isFinite) else { continue }
                    measured += 1
                    worst = max(worst, bend(of: edge[1], from: edge[0], to: edge[2]))
                }
            }
        }
        guard measured > 0 else { return 0 }
        guard worst > 0 else { return sampleLength }
        return min(sampleLength, sampleLength * (tolerance / (Self.safety * worst)).squareRoot())
    }

    /// Appends the images of the vertices that an edge needs between its ends,
    /// in the direction of travel.
    ///
    /// The edge is halved in source coordinates, always from its lesser end to
    /// its greater one, so both directions make the same vertices.
    func appendInserted(
        from start: Coordinate, image startImage: Coordinate, to end: Coordinate, image endImage: Coordinate,
        onto result: inout [Coordinate]
    ) throws(ProjectionsError) {
        let isForward = (start.x, start.y) <= (end.x, end.y)
        let first = isForward ? Vertex(start, startImage) : Vertex(end, endImage)
        let last = isForward ? Vertex(end, endImage) : Vertex(start, startImage)
        let firstInserted = result.count
        var left = first
        // Right ends still to be reached, the nearest on top.
        var pending = [(vertex: last, depth: 0)]
        while let right = pending.last {
            let middle = try Vertex.middle(left, right.vertex, transform)
            if try isStraight(left, middle, right.vertex) {
                pending.removeLast()
                if !pending.isEmpty { result.append(right.vertex.image) }
                left = right.vertex
            } else {
                guard right.depth < Self.deepest,
                    result.count - firstInserted + pending.count <= GeometryTransform.mostVerticesPerEdge
                else { throw tear(start, end) }
                pending[pending.count - 1].depth += 1
                pending.append((middle, right.depth + 1))
            }
        }
        if !isForward { result[firstInserted...].reverse() }
    }

    private struct Vertex {
        let source, image: Coordinate

        init(_ source: Coordinate, _ image: Coordinate) {
            self.source = source
            self.image = image
        }

        static func middle(
            _ a: Vertex, _ b: Vertex, _ transform: CoordinateTransform
        ) throws(ProjectionsError) -> Vertex {
            let source = Coordinate(x: (a.source.x + b.source.x) / 2, y: (a.source.y + b.source.y) / 2)
            return Vertex(source, try transform.transform(source))
        }
    }

    /// Whether the image between two vertices keeps to its chord at a half and
    /// at both quarters: an S-shaped image crosses its chord in the middle.
    private func isStraight(_ a: Vertex, _ middle: Vertex, _ b: Vertex) throws(ProjectionsError) -> Bool {
        guard bend(of: middle.image, from: a.image, to: b.image) <= tolerance else { return false }
        for pair in [(a, middle), (middle, b)] {
            let quarter = try Vertex.middle(pair.0, pair.1, transform)
            guard bend(of: quarter.image, from: a.image, to: b.image) <= tolerance else { return false }
        }
        return true
    }

    /// The distance of an image from a chord, in metres.
    private func bend(of position: Coordinate, from a: Coordinate, to b: Coordinate) -> Double {
        let scaleY = metresPerTargetUnit
        let scaleX = targetIsGeographic ? scaleY * cos(a.y * .pi / 180) : scaleY
        let dx = (b.x - a.x) * scaleX
        let dy = (b.y - a.y) * scaleY
        let px = (position.x - a.x) * scaleX
        let py = (position.y - a.y) * scaleY
        let square = dx * dx + dy * dy
        let along = square > 0 ? min(max((px * dx + py * dy) / square, 0), 1) : 0
        let ex = px - along * dx
        let ey = py - along * dy
        return (ex * ex + ey * ey).squareRoot()
    }

    private func tear(_ start: Coordinate, _ end: Coordinate) -> ProjectionsError {
        ProjectionsError(
            .tooManyVertices, subject: "(\(start.x), \(start.y))",
            "The edge from (\(start.x), \(start.y)) to (\(end.x), \(end.y)) would need more than "
                + "\(GeometryTransform.mostVerticesPerEdge) vertices in \(transform.target): it crosses a place where "
                + "the projection tears.")
    }
}
