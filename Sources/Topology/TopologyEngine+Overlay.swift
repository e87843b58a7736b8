// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGEOS
import SimpleFeatures

// Each overlay may be asked for on a grid. GEOS then nodes on grid lines, and
// every ordinate is put back on `Double(n) / cellsPerUnit` by us: GEOS's own
// grid differs in the last bit on one ordinate in eight.
//
// Invalid input can make GEOS throw; normalise first.

extension TopologyEngine {
    /// The positions that both have.
    public func intersection(
        _ first: Geometry, _ second: Geometry, on grid: GridPrecision? = nil
    ) throws(TopologyError) -> Geometry {
        let result = try binary("intersection", first, second) {
            grid == nil ? GEOSIntersection_r($0, $1, $2) : GEOSIntersectionPrec_r($0, $1, $2, grid?.precision ?? 0)
        }
        return result.onGridLines(grid)
    }

    /// The positions that at least one has.
    public func union(
        _ first: Geometry, _ second: Geometry, on grid: GridPrecision? = nil
    ) throws(TopologyError) -> Geometry {
        let result = try binary("union", first, second) {
            grid == nil ? GEOSUnion_r($0, $1, $2) : GEOSUnionPrec_r($0, $1, $2, grid?.precision ?? 0)
        }
        return result.onGridLines(grid)
    }

    /// The positions of the first that the second has not.
    public func difference(
        _ first: Geometry, _ second: Geometry, on grid: GridPrecision? = nil
    ) throws(TopologyError) -> Geometry {
        let result = try binary("difference", first, second) {
            grid == nil ? GEOSDifference_r($0, $1, $2) : GEOSDifferencePrec_r($0, $1, $2, grid?.precision ?? 0)
        }
        return result.onGridLines(grid)
    }

    /// The positions that exactly one has.
    public func symDifference(
        _ first: Geometry, _ second: Geometry, on grid: GridPrecision? = nil
    ) throws(TopologyError) -> Geometry {
        let result = try binary("symDifference", first, second) {
            grid == nil ? GEOSSymDifference_r($0, $1, $2) : GEOSSymDifferencePrec_r($0, $1, $2, grid?.precision ?? 0)
        }
        return result.onGridLines(grid)
    }

    /// All parts of a geometry dissolved into one another, lines noded.
    public func unaryUnion(_ geometry: Geometry, on grid: GridPrecision? = nil) throws(TopologyError) -> Geometry {
        let result = try unary("unaryUnion", geometry) {
            grid == nil ? GEOSUnaryUnion_r($0, $1) : GEOSUnaryUnionPrec_r($0, $1, grid?.precision ?? 0)
        }
        return result.onGridLines(grid)
    }

    /// The ends of lines, the rings of areas.
    public func boundary(_ geometry: Geometry) throws(TopologyError) -> Geometry {
        if case .geometryCollection = geometry {
            throw TopologyError(.malformed, "boundary", "A geometry collection has no boundary.")
        }
        return try unary("boundary", geometry) { GEOSBoundary_r($0, $1) }
    }

    /// The smallest convex area, line or point around all positions.
    public func convexHull(_ geometry: Geometry) throws(TopologyError) -> Geometry {
        try unary("convexHull", geometry) { GEOSConvexHull_r($0, $1) }
    }

    /// Fewer vertices, none farther than `tolerance` from where the line ran.
    ///
    /// - Parameter preservingTopology: whether areas must stay valid and rings
    ///   apart; without it they may cross or vanish, in a third of the time.
    public func simplify(
        _ geometry: Geometry, tolerance: Double, preservingTopology: Bool = true
    ) throws(TopologyError) -> Geometry {
        guard tolerance.isFinite, tolerance >= 0 else {
            throw TopologyError(.malformed, "simplify", "A tolerance of \(tolerance) is neither zero nor a length.")
        }
        return try unary("simplify", geometry) {
            preservingTopology
                ? GEOSTopologyPreserveSimplify_r($0, $1, tolerance) : GEOSSimplify_r($0, $1, tolerance)
        }
    }

    /// The geometry on the grid with its topology kept: GEOS nodes and rounds
    /// areas together, so no ring crosses itself on the way, and what is
    /// narrower than the grid is dropped. Ordinates are put back on our own grid
    /// lines.
    ///
    /// - Throws: `.library` when GEOS gives up, as it may over invalid areas.
    public func onGrid(_ geometry: Geometry, _ grid: GridPrecision) throws(TopologyError) -> Geometry {
        let result = try unary("setPrecision", geometry) { GEOSGeom_setPrecision_r($0, $1, grid.precision, 0) }
        return result.onGridLines(grid)
    }
}

extension Geometry {
    /// Every ordinate moved by at most its last bits onto a grid line.
    fileprivate func onGridLines(_ grid: GridPrecision?) -> Geometry {
        guard let grid else { return self }
        return mapCoordinates { $0.map(grid.snap) }
    }
}
