// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures

/// A sample as one candidate places it on the grid.
struct PlacedCandidate {
    var system: CandidateSystem
    /// Whether this is the system that somebody says.
    var isClaimed: Bool
    /// One for each position of the sample; not finite where there is no image.
    var positions: [Coordinate]
    /// Within the outline and 5 km around it.
    var shareInRange: Double
    /// Within 30 m of known lines; nil before that was looked at.
    var coincidence: Coincidence?

    init(
        _ system: CandidateSystem, isClaimed: Bool, _ sample: PositionSample, by transform: CoordinateTransform,
        range: Envelope
    ) {
        self.system = system
        self.isClaimed = isClaimed
        var positions = sample.positions
        if system.swapsAxes { positions = positions.map { Coordinate(x: $0.y, y: $0.x) } }
        positions.withUnsafeMutableBufferPointer { _ = transform.transformReportingFailures($0) }
        self.positions = positions
        let inside = positions.count { range.contains($0) }
        shareInRange = positions.isEmpty ? 0 : Double(inside) / Double(positions.count)
    }

    /// A delivery may be larger than the district, and a few stray records are no
    /// matter; what is most of it elsewhere is not here.
    /// A plane around an origin in the district fits its mirror image as well, so
    /// north first asks for more.
    var isInRange: Bool { shareInRange >= (system.swapsAxes ? 0.9 : 0.5) }

    /// The median distance between two placements of the same sample, in metres.
    func distance(to other: PlacedCandidate) -> Double {
        zip(positions, other.positions).map { $0.distance(to: $1) }.filter(\.isFinite).median ?? .infinity
    }
}

extension [Double] {
    /// The middle value; of an even number the lower one. Nil when empty.
    var median: Double? { isEmpty ? nil : sorted()[(count - 1) / 2] }
}

extension Double {
    /// A share as a whole number of hundredths.
    var percent: Int { isFinite ? Int((min(max(self, -10), 10) * 100).rounded()) : 0 }
}
