// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// What runs across the district without minding the streets: motorways,
/// expressways, railways, metro lines, and the Huangpu.
struct Ways: Sendable {
    struct Way: Sendable {
        var name: String
        /// The code of the layer.
        var code: String
        /// Clear of buildings on both sides, in metres from the middle.
        var clearance: Double
        var line: [Coordinate]
    }

    var motorways: [Way]
    var railways: [Way]
    /// Metres from the middle of the Huangpu to its banks.
    static let riverReach = 185.0

    private let hash: SegmentHash
    private let clearances: [Double]
    private let widest: Double

    init(river: [Coordinate]) {
        motorways = Self.plannedRoads.map { Self.way($0, clearance: $0.code == "motorway" ? 45 : 30) }
        railways = Self.plannedRails.map { Self.way($0, clearance: $0.code == "rail" ? 28 : 0) }
        var hash = SegmentHash(size: 400)
        var clearances: [Double] = []
        // Metro lines run below ground and clear nothing.
        for way in motorways + railways where way.clearance > 0 {
            hash.add(way.line, owner: clearances.count)
            clearances.append(way.clearance)
        }
        hash.add(river, owner: clearances.count)
        clearances.append(Self.riverReach + 25)
        self.hash = hash
        self.clearances = clearances
        widest = clearances.max() ?? 0
    }

    /// Whether the clear ground of something lies within `distance` metres.
    func passes(near place: Coordinate, within distance: Double) -> Bool {
        let reach = distance + widest
        let around = Envelope(minX: place.x, minY: place.y, maxX: place.x, maxY: place.y).expanded(by: reach)
        return hash.near(around).contains { index in
            let segment = hash.segments[index]
            return Plane.distance(place, segment.a, segment.b) <= distance + clearances[segment.owner]
        }
    }

    /// Whether a place lies in or beside the Huangpu.
    func isRiver(_ place: Coordinate, margin: Double) -> Bool {
        let reach = Self.riverReach + margin
        let around = Envelope(minX: place.x, minY: place.y, maxX: place.x, maxY: place.y).expanded(by: reach)
        return hash.near(around).contains { index in
            let segment = hash.segments[index]
            return segment.owner == clearances.count - 1 && Plane.distance(place, segment.a, segment.b) <= reach
        }
    }

    private typealias Planned = (name: String, code: String, course: [(Double, Double)])

    private static func way(_ planned: Planned, clearance: Double) -> Way {
        let line = Plane.smooth(planned.course.map(TownPlan.ground), step: 120).line
        return Way(name: planned.name, code: planned.code, clearance: clearance, line: line.map(\.onGrid))
    }

    private static let plannedRoads: [Planned] = [
        (
            "G15沈海高速", "motorway",
            [(7.6, 30.0), (8.8, 26.5), (9.7, 23.0), (10.6, 19.6), (9.4, 14.5), (8.4, 10.5), (7.4, 5.0)]
        ),
        ("G60沪昆高速", "motorway", [(18.2, 15.2), (14.8, 13.8), (11.0, 12.9), (8.0, 12.4), (4.0, 11.2)]),
        ("S4沪金高速", "motorway", [(18.2, 15.2), (17.9, 12.5), (16.7, 9.0), (15.4, 5.2), (14.4, 2.0)]),
        (
            "S20外环高速", "motorway",
            [
                (17.4, 25.4), (16.6, 22.5), (16.2, 19.0), (18.2, 15.2), (21.5, 14.4), (25.2, 15.2), (28.6, 16.2),
                (32.0, 17.2),
            ]
        ),
        (
            "S32申嘉湖高速", "motorway",
            [(4.0, 9.2), (8.0, 8.9), (13.0, 8.4), (18.0, 7.4), (23.4, 7.6), (28.6, 8.6), (34.6, 9.4)]
        ),
        ("虹梅高架路", "trunk", [(19.2, 20.4), (19.9, 16.4), (21.5, 12.6), (21.8, 8.2), (22.0, 2.6)]),
        ("浦星公路高架", "trunk", [(28.0, 20.0), (28.5, 16.4), (29.0, 11.0), (29.6, 6.0), (29.8, 0.6)]),
        ("沪闵高架路", "trunk", [(18.2, 15.2), (20.0, 16.3), (22.0, 17.6)]),
    ]

    private static let plannedRails: [Planned] = [
        ("沪昆铁路", "rail", [(4.0, 13.4), (9.0, 14.8), (14.0, 14.4), (18.0, 15.8), (22.6, 17.4)]),
        ("沪杭客运专线", "rail", [(13.4, 28.0), (13.8, 24.0), (13.4, 21.0), (12.2, 17.0), (9.0, 13.9)]),
        ("地铁1号线", "metro", [(15.9, 14.9), (18.5, 16.0), (21.6, 17.3)]),
        ("地铁2号线", "metro", [(5.2, 25.4), (10.0, 24.8), (14.0, 24.0), (18.0, 23.0), (21.2, 22.6)]),
        ("地铁5号线", "metro", [(15.9, 14.9), (16.4, 11.2), (17.0, 8.4), (17.4, 4.6), (14.6, 4.0)]),
        ("地铁8号线", "metro", [(28.8, 19.6), (28.9, 14.4), (29.4, 9.8), (29.7, 6.4)]),
        ("地铁9号线", "metro", [(9.8, 18.0), (13.0, 18.7), (17.0, 18.9), (21.0, 19.0)]),
        ("地铁12号线", "metro", [(13.6, 19.5), (17.5, 19.8), (21.2, 20.7)]),
        ("地铁15号线", "metro", [(20.2, 19.8), (19.4, 15.6), (17.8, 12.5), (17.0, 10.6)]),
    ]
}
