// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures
import TestSupport
import Testing

/// Points of a similarity with two centimetres of noise.
private func surveyed(_ count: Int, seed: UInt64, noise: Double = 0.02) -> [ControlPoint] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
        let source = Coordinate(
            x: .random(in: -9000...9000, using: &generator), y: .random(in: -9000...9000, using: &generator))
        let target = Coordinate(
            x: 639_000 + 1.00001 * source.x - 0.0003 * source.y + .random(in: -1...1, using: &generator) * noise,
            y: 3_457_000 + 1.00001 * source.y + 0.0003 * source.x + .random(in: -1...1, using: &generator) * noise)
        return ControlPoint(id: "P\(index)", source: source, target: target)
    }
}

@Suite("Wrong control points") struct BlunderTests {
    @Test("From five points on the wrong one is named", arguments: [5, 6, 9, 20])
    func named(count: Int) throws {
        for wrong in 0..<count {
            var points = surveyed(count, seed: UInt64(count))
            points[wrong].target.y -= 7
            let warnings = try ControlPointFit(points: points).warnings
            #expect(warnings.count == 1)
            #expect(warnings.first?.hasPrefix("Control point P\(wrong) looks like a blunder: it is ") == true, "\(warnings)")
        }
    }

    @Test("Of four points any may be the wrong one")
    func oneOfFour() throws {
        var points = surveyed(4, seed: 5)
        points[2].target.x += 20
        let warning = try #require(try ControlPointFit(points: points).warnings.first)
        #expect(warning.hasPrefix("One of these control points is wrong: P2 by "), "\(warning)")
        #expect(["P0", "P1", "P3"].allSatisfy(warning.contains))
    }

    @Test("Among three points nothing can be seen, and that is said")
    func threePoints() throws {
        var points = surveyed(3, seed: 6)
        points[1].target.x += 3
        let warnings = try ControlPointFit(points: points).warnings
        #expect(warnings == ["The fit stands on 3 control points; with fewer than 4 a wrong one cannot be seen."])
    }

    @Test("Sound sets are hardly ever blamed")
    func soundSets() throws {
        for count in [4, 5, 8, 30] {
            let blamed = try (0..<100).filter { seed in
                try !ControlPointFit(points: surveyed(count, seed: UInt64(1000 + seed))).warnings.isEmpty
            }
            #expect(blamed.count <= 3, "\(count) points: \(blamed)")
        }
    }

    @Test("What the table says of its points is reported, and what it does not say", arguments: [
        ("", "", ["The table says neither when its points were surveyed nor of which order they are."]),
        (
            ",surveyed", ",2021-06",
            ["The points were surveyed 2021-06.", "The table does not say of which order its points are."]
        ),
        (",order", ",D", ["All points are of order D.", "The table does not say when its points were surveyed."]),
        (",grade,surveyed", ",C,2020", ["The points were surveyed 2020.", "All points are of order C."]),
    ])
    func remarks(header: String, cells: String, expected: [String]) throws {
        let rows = ["A,0,0,5,5", "B,100,0,105,5", "C,100,90,105,95", "D,0,90,5,95"].map { $0 + ",control" + cells }
        let text = (["id,src_e,src_n,dst_e,dst_n,role" + header] + rows).joined(separator: "\n")
        let points = try ControlPoint.read(csv: text, file: "p.csv")
        #expect(try ControlPointFit(points: points).remarks == expected)
    }

    @Test("Mixed orders and years are listed")
    func mixedOrders() throws {
        let text = """
            id,src_e,src_n,dst_e,dst_n,surveyed,order
            A,0,0,5,5,2019-11-02,C
            B,100,0,105,5,2021,D
            C,100,90,105,95,,D
            D,0,90,5,95,2021-06,
            """
        let fit = try ControlPointFit(points: ControlPoint.read(csv: text, file: "p.csv"))
        #expect(
            fit.remarks == [
                "The points were surveyed from 2019-11-02 to 2021-06; of 1 nobody wrote down when.",
                "The points are of mixed order: C (1), D (2), not said (1).",
            ])
        let broken = "id,src_e,src_n,dst_e,dst_n,surveyed,src_h\nA,0,0,5,5,last year,high\n"
        let error = #expect(throws: ProjectionsError.self) { try ControlPoint.read(csv: broken, file: "p.csv") }
        #expect(error?.description.contains("p.csv:2: surveyed “last year” is no date") == true)
        #expect(error?.description.contains("p.csv:2: src_h “high” is not a number") == true)
    }
}

@Suite("Axes of control points") struct ControlPointAxesTests {
    private let grid = "EPSG:4549"

    private func fitted(
        _ points: [ControlPoint], _ axes: AxisOrder?, from: String? = nil
    ) throws -> CoordinateTransform {
        try CoordinateTransform.fitted(
            from: from.map { try .named($0) }, to: .named(grid), points: points, axes: axes)
    }

    private func swapped(_ points: [ControlPoint]) -> [ControlPoint] {
        points.map {
            ControlPoint(id: $0.id, source: Coordinate(x: $0.source.y, y: $0.source.x), target: $0.target)
        }
    }

    @Test("Swapped axes are seen and refused until they are declared")
    func swappedAxes() throws {
        let points = surveyed(5, seed: 8)
        let error = #expect(throws: ProjectionsError.self) { try fitted(swapped(points), nil) }
        #expect(error?.description.hasPrefix("The axes look swapped: the control points are") == true)
        #expect(error?.description.contains("declare `axes: yx`") == true)
        let declared = try fitted(swapped(points), .northFirst)
        let image = try declared.transform(Coordinate(x: points[0].source.y, y: points[0].source.x))
        #expect(image.distance(to: points[0].target) < 0.05)
        #expect(declared.steps.first == "north and east changed, as declared")
        let wrong = #expect(throws: ProjectionsError.self) { try fitted(points, .northFirst) }
        #expect(wrong?.description.contains("declare `axes: xy`") == true)
        #expect(try fitted(points, .eastFirst).fit?.rms == fitted(points, nil).fit?.rms)
    }

    @Test("A projection that has no place for swapped ordinates says so, too")
    func swappedUnderAProjection() throws {
        let points = (0..<5).map { index in
            let place = Coordinate(x: 625_000 + 4000 * Double(index), y: 3_430_000 + 3000 * Double(index * index % 7))
            return ControlPoint(
                id: "\(index)", source: Coordinate(x: place.y, y: place.x),
                target: Coordinate(x: place.x + 65, y: place.y - 39))
        }
        let error = #expect(throws: ProjectionsError.self) { try fitted(points, nil, from: "EPSG:2437") }
        #expect(error?.description.contains("axes look swapped") == true, "\(error.debugDescription)")
        #expect(try #require(fitted(points, .northFirst, from: "EPSG:2437").fit).rms < 0.001)
    }

    @Test("Points on one line are refused until the axes are declared", arguments: [2, 3, 6])
    func line(count: Int) throws {
        let points = (0..<count).map { index in
            let along = Double(index * 700)
            return ControlPoint(
                id: "\(index)", source: Coordinate(x: along, y: 0.5 * along + Double(index % 2)),
                target: Coordinate(x: 600_000 + along, y: 3_400_000 + 0.5 * along + Double(index % 2)))
        }
        let error = #expect(throws: ProjectionsError.self) { try fitted(points, nil) }
        #expect(error?.description.contains("mirror image") == true)
        #expect(try fitted(points, .eastFirst).fit?.hull.count ?? 0 >= 2)
    }
}
