// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// `within`: whether a point or line lies wholly inside polygons, their
/// boundary not counted. False for polygons, and where the geometry is not
/// known.
final class WithinNode: ExpressionNode {
    /// The polygons in the square of Web Mercator, whose side is 1.
    private let polygons: [[[Coordinate]]]
    private let bounds: Bounds

    private struct Bounds {
        var minX = Double.infinity
        var minY = Double.infinity
        var maxX = -Double.infinity
        var maxY = -Double.infinity

        mutating func include(_ point: Coordinate) {
            minX = min(minX, point.x)
            minY = min(minY, point.y)
            maxX = max(maxX, point.x)
            maxY = max(maxY, point.y)
        }

        func isInside(_ other: Bounds) -> Bool {
            minX > other.minX && maxX < other.maxX && minY > other.minY && maxY < other.maxY
        }
    }

    init(_ parts: GeometryParts, at path: ExpressionPath) {
        polygons = parts.mapped(Self.mercator).polygons
        var bounds = Bounds()
        polygons.joined().joined().forEach { bounds.include($0) }
        self.bounds = bounds
        super.init(.boolean, at: path, traits: .geometry)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .boolean(try boolean(context))
    }

    override func boolean(_ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        guard let geometry = context.geometry?() else { return false }
        let parts = GeometryParts(geometry)
        guard parts.polygons.isEmpty, !parts.isEmpty else { return false }
        return containsAll(parts.points) && containsAll(parts.lines)
    }

    private func containsAll(_ points: [Coordinate]) -> Bool {
        points.allSatisfy { point in
            let moved = wrapped(Self.mercator(point))
            return polygons.contains { PlanarTests.contains($0, moved, countsBoundary: false) }
        }
    }

    private func containsAll(_ lines: [[Coordinate]]) -> Bool {
        guard !lines.isEmpty else { return true }
        var moved = lines.map { $0.map(Self.mercator) }
        var extent = Bounds()
        moved.joined().forEach { extent.include($0) }
        if extent.maxX - extent.minX <= 0.5 {
            moved = moved.map { $0.map(wrapped) }
            extent = Bounds()
            moved.joined().forEach { extent.include($0) }
        }
        guard extent.isInside(bounds) else { return false }
        return moved.allSatisfy { line in
            polygons.contains { polygon in
                line.allSatisfy { PlanarTests.contains(polygon, $0, countsBoundary: false) }
                    && !PlanarTests.crosses(line, polygon)
            }
        }
    }

    /// The point moved by one turn of the globe when that brings it nearer to
    /// the polygons.
    private func wrapped(_ point: Coordinate) -> Coordinate {
        guard point.x < bounds.minX || point.x > bounds.maxX else { return point }
        for edge in [bounds.minX, bounds.maxX] {
            if point.x - edge > 0.5 { return Coordinate(x: point.x - 1, y: point.y) }
            if edge - point.x > 0.5 { return Coordinate(x: point.x + 1, y: point.y) }
        }
        return point
    }

    private static func mercator(_ point: Coordinate) -> Coordinate {
        let latitude = min(85.0511287798066, max(-85.0511287798066, point.y)) * .pi / 180
        return Coordinate(x: point.x / 360 + 0.5, y: 0.5 - log(tan(.pi / 4 + latitude / 2)) / (2 * .pi))
    }
}

extension ExpressionParser {
    func within(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        parts(arguments, line: line).flatMap { parts in
            guard parts.points.isEmpty, parts.lines.isEmpty else {
                return fault(
                    "'within' expression requires valid geojson object that contains polygon geometry type.",
                    line: line)
            }
            return WithinNode(parts, at: path)
        }
    }

    func distance(_ arguments: [JSONValue], line: Int) -> ExpressionNode? {
        parts(arguments, line: line).map { DistanceNode($0, at: path) }
    }

    private func parts(_ arguments: [JSONValue], line: Int) -> GeometryParts? {
        let name = arguments[0].string ?? ""
        guard arguments.count == 2 else {
            fault(
                "'\(name)' expression requires exactly one argument, but found \(arguments.count - 1) instead.",
                line: line)
            return nil
        }
        guard let parts = GeometryParts(geoJSON: arguments[1]) else {
            fault(
                "'\(name)' expression requires valid geojson object that contains polygon geometry type.", line: line)
            return nil
        }
        return parts
    }
}
