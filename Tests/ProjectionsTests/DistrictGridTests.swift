// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures
import TestSupport
import Testing

@Suite("The district grid")
struct DistrictGridTests {
    private func grid(_ precision: Double = 0.001) throws -> DistrictGrid {
        try DistrictGrid(crs: .named("EPSG:4549"), precision: precision)
    }

    @Test("A snapped ordinate is Double(n) / 1000, to the last bit, and stays what it is")
    func wholeMillimetres() throws {
        let grid = try grid()
        var generator = SeededGenerator(seed: 41)
        for _ in 0..<100_000 {
            let n = Int.random(in: -50_000_000_000...50_000_000_000, using: &generator)
            let exact = Double(n) / 1000
            #expect(grid.snap(exact) == exact)
            let offset = Double.random(in: -0.49e-3...0.49e-3, using: &generator)
            #expect(grid.snap(exact + offset) == exact)
        }
    }

    @Test("Half-way goes away from zero, minus zero becomes zero")
    func ties() throws {
        let metres = try grid(1)
        #expect(metres.snap(2.5) == 3)
        #expect(metres.snap(-2.5) == -3)
        #expect(metres.snap(-0.2).sign == .plus)
        #expect(try grid(10).snap(15) == 20)
        #expect(try grid(0.25).snap(0.374) == 0.25)
        #expect(metres.snap(Double.infinity) == .infinity)
    }

    @Test("Only spacings with exact grid lines are accepted", arguments: [0.001, 0.01, 0.1, 1, 10, 0.125, 0.0001])
    func acceptedPrecision(precision: Double) throws {
        #expect(abs(try grid(precision).precision - precision) < 1e-15)
    }

    @Test("Other spacings and grids in degrees are refused", arguments: [0, -0.001, .nan, .infinity, 0.3, 1.5])
    func refusedPrecision(precision: Double) throws {
        #expect(throws: ProjectionsError.self) { try grid(precision) }
        #expect(throws: ProjectionsError.self) { try DistrictGrid(crs: .named("EPSG:4490")) }
        #expect(throws: ProjectionsError.self) { try DistrictGrid(crs: .gcj02) }
    }

    @Test("Positions that fall together go, shapes stay well formed")
    func geometry() throws {
        let grid = try grid(1)
        let position = { (x: Double, y: Double) in Coordinate(x: x, y: y) }
        let ring = LinearRing([
            position(0.1, 0), position(9.9, 0.2), position(10.1, 0.1), position(10, 10), position(0.1, 0),
        ])
        #expect(
            grid.snap(.polygon(Polygon(ring)))
                == .polygon(Polygon(LinearRing([position(0, 0), position(10, 0), position(10, 10), position(0, 0)]))))
        let tiny = LinearRing(ring.coordinates.map { position($0.x / 100, $0.y / 100) })
        guard case .polygon(let collapsed) = grid.snap(.polygon(Polygon(tiny))) else { return }
        #expect(collapsed.exteriorRing.coordinates.count == 5)
        let line = LineString([position(0, 0), position(0.2, 0), position(5, 5)])
        #expect(grid.snap(.lineString(line)) == .lineString(LineString([position(0, 0), position(5, 5)])))
        #expect(grid.snap(.point(Point(x: 0.6, y: 0.4))) == .point(Point(x: 1, y: 0)))
    }
}

@Suite("How far data lie outside of where their system may be used")
struct AreaOfUseTests {
    @Test("Data of the district are inside, or a little east of the zone")
    func district() throws {
        let gauge = try AreaOfUseGauge(.named("EPSG:4549"))
        let west = Envelope(minX: 619_070, minY: 3_428_310, maxX: 640_000, maxY: 3_459_800)
        let all = Envelope(minX: 619_070, minY: 3_428_310, maxX: 652_870, maxY: 3_459_800)
        #expect(gauge.degreesOutside(west) == 0)
        let east = gauge.degreesOutside(all)
        #expect(east > 0.05 && east < 0.15)
        #expect(gauge.degreesOutside(.empty) == 0)
    }

    @Test("Degrees, swapped axes and another zone taken for the grid are far outside")
    func wrongSystems() throws {
        let gauge = try AreaOfUseGauge(.named("EPSG:4549"))
        for envelope in [
            minhang, Envelope(minX: 3_428_310, minY: 619_070, maxX: 3_459_800, maxY: 652_870),
            Envelope(minX: 40_619_070, minY: 3_428_310, maxX: 40_652_870, maxY: 3_459_800),
            Envelope(minX: -20_730, minY: -29_410, maxX: 12_720, maxY: 1_660),
            Envelope(minX: -.infinity, minY: 0, maxX: 0, maxY: 0),
        ] {
            #expect(gauge.degreesOutside(envelope) > AreaOfUseGauge.refusalInDegrees)
        }
    }

    @Test("In degrees, swapped axes show by latitudes beyond the pole")
    func degrees() throws {
        let gauge = try AreaOfUseGauge(.crs84)
        #expect(gauge.degreesOutside(minhang) == 0)
        let swapped = Envelope(minX: 30.97, minY: 121.25, maxX: 31.25, maxY: 121.60)
        #expect(gauge.degreesOutside(swapped) > AreaOfUseGauge.refusalInDegrees)
        #expect(try AreaOfUseGauge(.gcj02).degreesOutside(minhang) == 0)
        #expect(try AreaOfUseGauge(.named("EPSG:4490")).degreesOutside(minhang) == 0)
        // A metric grid read as degrees.
        let metres = Envelope(minX: 619_070, minY: 3_428_310, maxX: 640_000, maxY: 3_459_800)
        #expect(gauge.degreesOutside(metres) > AreaOfUseGauge.refusalInDegrees)
    }
}
