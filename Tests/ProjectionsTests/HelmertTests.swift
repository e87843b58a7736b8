// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures
import TestSupport
import Testing

/// PROJ's own pipeline from Beijing 1954, 3° zone of 120° E, to EPSG:4549.
private func oracle(_ helmert: String) throws -> CoordinateTransform {
    try transform(
        "+proj=pipeline +step +inv +proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +ellps=krass "
            + "+step +proj=cart +ellps=krass +step +proj=helmert \(helmert) "
            + "+step +inv +proj=cart +a=6378137 +rf=298.257222101 "
            + "+step +proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +a=6378137 +rf=298.257222101",
        "EPSG:4549")
}

/// A set as districts have them, in both senses.
private let frame = HelmertParameters(
    x: 12.646, y: -155.176, z: -80.863, rx: 0.91, ry: -1.32, rz: 2.05, ds: -3.7, convention: .coordinateFrame)
private let frameText =
    "+x=12.646 +y=-155.176 +z=-80.863 +rx=0.91 +ry=-1.32 +rz=2.05 +s=-3.7 +convention=coordinate_frame"

@Suite("Seven parameters") struct HelmertTests {
    private let places = [
        (619_070, 3_428_310), (652_870, 3_429_000), (652_000, 3_459_800), (620_500, 3_458_100), (636_000, 3_441_000),
        (629_000, 3_450_500),
    ].map { Coordinate(x: $0.0, y: $0.1) }

    private func controls(_ truth: CoordinateTransform) throws -> [ControlPoint] {
        try places.enumerated().map { index, place in
            ControlPoint(id: "K\(index)", source: place, target: try truth.transform(place))
        }
    }

    @Test("Declared parameters do what PROJ does", arguments: [RotationConvention.coordinateFrame, .positionVector])
    func declared(convention: RotationConvention) throws {
        let truth = try oracle(frameText)
        let shifted = try CoordinateTransform.shifted(
            from: .named("EPSG:2437"), to: .named("EPSG:4549"), by: frame.told(as: convention))
        for place in places {
            let image = try shifted.transform(place)
            #expect(image.distance(to: try truth.transform(place)) < 1e-6)
            #expect(try shifted.inverted().transform(image).distance(to: place) < 0.005)
            #expect(try #require(shifted.unshifted).transform(place).distance(to: image) > 50)
        }
        let wrong = HelmertParameters(
            x: frame.x, y: frame.y, z: frame.z, rx: frame.rx, ry: frame.ry, rz: frame.rz, ds: frame.ds,
            convention: .positionVector)
        let mistaken = try CoordinateTransform.shifted(from: .named("EPSG:2437"), to: .named("EPSG:4549"), by: wrong)
        #expect(try mistaken.transform(places[0]).distance(to: truth.transform(places[0])) > 50)
        #expect(shifted.accuracyInMeters == nil)
    }

    @Test("The published shift of the register is met, out of degrees, too")
    func registered() throws {
        // EPSG:15919, Beijing 1954 to WGS 84 in the Yellow Sea.
        let parameters = HelmertParameters(
            x: 15.53, y: -113.82, z: -41.38, rx: 0, ry: 0, rz: 0.814, ds: -0.38, convention: .positionVector)
        let shifted = try CoordinateTransform.shifted(from: .named("EPSG:4214"), to: .named("EPSG:4549"), by: parameters)
        let declared = try transform(
            "+proj=longlat +ellps=krass +towgs84=15.53,-113.82,-41.38,0,0,0.814,-0.38", "EPSG:4549")
        let image = try shifted.transform(xinzhuang)
        // GRS 80 and WGS 84 differ by a tenth of a millimetre.
        #expect(image.distance(to: try declared.transform(xinzhuang)) < 0.001)
    }

    @Test("Fitted to six points, parameters give back what they were made with")
    func fitted() throws {
        let truth = try oracle(frameText)
        var points = try controls(truth)
        points[5].role = .check
        for convention in RotationConvention.allCases {
            let fitted = try CoordinateTransform.fitted(
                from: .named("EPSG:2437"), to: .named("EPSG:4549"), points: points,
                model: .sevenParameters(convention))
            let fit = try #require(fitted.fit)
            #expect(fit.parameterCount == 7)
            #expect(fit.rms < 0.001)
            #expect(try #require(fit.checkRMS) < 0.001)
            #expect(fit.helmert?.convention == convention)
            #expect(fit.remarks.contains { $0.hasPrefix("The control points have no heights, so zero was taken") })
            let inside = Coordinate(x: 633_333, y: 3_444_444)
            #expect(try fitted.transform(inside).distance(to: truth.transform(inside)) < 0.001)
            #expect(fitted.steps.contains { $0.hasPrefix("seven-parameter fit to 5 control points") })
        }
    }

    @Test("With heights on both sides the parameters themselves are found again")
    func fittedWithHeights() throws {
        // The same shift out of degrees with heights, by PROJ: geocentric in the
        // source and in the target, made from places with known heights.
        let truth = try oracle(frameText)
        let plain = try CoordinateTransform.fitted(
            from: .named("EPSG:2437"), to: .named("EPSG:4549"), points: controls(truth),
            model: .sevenParameters(.coordinateFrame))
        var points = try controls(truth)
        for index in points.indices {
            points[index].sourceHeight = Double(index) * 3
            points[index].targetHeight = Double(index) * 3 + 20
        }
        let raised = try CoordinateTransform.fitted(
            from: .named("EPSG:2437"), to: .named("EPSG:4549"), points: points,
            model: .sevenParameters(.coordinateFrame))
        #expect(raised.fit?.remarks.first == "The ellipsoidal heights of all control points were used.")
        #expect(raised.fit?.helmert != plain.fit?.helmert)
        #expect(try #require(raised.fit).rms < 0.002)
        points[3].targetHeight = nil
        let partly = try CoordinateTransform.fitted(
            from: .named("EPSG:2437"), to: .named("EPSG:4549"), points: points,
            model: .sevenParameters(.coordinateFrame))
        #expect(partly.fit?.helmert == plain.fit?.helmert)
        #expect(partly.fit?.remarks.first?.contains("heights for 5 of 6 only") == true)
    }

    @Test("What cannot carry seven parameters is refused with a sentence")
    func refused() throws {
        let truth = try oracle(frameText)
        let points = try controls(truth)
        let fit = { (from: String?, points: [ControlPoint], axes: AxisOrder?) in
            try CoordinateTransform.fitted(
                from: from.map { try .named($0) }, to: .named("EPSG:4549"), points: points,
                model: .sevenParameters(.positionVector), axes: axes)
        }
        let cases: [(String?, [ControlPoint], String)] = [
            (nil, points, "say which projection the source is in"),
            ("GCJ-02", points, "stands on no ellipsoid"),
            ("EPSG:2437", Array(points.prefix(2)), "need three control points or more, better six; there are 2."),
        ]
        for (from, points, words) in cases {
            let error = #expect(throws: ProjectionsError.self) { try fit(from, points, nil) }
            #expect(error?.description.contains(words) == true, "\(error.debugDescription)")
        }
        let line = try (0..<4).map { index in
            let place = Coordinate(x: 620_000 + 3000 * Double(index), y: 3_430_000)
            return ControlPoint(id: "\(index)", source: place, target: try truth.transform(place))
        }
        let error = #expect(throws: ProjectionsError.self) { try fit("EPSG:2437", line, .eastFirst) }
        #expect(error?.description.contains("stand on one line") == true)
        let swapped = points.map {
            ControlPoint(id: $0.id, source: Coordinate(x: $0.source.y, y: $0.source.x), target: $0.target)
        }
        let mirrored = #expect(throws: ProjectionsError.self) { try fit("EPSG:2437", swapped, nil) }
        #expect(mirrored?.description.contains("axes look swapped") == true)
        #expect(try #require(fit("EPSG:2437", swapped, .northFirst).fit).rms < 0.001)
        #expect(throws: ProjectionsError.self) {
            try CoordinateTransform.shifted(from: .gcj02, to: .named("EPSG:4549"), by: frame)
        }
        #expect(throws: ProjectionsError.self) {
            try CoordinateTransform.shifted(from: .named("EPSG:2437"), to: .named("EPSG:4490"), by: frame)
        }
    }
}
