// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The way of one polygon or multipolygon onto the grid.
///
/// Sound areas take the short way: rounded as they are, and found valid before
/// and after. Others are repaired, rounded with their topology, and looked at
/// again until they are valid on the very grid lines that are stored.
struct AreaNormalisation {
    let engine: TopologyEngine
    let grid: GridPrecision
    private(set) var repairs: [Repair] = []
    private(set) var repeatedPositionsRemoved = 0

    /// Rounding a repaired area can make it invalid again; each round makes it
    /// smaller, and real data need one.
    private static let mostRounds = 4

    init(engine: TopologyEngine, grid: GridPrecision) {
        self.engine = engine
        self.grid = grid
    }

    /// - Parameter geometry: a polygon or multipolygon without empty parts whose
    ///   rings are closed and finite.
    mutating func normalise(_ geometry: Geometry) throws(TopologyError) -> Geometry {
        let asMultiPolygon = geometry.type == .multiPolygon
        if let single = geometry.onlyPolygon, single.interiorRings.isEmpty, let quick = quick(single) {
            return asMultiPolygon ? .multiPolygon(MultiPolygon([quick])) : .polygon(quick)
        }
        let delivered = rebuilt(geometry) { $0.withoutRepeats() }
        repeatedPositionsRemoved = geometry.coordinateCount - delivered.coordinateCount
        let area = Self.area(delivered)
        var sound = delivered
        if let fault = try fault(of: delivered) {
            sound = try engine.makeValid(dropCollapsedRings(delivered, reason: "A ring of fewer than three positions"))
            let after = Self.area(sound)
            repairs.append(
                Repair(
                    kind: .madeValid, reason: fault.reason, location: fault.location, areaBefore: area,
                    areaAfter: after))
            guard !sound.hasNoParts else { throw TopologyEngine.collapsed(geometry, grid) }
        }
        let rounded = rebuilt(sound) { $0.snapped(to: grid) }
        let result: Geometry
        if rounded != sound, let fault = try fault(of: rounded) {
            result = try roundedWithTopology(sound, fault, original: geometry)
        } else {
            result = rounded
        }
        return TopologyEngine.areas(of: result.withCanonicalWinding(), asMultiPolygon: asMultiPolygon)
    }

    /// The short way for a polygon without holes, without GEOS; nil when it
    /// cannot be proven sound.
    private mutating func quick(_ polygon: Polygon) -> Polygon? {
        let ring = polygon.exteriorRing.coordinates
        let delivered = ring.withoutRepeats()
        guard SimpleRingCertificate.holds(for: delivered) else { return nil }
        var rounded = delivered.map(grid.snap)
        if rounded != delivered {
            rounded = rounded.withoutRepeats()
            guard SimpleRingCertificate.holds(for: rounded) else { return nil }
        }
        repeatedPositionsRemoved = ring.count - delivered.count
        let winding = LinearRing(rounded)
        return Polygon(winding.twiceSignedArea < 0 ? LinearRing(rounded.reversed()) : winding)
    }

    private mutating func roundedWithTopology(
        _ sound: Geometry, _ fault: ValidityFault, original: Geometry
    ) throws(TopologyError) -> Geometry {
        var candidate = sound
        for round in 0..<Self.mostRounds {
            // GEOS keeps the topology while it rounds; should our last bits have
            // undone that, the areas are made valid once more.
            candidate = try engine.onGrid(round == 0 ? candidate : engine.makeValid(candidate), grid)
            candidate = dropCollapsedRings(rebuilt(candidate) { $0.withoutRepeats() }, reason: nil)
            guard !candidate.hasNoParts else { throw TopologyEngine.collapsed(original, grid) }
            guard try engine.validityFault(of: candidate) == nil else { continue }
            repairs.append(
                Repair(
                    kind: .roundedWithTopology, reason: fault.reason, location: fault.location,
                    areaBefore: Self.area(sound), areaAfter: Self.area(candidate)))
            return candidate
        }
        throw TopologyError(
            .irreparable, "normalise", at: fault.location,
            "The \(original.type.rawValue.lowercased()) stays invalid on a grid of \(grid.precision) "
                + "(\(fault)); draw it anew there.")
    }

    /// A fault of a geometry whose rings may have lost positions: a ring of
    /// fewer than four is one before GEOS sees it.
    private func fault(of geometry: Geometry) throws(TopologyError) -> ValidityFault? {
        var short: Coordinate?
        geometry.forEachCoordinates { if $0.count < 4, short == nil { short = $0.first } }
        if let short { return ValidityFault(reason: "Ring of fewer than three positions", location: short) }
        return try engine.validityFault(of: geometry)
    }

    private func rebuilt(_ geometry: Geometry, _ change: ([Coordinate]) -> [Coordinate]) -> Geometry {
        geometry.mapCoordinates(change)
    }

    /// Leaves out rings that are too short to enclose anything, with the whole
    /// polygon when it is the exterior one. Noted as a repair when a reason is
    /// given.
    private mutating func dropCollapsedRings(_ geometry: Geometry, reason: String?) -> Geometry {
        func drop(_ ring: LinearRing) -> Bool {
            guard ring.coordinates.count < 4 else { return false }
            if let reason {
                repairs.append(
                    Repair(
                        kind: .droppedCollapsed, reason: reason, location: ring.coordinates.first, areaBefore: 0,
                        areaAfter: 0))
            }
            return true
        }
        func kept(_ polygon: Polygon) -> Polygon? {
            guard !drop(polygon.exteriorRing) else { return nil }
            return Polygon(polygon.exteriorRing, interiorRings: polygon.interiorRings.filter { !drop($0) })
        }
        return switch geometry {
        case .polygon(let polygon): kept(polygon).map(Geometry.polygon) ?? .polygon(Polygon(LinearRing([])))
        case .multiPolygon(let multi): .multiPolygon(MultiPolygon(multi.polygons.compactMap(kept)))
        default: geometry
        }
    }

    /// The area by the rings as drawn: exteriors less holes, whatever crosses.
    static func area(_ geometry: Geometry) -> Double {
        func area(_ polygon: Polygon) -> Double {
            polygon.interiorRings.reduce(abs(polygon.exteriorRing.twiceSignedArea)) { $0 - abs($1.twiceSignedArea) } / 2
        }
        return switch geometry {
        case .polygon(let polygon): area(polygon)
        case .multiPolygon(let multi): multi.polygons.reduce(0) { $0 + area($1) }
        default: 0
        }
    }
}

extension Geometry {
    /// The one polygon of a polygon or of a multipolygon with one part.
    var onlyPolygon: Polygon? {
        switch self {
        case .polygon(let polygon): polygon
        case .multiPolygon(let multi): multi.polygons.count == 1 ? multi.polygons[0] : nil
        default: nil
        }
    }

    /// Exteriors anticlockwise, holes clockwise, every ring from its own start.
    func withCanonicalWinding() -> Geometry {
        func wound(_ ring: LinearRing, anticlockwise: Bool) -> LinearRing {
            let area = ring.twiceSignedArea
            return (area < 0) == anticlockwise && area != 0 ? LinearRing(ring.coordinates.reversed()) : ring
        }
        func wound(_ polygon: Polygon) -> Polygon {
            Polygon(
                wound(polygon.exteriorRing, anticlockwise: true),
                interiorRings: polygon.interiorRings.map { wound($0, anticlockwise: false) })
        }
        return switch self {
        case .polygon(let polygon): .polygon(wound(polygon))
        case .multiPolygon(let multi): .multiPolygon(MultiPolygon(multi.polygons.map(wound)))
        default: self
        }
    }
}
