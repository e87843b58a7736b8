// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures
import Testing

@Suite("Datum shifts are known or refused")
struct DatumShiftTests {
    @Test(
        "A shift that PROJ would guess is refused with a remedy",
        arguments: [
            ("EPSG:2437", "EPSG:4549"), ("EPSG:4214", "EPSG:4490"), ("EPSG:2385", "EPSG:4549"),
            ("EPSG:4610", "EPSG:4326"), ("EPSG:4555", "EPSG:4549"), ("EPSG:4549", "EPSG:2437"),
            ("EPSG:2437", "EPSG:2385"), ("EPSG:2437", "EPSG:3857"), ("GCJ-02", "EPSG:2437"),
        ])
    func ballparkIsRefused(source: String, target: String) throws {
        let error = #expect(throws: ProjectionsError.self) { try transform(source, target) }
        #expect(error?.kind == .ballpark)
        #expect(error?.description.contains("fit:points.csv") == true)
        #expect(error?.description.contains("towgs84") == true)
    }

    @Test("The Yellow Sea shift is not used for Minhang, nor where its area would allow it")
    func yellowSeaShift() throws {
        let tip = Envelope(minX: 121.30, minY: 31.235, maxX: 121.35, maxY: 31.25)
        for area in [nil, minhang, tip] {
            let error = #expect(throws: ProjectionsError.self) {
                try transform("EPSG:2437", "EPSG:4326", area: area)
            }
            #expect(error?.kind == .ballpark)
        }
    }

    @Test("Beijing 54 in another zone of Beijing 54 is a change of projection")
    func sameClassicalDatum() throws {
        let change = try transform("EPSG:2437", "EPSG:2416")
        #expect(change.accuracyInMeters == 0)
        let result = try change.transform(Coordinate(x: 631810.868881, y: 3444363.021161))
        #expect(abs(result.x - 40631810.868881) < 1e-6)
    }

    @Test(
        "WGS 84 and CGCS2000 are taken for each other, and it is said",
        arguments: [
            ("EPSG:4326", "EPSG:4549"), ("EPSG:4549", "EPSG:3857"), ("EPSG:32651", "EPSG:4528"),
            ("EPSG:4490", "OGC:CRS84"), ("EPSG:4490", "EPSG:3857"), ("EPSG:4979", "EPSG:4480"),
        ])
    func nullTransformation(source: String, target: String) throws {
        let shift = try transform(source, target)
        #expect(shift.usesNullDatumShift)
        #expect(shift.steps.contains { $0.contains("null transformation") })
        #expect(shift.accuracyInMeters.map { $0 > 0 && $0 < 1 } == true)
    }

    @Test("Within one frame no null transformation is claimed")
    func sameFrame() throws {
        for (source, target) in [("EPSG:4326", "EPSG:32651"), ("EPSG:4490", "EPSG:4549"), ("EPSG:3857", "EPSG:4326")] {
            let change = try transform(source, target)
            #expect(!change.usesNullDatumShift)
            #expect(change.accuracyInMeters == 0)
        }
    }

    @Test("A shift declared as towgs84 is carried out on the way to CGCS2000")
    func declaredShift() throws {
        let source = "+proj=tmerc +lon_0=120 +x_0=500000 +ellps=krass +towgs84=15.53,-113.82,-41.38,0,0,0.814,-0.38"
        let declared = try transform(source, "EPSG:4549")
        let start = try transform("EPSG:4214", "EPSG:2437").transform(xinzhuang)
        let degrees = try transform("EPSG:4549", "EPSG:4490").transform(declared.transform(start))
        // What EPSG:15919 gives at this point.
        #expect(abs(degrees.x - 121.382408466) < 2e-9)
        #expect(abs(degrees.y - 31.112992631) < 2e-9)
        #expect(declared.accuracyInMeters == nil)
        #expect(declared.usesNullDatumShift)
        let back = try declared.inverted().transform(declared.transform(start))
        // The inverse of a Helmert transformation is itself an approximation.
        #expect(back.distance(to: start) < 1e-3)
        let other = try transform("EPSG:4549", source).transform(declared.transform(start))
        #expect(other.distance(to: start) < 1e-3)
    }

    @Test("A declared pipeline leads to degrees or onto the grid")
    func declaredPipeline() throws {
        let steps =
            "+proj=pipeline +step +inv +proj=tmerc +lon_0=120 +x_0=500000 +ellps=krass +step +proj=cart +ellps=krass"
            + " +step +proj=helmert +x=15.53 +y=-113.82 +z=-41.38 +rz=0.814 +s=-0.38 +convention=position_vector"
            + " +step +inv +proj=cart +ellps=GRS80"
        let start = try transform("EPSG:4214", "EPSG:2437").transform(xinzhuang)
        let throughDegrees = try transform(steps, "EPSG:4549").transform(start)
        let ontoGrid = try transform(steps + " +step +proj=tmerc +lon_0=120 +x_0=500000 +ellps=GRS80", "EPSG:4549")
        #expect(throughDegrees.distance(to: try ontoGrid.transform(start)) < 1e-6)
        let degrees = try transform("EPSG:4549", "EPSG:4490").transform(throughDegrees)
        #expect(abs(degrees.x - 121.382408466) < 2e-9)
        #expect(throws: ProjectionsError.self) {
            try transform(steps + " +step +proj=tmerc +lon_0=120 +ellps=GRS80", "EPSG:4326")
        }
        #expect(throws: ProjectionsError.self) { try transform("EPSG:4549", steps) }
    }

    @Test("A registered shift is used where its accuracy and area are known")
    func registeredShift() throws {
        let helsinki = Envelope(minX: 24.8, minY: 60.1, maxX: 25.2, maxY: 60.3)
        let shift = try transform("EPSG:3067", "EPSG:4326", area: helsinki)
        #expect(shift.accuracyInMeters == 1)
        #expect(!shift.usesNullDatumShift)
        let elsewhere = #expect(throws: ProjectionsError.self) {
            try transform("EPSG:3067", "EPSG:4326", area: minhang)
        }
        #expect(elsewhere != nil)
        // No area at all is no permission either.
        #expect(throws: ProjectionsError.self) { try transform("EPSG:3067", "EPSG:4326") }
    }

    @Test("A PROJ string without datum has no shift")
    func unknownDatum() throws {
        let error = #expect(throws: ProjectionsError.self) {
            try transform("+proj=tmerc +lon_0=120 +x_0=500000 +ellps=GRS80", "EPSG:4549")
        }
        #expect(error?.kind == .ballpark)
        let declared = try transform(
            "+proj=tmerc +lon_0=120 +x_0=500000 +ellps=GRS80 +towgs84=0,0,0 +units=m", "EPSG:4549")
        let result = try declared.transform(Coordinate(x: 631808.653888, y: 3444301.836415))
        // GRS80 and WGS 84 differ by a tenth of a millimetre in the flattening.
        #expect(result.distance(to: Coordinate(x: 631808.653888, y: 3444301.836415)) < 2e-4)
    }
}
