// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The ground divided among the towns without gap or overlap: every shared
/// border is drawn once, and both towns use the same vertices.
struct TownPartition: Sendable {
    struct Town: Sendable {
        var code: String
        var name: String
        var slug: String
        /// Valid, on whole millimetres, in EPSG:4549.
        var polygons: [Polygon]
        var area: Double
    }

    var towns: [Town]
    /// Where two towns meet: a polyline and the two towns' positions in `towns`.
    var sharedBorders: [(line: [Coordinate], left: Int, right: Int)]
    /// The district's outline as polylines.
    var outline: [[Coordinate]]
    /// The middle of the Huangpu, upstream to downstream; its vertices are those
    /// of the borders along it.
    var river: [Coordinate]
    /// The right and the left bank, downstream.
    var riverBanks: [[Coordinate]]

    private struct Border: Hashable {
        var from: String
        var to: String
    }

    init(seed: UInt64) {
        let knots = TownPlan.river.compactMap { TownPlan.corners[$0] }.map(TownPlan.ground)
        let course = Plane.smooth(knots, step: 45)
        let bends = Self.bends(course.line, knots: course.indexes, seed: seed)
        let ripple = NoiseField(seed: seed ^ 0x5EA, wavelength: 90)
        let wavy = bends.enumerated().map { index, place in
            let shift = Vector(x: ripple.height(place.x, place.y), y: ripple.height(place.y, place.x)) * 7
            return (course.indexes.contains(index) ? place : place + shift).onGrid
        }
        river = wavy
        riverBanks = [-1.0, 1.0].map { Plane.offset(bends, by: $0 * Ways.riverReach).map(\.onGrid) }

        var lines: [Border: [Coordinate]] = [:]
        for (index, pair) in zip(TownPlan.river, TownPlan.river.dropFirst()).enumerated() {
            let line = Array(wavy[course.indexes[index]...course.indexes[index + 1]])
            lines[Border(from: pair.0, to: pair.1)] = line
        }
        var users: [Border: [Int]] = [:]
        for (town, entry) in TownPlan.towns.enumerated() {
            for (from, to) in Self.edges(of: entry) {
                let known = Border(from: from, to: to)
                let reverse = Border(from: to, to: from)
                let border = users[reverse] != nil || lines[reverse] != nil ? reverse : known
                users[border, default: []].append(town)
                if lines[border] == nil { lines[border] = Self.draw(border.from, border.to, seed: seed) }
            }
        }
        let islet = Self.islet(seed: seed)
        towns = TownPlan.towns.map { entry in
            var ring: [Coordinate] = []
            for (from, to) in Self.edges(of: entry) {
                let forward = lines[Border(from: from, to: to)]
                let line = forward ?? lines[Border(from: to, to: from)]?.reversed() ?? []
                ring += line.dropLast()
            }
            if let first = ring.first { ring.append(first) }
            var polygons = [Polygon(LinearRing(ring))]
            if entry.code == TownPlan.exclave.host {
                polygons[0].interiorRings = [LinearRing(islet.reversed())]
            }
            if entry.code == TownPlan.exclave.owner { polygons.append(Polygon(LinearRing(islet))) }
            let area = polygons.reduce(0) { sum, polygon in
                sum + polygon.rings.reduce(0) { $0 + $1.twiceSignedArea } / 2
            }
            return Town(code: entry.code, name: entry.name, slug: entry.slug, polygons: polygons, area: area)
        }
        sharedBorders = []
        outline = []
        for (border, line) in lines.sorted(by: { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }) {
            let towns = users[border] ?? []
            if towns.count == 2 { sharedBorders.append((line, towns[0], towns[1])) } else { outline.append(line) }
        }
        let owner = TownPlan.towns.firstIndex { $0.code == TownPlan.exclave.owner }
        let host = TownPlan.towns.firstIndex { $0.code == TownPlan.exclave.host }
        if let owner, let host { sharedBorders.append((islet, owner, host)) }
    }

    /// The course with bends between the corners that towns share, too wide for
    /// the banks to fold over.
    private static func bends(_ course: [Coordinate], knots: [Int], seed: UInt64) -> [Coordinate] {
        let bend = NoiseField(seed: seed ^ 0xBE, wavelength: 1_500)
        return course.indices.map { index in
            let place = course[index]
            let toKnot = Double(knots.map { abs($0 - index) }.min() ?? 0)
            let along = course[min(course.count - 1, index + 1)] - course[max(0, index - 1)]
            let reach = min(1, toKnot / 14)
            return place + along.unit.left * (95 * reach * reach * bend.height(place.x, place.y))
        }
    }

    private static func edges(of entry: TownPlan.Entry) -> [(String, String)] {
        entry.corners.indices.map { (entry.corners[$0], entry.corners[($0 + 1) % entry.corners.count]) }
    }

    /// A border between two corners: straight on the sketch, broken again and
    /// again by a twelfth of its length until the parts are about 45 m.
    private static func draw(_ from: String, _ to: String, seed: UInt64) -> [Coordinate] {
        let ends = [from, to].compactMap { TownPlan.corners[$0] }.map { TownPlan.ground($0).onGrid }
        var random = RandomSource(seed: seed, part: "border \(from) \(to)")
        func broken(_ a: Coordinate, _ b: Coordinate) -> [Coordinate] {
            let step = b - a
            guard step.length > 60 else { return [a] }
            let middle = a.mixed(b, random.real(0.42...0.58)) + step.left * random.real(-0.075...0.075)
            return broken(a, middle) + broken(middle, b)
        }
        return (broken(ends[0], ends[1]) + [ends[1]]).map(\.onGrid)
    }

    private static func islet(seed: UInt64) -> [Coordinate] {
        var random = RandomSource(seed: seed, part: "exclave")
        let middle = TownPlan.ground(TownPlan.exclave.middle)
        var ring: [Coordinate] = []
        let corners = Turn.circle(40)
        var reach = 1.0
        for turn in corners {
            reach = max(0.8, min(1.2, reach + random.real(-0.08...0.08)))
            ring.append((middle + turn * (TownPlan.exclave.radius * reach)).onGrid)
        }
        return ring + ring.prefix(1)
    }
}
