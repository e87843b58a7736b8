// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures
import TestSupport
import Testing

@Suite("Fits to control points")
struct ControlPointTests {
    /// Points of a district, with their images under a known similarity.
    private func points(_ count: Int, a: Double = 1.00002, b: Double = 0.0004, noise: Double = 0) -> [ControlPoint] {
        var generator = SeededGenerator(seed: 31)
        return (0..<count).map { index in
            let source = Coordinate(
                x: .random(in: -20_000...12_000, using: &generator), y: .random(in: -29_000...1_600, using: &generator))
            let target = Coordinate(
                x: 639_000 + a * source.x - b * source.y + .random(in: -1...1, using: &generator) * noise,
                y: 3_457_000 + a * source.y + b * source.x + .random(in: -1...1, using: &generator) * noise)
            return ControlPoint(id: "P\(index)", source: source, target: target)
        }
    }

    @Test("A known similarity is found again")
    func exactFit() throws {
        let fit = try ControlPointFit(points: points(6))
        #expect(abs(fit.a - 1.00002) < 1e-12)
        #expect(abs(fit.b - 0.0004) < 1e-12)
        #expect(abs(fit.tx - 639_000) < 1e-6)
        #expect(abs(fit.ty - 3_457_000) < 1e-6)
        #expect(abs(fit.scalePPM - 20.08) < 0.01)
        #expect(abs(fit.rotation - 0.02292) < 1e-4)
        #expect(fit.rms < 1e-8)
        #expect(fit.warnings.isEmpty)
        let back = fit.similarity.inverse.apply(to: fit.similarity.apply(to: Coordinate(x: -5000, y: -7000)))
        #expect(back.distance(to: Coordinate(x: -5000, y: -7000)) < 1e-8)
    }

    @Test("Residuals, root mean square and check points are those of the definition")
    func residuals() throws {
        var all = points(8, noise: 0.05)
        all[7].role = .check
        let fit = try ControlPointFit(points: all)
        #expect(fit.residuals.count == 7)
        #expect(fit.checkResiduals.map(\.point.id) == ["P7"])
        let mean = fit.residuals.map { $0.length * $0.length }.reduce(0, +) / 7
        #expect(abs(fit.rms - mean.squareRoot()) < 1e-15)
        #expect(fit.maximum == fit.residuals.map(\.length).max())
        #expect(fit.checkRMS == fit.checkMaximum)
        #expect(fit.rms > 0.005)
        // No other similarity does better: least squares.
        for nudge in [1e-7, -1e-7] {
            let other = PlaneSimilarity(
                a: fit.a + nudge, b: fit.b, sourceOrigin: fit.similarity.sourceOrigin,
                targetOrigin: fit.similarity.targetOrigin)
            let sum = fit.residuals.map { residual in
                let image = other.apply(to: residual.point.source)
                let distance = image.distance(to: residual.point.target)
                return distance * distance
            }.reduce(0, +)
            #expect(sum > mean * 7)
        }
    }

    @Test("Two points are enough, fewer or coincident ones are refused")
    func tooFew() throws {
        let two = try ControlPointFit(points: points(2), axesAreDeclared: true)
        #expect(two.warnings.contains { $0.contains("2 control points") })
        #expect(two.rms < 1e-8)
        let line = #expect(throws: ProjectionsError.self) { try ControlPointFit(points: points(2)) }
        #expect(line?.description.contains("on one line") == true)
        for few in [[], points(1)] {
            let error = #expect(throws: ProjectionsError.self) { try ControlPointFit(points: few) }
            #expect(error?.kind == .controlPoints)
        }
        var coincident = points(3)
        for index in coincident.indices { coincident[index].source = Coordinate(x: 5, y: 5) }
        #expect(throws: ProjectionsError.self) { try ControlPointFit(points: coincident) }
        var collapsed = points(3)
        for index in collapsed.indices { collapsed[index].target = Coordinate(x: 5, y: 5) }
        #expect(throws: ProjectionsError.self) { try ControlPointFit(points: collapsed) }
    }

    @Test("A blunder and a scale are named")
    func warnings() throws {
        var blunder = points(8, noise: 0.02)
        blunder[3].target.x += 5
        #expect(try ControlPointFit(points: blunder).warnings.contains { $0.contains("P3") })
        let scaled = try ControlPointFit(points: points(5, a: 1.0005))
        #expect(scaled.warnings.contains { $0.contains("ppm") })
        var checked = points(5, noise: 0.01)
        checked.append(ControlPoint(id: "C", source: checked[0].source, target: checked[1].target, role: .check))
        #expect(try ControlPointFit(points: checked).warnings.contains { $0.contains("check points") })
    }

    @Test("The hull says which data the fit does not reach")
    func hull() throws {
        let corners = [(0, 0), (100, 0), (100, 100), (0, 100), (50, 50), (50, 0)].enumerated().map { index, corner in
            let position = Coordinate(x: Double(corner.0), y: Double(corner.1))
            return ControlPoint(id: "\(index)", source: position, target: position)
        }
        let fit = try ControlPointFit(points: corners)
        #expect(fit.hull.count == 4)
        #expect(fit.isInsideHull(Coordinate(x: 50, y: 0)))
        #expect(fit.isInsideHull(Coordinate(x: 99, y: 99)))
        #expect(!fit.isInsideHull(Coordinate(x: 101, y: 50)))
        #expect(fit.distanceOutsideHull(Envelope(minX: 10, minY: 10, maxX: 90, maxY: 90)) == 0)
        #expect(fit.distanceOutsideHull(Envelope(minX: 10, minY: 10, maxX: 103, maxY: 104)) == 5)
    }

    @Test("Un-projecting first leaves less than a millimetre where a plane fit leaves decimetres")
    func unprojectingFirst() throws {
        // Beijing 54 on the old Shanghai meridian, shifted as EPSG:15919 says.
        let shanghai = "+proj=tmerc +lat_0=0 +lon_0=121.4644444 +x_0=0 +y_0=-3457143.04 +ellps=krass +units=m"
        let truth = try transform(shanghai + " +towgs84=15.53,-113.82,-41.38,0,0,0.814,-0.38", "EPSG:4549").inverted()
        let grid = try CoordinateReferenceSystem.named("EPSG:4549")
        let toGrid = try transform("EPSG:4490", "EPSG:4549")
        var points: [ControlPoint] = []
        for row in 0..<5 {
            for column in 0..<5 {
                let degrees = Coordinate(x: 121.25 + 0.0875 * Double(column), y: 30.97 + 0.07 * Double(row))
                let target = try toGrid.transform(degrees)
                points.append(
                    ControlPoint(
                        id: "\(row)-\(column)", source: try truth.transform(target), target: target,
                        role: (row + column) % 3 == 0 ? .check : .control))
            }
        }
        let plane = try CoordinateTransform.fitted(from: nil, to: grid, points: points)
        let known = try CoordinateTransform.fitted(from: .named(shanghai), to: grid, points: points)
        #expect(try #require(plane.fit).rms > 0.1)
        #expect(try #require(known.fit).rms < 0.001)
        #expect(try #require(known.fit?.checkMaximum) < 0.001)
        #expect(known.steps.count == 2)
        #expect(known.source != nil)
        // Used like any other transform, and back again.
        let probe = points[12]
        let image = try known.transform(probe.source)
        #expect(image.distance(to: probe.target) < 0.001)
        #expect(try known.inverted().transform(image).distance(to: probe.source) < 1e-6)
        #expect(throws: ProjectionsError.self) { try plane.inverted() }
        #expect(throws: ProjectionsError.self) {
            try CoordinateTransform.fitted(from: nil, to: .named("EPSG:4490"), points: points)
        }
    }

    @Test("A register entry with an unknown shift is fitted, too")
    func fittedBeijing() throws {
        let grid = try CoordinateReferenceSystem.named("EPSG:4549")
        let source = try CoordinateReferenceSystem.named("EPSG:2437")
        let points = (0..<5).map { index in
            let row = Double(index * index % 7)
            let position = Coordinate(x: 625_000 + 4000 * Double(index), y: 3_430_000 + 3000 * row)
            return ControlPoint(
                id: "\(index)", source: position, target: Coordinate(x: position.x + 65, y: position.y - 39))
        }
        let fitted = try CoordinateTransform.fitted(from: source, to: grid, points: points)
        let image = try fitted.transform(Coordinate(x: 630_000, y: 3_440_000))
        #expect(image.distance(to: Coordinate(x: 630_065, y: 3_439_961)) < 1e-3)
        #expect(fitted.accuracyInMeters.map { $0 < 0.001 } == true)
    }

    @Test("A table of points is read, whatever its separator and order of columns")
    func readingTables() throws {
        let text = """
            \u{FEFF}id,src_e,src_n,dst_e,dst_n,role
            # surveyed 2021
            A,1.5,2,3,4,control

            B, 5 ,6,7,8,CHECK
            "C",1,1,2,2,
            """
        let points = try ControlPoint.read(csv: text.replacing("\n", with: "\r\n"), file: "points.csv")
        #expect(points.map(\.id) == ["A", "B", "C"])
        #expect(points.map(\.role) == [.control, .check, .control])
        #expect(points[0].source == Coordinate(x: 1.5, y: 2))
        #expect(points[1].target == Coordinate(x: 7, y: 8))
        let semicolons = try ControlPoint.read(csv: "dst_n;dst_e;src_n;src_e;id\n4;3;2;1;X", file: "p.csv")
        #expect(semicolons == [ControlPoint(id: "X", source: Coordinate(x: 1, y: 2), target: Coordinate(x: 3, y: 4))])
    }

    @Test("Every mistake in a table is reported with its line")
    func mistakesInTables() throws {
        let text = "id,src_e,src_n,dst_e,dst_n,role\nA,x,2,3,4,control\nB,1,2,3,4,boss\nB,1,2,3\n"
        let error = #expect(throws: ProjectionsError.self) { try ControlPoint.read(csv: text, file: "p.csv") }
        let sentence = error?.description ?? ""
        #expect(sentence.contains("p.csv:2: src_e “x”"))
        #expect(sentence.contains("p.csv:3: role “boss”"))
        #expect(sentence.contains("p.csv:4: id “B” was used in line 3 already"))
        #expect(sentence.contains("p.csv:4: dst_n “” is not a number"))
        for broken in ["", "\n\n", "name,x,y\n1,2,3"] {
            let error = #expect(throws: ProjectionsError.self) { try ControlPoint.read(csv: broken, file: "p.csv") }
            #expect(error?.kind == .controlPoints)
        }
    }
}
