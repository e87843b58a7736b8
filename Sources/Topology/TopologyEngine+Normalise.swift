// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension TopologyEngine {
    /// Brings a geometry into the form in which it is stored: without empty
    /// parts and repeated positions, valid, on the grid, valid there again, with
    /// the winding of Simple Features.
    ///
    /// Normalising a second time changes nothing, to the last bit. The dimension
    /// stays: an area yields areas. A polygon may become a multipolygon. An
    /// empty geometry stays one.
    ///
    /// - Throws: `.malformed` for what is no geometry; `.collapsed` when nothing
    ///   is left on the grid; `.irreparable` when it resists every repair.
    /// - Complexity: O(*n* log *n*) in positions for sound areas, without any
    ///   call of GEOS for small ones.
    public func normalise(
        _ geometry: Geometry, on grid: GridPrecision = .millimetre
    ) throws(TopologyError) -> NormalisedGeometry {
        try Shape.check(geometry)
        let full = geometry.withoutEmptyParts()
        var result = NormalisedGeometry(geometry: full.geometry)
        result.emptyPartsRemoved = full.removed
        if full.geometry.hasNoParts { return result }
        switch full.geometry {
        case .point(let point): result.geometry = .point(Point(point.coordinate.map(grid.snap)))
        case .multiPoint(let multi):
            result.geometry = .multiPoint(MultiPoint(multi.points.map { Point($0.coordinate.map(grid.snap)) }))
        case .lineString(let line):
            guard let snapped = normalised(line, on: grid, &result) else { throw Self.collapsed(geometry, grid) }
            result.geometry = .lineString(snapped)
        case .multiLineString(let multi):
            let lines = multi.lineStrings.compactMap { normalised($0, on: grid, &result) }
            guard !lines.isEmpty else { throw Self.collapsed(geometry, grid) }
            result.geometry = .multiLineString(MultiLineString(lines))
        case .polygon, .multiPolygon:
            var area = AreaNormalisation(engine: self, grid: grid)
            result.geometry = try area.normalise(full.geometry)
            result.repairs = area.repairs
            result.repeatedPositionsRemoved = area.repeatedPositionsRemoved
        case .geometryCollection(let collection):
            var members: [Geometry] = []
            for member in collection.geometries {
                let part = try normalise(member, on: grid)
                members.append(part.geometry)
                result.repairs += part.repairs
                result.repeatedPositionsRemoved += part.repeatedPositionsRemoved
            }
            result.geometry = .geometryCollection(GeometryCollection(members))
        }
        return result
    }

    private func normalised(
        _ line: LineString, on grid: GridPrecision, _ result: inout NormalisedGeometry
    ) -> LineString? {
        let distinct = line.coordinates.withoutRepeats()
        result.repeatedPositionsRemoved += line.coordinates.count - distinct.count
        let snapped = distinct.snapped(to: grid)
        if snapped.count >= 2 { return LineString(snapped) }
        result.repairs.append(
            Repair(
                kind: .droppedCollapsed, reason: "A line that is one position on the grid", location: snapped.first,
                areaBefore: 0, areaAfter: 0))
        return nil
    }

    static func collapsed(_ geometry: Geometry, _ grid: GridPrecision) -> TopologyError {
        var first: Coordinate?
        geometry.forEachCoordinates { if first == nil { first = $0.first } }
        let place = first.map { " near \($0.brief)" } ?? ""
        return TopologyError(
            .collapsed, "normalise", at: first,
            "Nothing is left of the \(geometry.type.rawValue.lowercased())\(place) on a grid of \(grid.precision): "
                + "it is thinner than that, or encloses no area.")
    }
}

extension [Coordinate] {
    /// Without positions that repeat the one before.
    func withoutRepeats() -> [Coordinate] {
        var index = 1
        while index < count, self[index] != self[index - 1] { index += 1 }
        guard index < count else { return self }
        var kept = Array(self[..<index])
        while index < count {
            if self[index] != self[index - 1] { kept.append(self[index]) }
            index += 1
        }
        return kept
    }

    /// Every position on the grid, without those that fell together.
    func snapped(to grid: GridPrecision) -> [Coordinate] {
        map(grid.snap).withoutRepeats()
    }
}
