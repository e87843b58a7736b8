// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures

/// Watches how far features lie outside of the area that a reference system was
/// made for.
struct AreaWatch {
    private let crs: CoordinateReferenceSystem
    private let gauge: AreaOfUseGauge
    private let swapsAxes: Bool
    /// Known to lie inside; spares most features the measuring.
    private var inside = Envelope.empty
    /// The same along the edge of the area, where no larger rectangle lies inside:
    /// whether a square of the plane does, by its place.
    private var squares: [Square: Bool] = [:]
    /// The side of a square: some kilometres.
    private let side: Double

    private struct Square: Hashable {
        var column: Double
        var row: Double
    }

    /// A file of features all over the world has no use for more.
    private static let mostSquares = 65_536
    private var outsideCount = 0
    private var farthest = 0.0

    /// - Parameter swapsAxes: whether envelopes come with north in x.
    init(_ crs: CoordinateReferenceSystem, swapsAxes: Bool = false) throws {
        self.crs = crs
        self.swapsAxes = swapsAxes
        gauge = try AreaOfUseGauge(crs)
        side = crs.isGeographic ? 1.0 / 64 : 2048
    }

    /// - Parameter envelope: of a feature, in the system's coordinates.
    /// - Returns: why the feature must be refused, or nil.
    mutating func refusal(of envelope: Envelope) -> String? {
        let envelope = swapsAxes ? envelope.withSwappedAxes : envelope
        if inside.contains(envelope) || isInSquareInside(envelope) { return nil }
        let degrees = gauge.degreesOutside(envelope)
        if degrees == 0 {
            var larger = inside
            larger.expand(toContain: envelope)
            if gauge.degreesOutside(larger) == 0 { inside = larger }
            return nil
        }
        guard degrees <= AreaOfUseGauge.refusalInDegrees else {
            let distance = degrees.isFinite ? "\(degrees.rounded(toPlaces: 1))° outside of" : "nowhere in"
            let isInsideSwapped = gauge.degreesOutside(envelope.withSwappedAxes) == 0
            let remedy =
                isInsideSwapped && !swapsAxes
                ? "with north and east changed it lies inside, which is `crs: { from: …, axes: yx }`"
                : "is that the right reference system?"
            return "lies \(distance) the area of \(crs.name); \(remedy)"
        }
        outsideCount += 1
        farthest = max(farthest, degrees)
        return nil
    }

    private mutating func isInSquareInside(_ envelope: Envelope) -> Bool {
        let square = Square(column: (envelope.minX / side).rounded(.down), row: (envelope.minY / side).rounded(.down))
        let box = Envelope(
            minX: square.column * side, minY: square.row * side, maxX: (square.column + 1) * side,
            maxY: (square.row + 1) * side)
        guard box.contains(envelope) else { return false }
        if let known = squares[square] { return known }
        if squares.count >= Self.mostSquares { squares = [:] }
        let isInside = gauge.degreesOutside(box) == 0
        squares[square] = isInside
        return isInside
    }

    /// What to report when all is read, or nil.
    var note: String? {
        guard outsideCount > 0 else { return nil }
        return "\(MergeReport.count(outsideCount, "feature")) outside of the area that \(crs.name) was made for, "
            + "by up to \(farthest.rounded(toPlaces: 4))°; taken all the same."
    }
}

extension Double {
    func rounded(toPlaces places: Int) -> Double {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        return (self * scale).rounded() / scale
    }
}

extension Envelope {
    var withSwappedAxes: Envelope { Envelope(minX: minY, minY: minX, maxX: maxY, maxY: maxX) }
}
