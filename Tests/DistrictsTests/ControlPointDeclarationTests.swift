// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Testing

private func district(_ crs: String) -> String {
    """
    name: A
    grid: { crs: "EPSG:4549" }
    sources:
      - id: a
        layer: buildings
        path: maps/a.shp
        crs: \(crs)
    """
}

@Suite struct ControlPointDeclarationTests {
    @Test func `fits and seven parameters are read with all that they say`() throws {
        let cases: [(String, DeclaredReferenceSystem)] = [
            ("{ fit: p.csv }", .fit(.init(points: "p.csv"))),
            ("{ fit: p.csv, parameters: 4, axes: yx }", .fit(.init(points: "p.csv", axes: .northFirst))),
            (
                "{ fit: p.csv, from: \"EPSG:2437\", parameters: 7, rotation: coordinate-frame, axes: xy }",
                .fit(
                    .init(
                        points: "p.csv", from: "EPSG:2437", parameters: .seven(.coordinateFrame), axes: .eastFirst))
            ),
            (
                "{ helmert: { x: 15.53, y: -113.82, z: -41.38, rx: 0, ry: 0, rz: 0.814, ds: -0.38, "
                    + "rotation: position-vector }, from: \"EPSG:2437\" }",
                .helmert(
                    .init(
                        x: 15.53, y: -113.82, z: -41.38, rz: 0.814, ds: -0.38, rotation: .positionVector,
                        from: "EPSG:2437"))
            ),
            (
                "{ helmert: { x: 1, y: 2, z: 3 }, from: \"EPSG:4214\", axes: yx }",
                .helmert(
                    .init(x: 1, y: 2, z: 3, rotation: .positionVector, from: "EPSG:4214", axes: .northFirst))
            ),
            ("{ from: \"EPSG:4549\", axes: yx }", .ordered("EPSG:4549", axes: .northFirst)),
        ]
        let checked = try load(district("GCJ-02\n    crs_checked: true"))
        #expect(checked.source("a")?.isReferenceChecked == true)
        for (text, expected) in cases {
            #expect(try load(district(text)).source("a")?.crs == expected, "\(text)")
        }
    }

    @Test(
        arguments: [
            (
                "{ fit: p.csv, parameters: 7 }",
                ["seven parameters lead from one ellipsoid", "neither is assumed"]
            ),
            ("{ fit: p.csv, from: \"EPSG:2437\", parameters: 7 }", ["position-vector and coordinate-frame differ"]),
            ("{ fit: p.csv, rotation: position-vector }", ["crs.rotation: four parameters have no sense of rotation"]),
            (
                "{ fit: p.csv, parameters: 6, axes: ne, rotation: left }",
                [
                    "crs.axes: \"ne\" is not an order of axes; accepted: xy, yx", "crs.rotation: \"left\" is not",
                    "crs.parameters: \"6\" is not a number of parameters; accepted: 4, 7",
                ]
            ),
            (
                "{ helmert: { x: a, y: 2, rx: 1, ry: 2, rz: 3 } }",
                [
                    "crs: \"from\" is missing", "crs.helmert.x: \"a\" is not a number",
                    "crs.helmert: \"z\" is missing: a shift in metres",
                    "crs.helmert: \"ds\" is missing: a scale in ppm", "crs.helmert: \"rotation\" is missing",
                ]
            ),
            ("{ axes: yx }", ["crs: \"from\" is missing: the reference system, as in EPSG:4549"]),
            ("{ helmert: { x: 1, y: 2, z: 3, w: 4 }, from: \"EPSG:2437\" }", ["there is no key \"w\""]),
        ])
    func `every mistake is told with its place`(crs: String, expected: [String]) throws {
        let found = try mistakes(in: district(crs)).map(\.description)
        for words in expected { #expect(found.contains { $0.contains(words) }, "\(words): \(found)") }
        #expect(found.count == expected.count, "\(found)")
        #expect(found.allSatisfy { $0.hasPrefix("district.yaml:7: sources[0].crs") }, "\(found)")
    }
}
