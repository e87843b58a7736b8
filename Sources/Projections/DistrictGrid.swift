// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The one plane that all maps of a district are brought onto: a reference
/// system and the spacing of its coordinates.
public struct DistrictGrid: Hashable, Sendable {
    public let crs: CoordinateReferenceSystem
    public let spacing: GridPrecision

    /// The distance of neighbouring coordinates, in units of the grid.
    public var precision: Double { spacing.precision }

    /// - Throws: `.unsupported` for a reference system in degrees, and for a
    ///   precision that is not 1/k or k metres.
    public init(crs: CoordinateReferenceSystem, precision: Double = 0.001) throws(ProjectionsError) {
        guard !crs.isGeographic, crs.kind == .proj else {
            throw ProjectionsError(
                .unsupported, subject: crs.definition,
                "\(crs) counts in degrees; a district grid needs a projected reference system such as EPSG:4549.")
        }
        guard let spacing = GridPrecision(precision) else {
            throw ProjectionsError(
                .unsupported, subject: "\(precision)",
                "A grid precision of \(precision) has no exact grid lines; write 0.001, 0.01, 0.1, 1 or another 1/k.")
        }
        self.crs = crs
        self.spacing = spacing
    }

    /// The nearest ordinate of the grid: `Double(n) / 1000` for one millimetre.
    /// Half-way goes away from zero.
    @inlinable
    public func snap(_ ordinate: Double) -> Double { spacing.snap(ordinate) }

    /// The geometry with every position on the grid and positions that fell
    /// together taken out. A ring or line that would fall below its least number
    /// of positions keeps its repeated ones: its shape stays well formed, and
    /// whether it is valid is for `Topology` to say.
    ///
    /// - Complexity: O(*n*) in positions.
    public func snap(_ geometry: Geometry) -> Geometry {
        switch geometry {
        case .polygon, .multiPolygon:
            geometry.mapCoordinates { snapped($0, least: 4) }
        case .geometryCollection(let collection):
            .geometryCollection(GeometryCollection(collection.geometries.map(snap)))
        default:
            geometry.mapCoordinates { snapped($0, least: 2) }
        }
    }

    private func snapped(_ run: [Coordinate], least: Int) -> [Coordinate] {
        let moved = run.map(spacing.snap)
        var kept: [Coordinate] = []
        kept.reserveCapacity(moved.count)
        for position in moved where kept.last != position { kept.append(position) }
        return kept.count < least ? moved : kept
    }
}
