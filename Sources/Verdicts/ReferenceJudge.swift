// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import Projections
import SimpleFeatures

/// Decides which reference system deliveries are in, against one ground.
///
/// The same question always gets the same answer; how
/// many positions and vertices are looked at follows from `PositionSampler.size`
/// and `GroundIndex.mostVertices`.
public struct ReferenceJudge: Sendable {
    /// A system that is contradicted by more than this many metres is not merged.
    /// Two independent drawings of one border differ by up to 25 m in the median,
    /// and the shift of Beijing 1954 is 70 m.
    public static let quarantineInMetres = 50.0
    /// How far outside of the outline a delivery may reach, in metres.
    static let rangeMargin = 5_000.0

    let grid: CoordinateReferenceSystem
    let ground: GroundIndex
    /// On the grid: the outline and 5 km around it, or where nothing is known of
    /// the ground the grid's own area of use.
    let range: Envelope
    /// The middle of the range, in degrees.
    private let place: Coordinate

    public init(_ ground: ReferenceGround) throws(ProjectionsError) {
        try self.init(index: GroundIndex(ground))
    }

    /// - Parameter index: of the ground, which may be shared by several judges.
    public init(index: GroundIndex) throws(ProjectionsError) {
        ground = index
        grid = try CoordinateReferenceSystem(parsing: index.gridCRS)
        let toDegrees = try CoordinateTransform(from: grid, to: .crs84)
        if !index.envelope.isEmpty {
            range = index.envelope.expanded(by: Self.rangeMargin)
            place = try toDegrees.transform(index.envelope.center)
        } else {
            let area = grid.areaOfUse ?? Envelope(minX: 73, minY: 18, maxX: 135, maxY: 54)
            place = area.center
            let back = try CoordinateTransform(from: .crs84, to: grid)
            var range = Envelope.empty
            // Half a degree more, as districts keep one meridian across the edge.
            for x in [area.minX - 0.5, area.center.x, area.maxX + 0.5] {
                for y in [max(area.minY, 18), area.center.y, min(area.maxY, 54)] {
                    if let corner = try? back.transform(Coordinate(x: x, y: y)) { range.expand(toContain: corner) }
                }
            }
            self.range = range
        }
    }

    /// The verdict on one delivery.
    ///
    /// - Parameters:
    ///   - claim: what is said.
    ///   - sample: of the delivery's positions.
    ///   - town: the code of the town that delivers, where it is known.
    ///   - placing: control points or parameters that lead the positions as they are
    ///     onto the grid; the claim is then their name. Not kept.
    ///   - isQuick: leaves the other systems alone when the one that is said
    ///     agrees with the ground, and ranks nothing when nothing speaks against
    ///     it: for merges, where nobody would read that.
    public func verdict(
        on sample: PositionSample, claim: ReferenceClaim, town: String? = nil,
        placing: CoordinateTransform? = nil, isQuick: Bool = false
    ) -> ReferenceVerdict {
        var deliberation = Deliberation(judge: self, sample: sample, claim: claim, town: town, placing: placing)
        return deliberation.verdict(isQuick: isQuick)
    }

    /// Systems to try, the one that is said first.
    func systems(claimed: CandidateSystem?) -> [CandidateSystem] {
        var systems = claimed.map { [$0] } ?? []
        for system in CandidateList.systems(around: place)
        where !systems.contains(where: { $0.parsed == system.parsed }) {
            systems.append(system)
        }
        return systems + systems.filter { $0.name != "GCJ-02" && $0.name != "BD-09" }.map { system in
            var swapped = system
            swapped.name += ", north first"
            swapped.swapsAxes = true
            swapped.definition = nil
            return swapped
        }
    }
}
