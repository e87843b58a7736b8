// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import SimpleFeatures

/// Measures how far positions lie outside of the area that their reference
/// system was made for: the surest sign of a wrong system or of swapped axes.
///
/// It belongs to one worker, like a transform.
public final class AreaOfUseGauge {
    /// Farther outside than this, in degrees, data are refused; less is
    /// reported.
    public static let refusalInDegrees = 3.0

    private let area: Envelope?
    private let toDegrees: [TransformStage]

    /// - Throws: `.library` when PROJ cannot say where the system's positions
    ///   lie on earth. A system without an area of use is fine: nothing lies
    ///   outside of it.
    public init(_ crs: CoordinateReferenceSystem) throws(ProjectionsError) {
        area = crs.areaOfUse
        guard !crs.isGeographic, crs.kind == .proj, area != nil else {
            toDegrees = []
            return
        }
        let context = try ProjContext()
        let object = try crs.projObject(in: context)
        toDegrees = try crs.stagesToDegrees(object, in: context)
    }

    /// How far an envelope in the system's own coordinates reaches outside of
    /// the area of use, in degrees of longitude or latitude, whichever is more:
    /// 0 inside, infinity where positions have no place on earth.
    ///
    /// Corners and the middles of the sides are looked at.
    public func degreesOutside(_ envelope: Envelope) -> Double {
        guard let area, !envelope.isEmpty else { return 0 }
        let middle = envelope.center
        var positions = [
            Coordinate(x: envelope.minX, y: envelope.minY), Coordinate(x: middle.x, y: envelope.minY),
            Coordinate(x: envelope.maxX, y: envelope.minY), Coordinate(x: envelope.maxX, y: middle.y),
            Coordinate(x: envelope.maxX, y: envelope.maxY), Coordinate(x: middle.x, y: envelope.maxY),
            Coordinate(x: envelope.minX, y: envelope.maxY), Coordinate(x: envelope.minX, y: middle.y),
        ]
        positions.withUnsafeMutableBufferPointer { buffer in
            for stage in toDegrees { stage.apply(to: buffer) }
        }
        return positions.reduce(0) { max($0, Self.degrees($1, outside: area)) }
    }

    private static func degrees(_ position: Coordinate, outside area: Envelope) -> Double {
        guard position.isFinite else { return .infinity }
        let latitude = max(area.minY - position.y, position.y - area.maxY, 0)
        // The area may reach beyond 180 while positions start anew at −180.
        let longitude = [position.x, position.x + 360, position.x - 360]
            .map { max(area.minX - $0, $0 - area.maxX, 0) }.min() ?? 0
        // A position beyond a pole or around the world is no position at all,
        // even in a system for the whole world.
        let beyond = max(abs(position.y) - 90, abs(position.x) - 360, 0)
        return max(latitude, longitude, beyond)
    }
}
