// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing

@testable import MapStyles

@Suite struct LayerEvaluationTests {
    /// A row that counts how often it is asked.
    private final class CountingRow: FeatureRow {
        var cells: [AttributeValue] = []
        var code: Int?
        var reads = 0

        func value(at column: Int) -> AttributeValue {
            reads += 1
            return cells[column]
        }

        func dictionaryCode(at column: Int) -> Int? { code }
    }

    private func bound(
        _ type: String, paint: String = "{}", layout: String = "{}", filter: String = "true",
        columns: [String] = []
    ) throws -> BoundLayer {
        let style = try Style(
            parsing: """
                {"version": 8, "sources": {"map": {"type": "geojson", "data": {}}},
                 "state": {"theme": {"default": "dark"}},
                 "layers": [{"id": "a", "type": "\(type)", "source": "map", "filter": \(filter),
                             "paint": \(paint), "layout": \(layout)}]}
                """)
        return style.bind(layer: 0, columns: columns)
    }

    @Test func `Properties that are not set have the specification's defaults`() throws {
        let line = try bound("line").evaluation(zoom: 3)
        #expect(line[.lineWidth] == 1)
        #expect(line[.lineColor] == .black)
        #expect(line[.lineMiterLimit] == 2)
        #expect(line[.lineRoundLimit] == 1.05)
        #expect(line[.lineJoin] == .miter)
        #expect(line[.lineCap] == .butt)
        #expect(line[.lineTranslate] == [0, 0])
        #expect(line[.lineDasharray] == nil)
        #expect(line[.lineSortKey] == nil)
        let fill = try bound("fill").evaluation(zoom: 3)
        #expect(fill[.fillAntialias])
        #expect(fill[.fillOutlineColor] == nil)
        #expect(fill[.fillTranslateAnchor] == .map)
        #expect(try bound("circle").evaluation(zoom: 3)[.circleRadius] == 5)
    }

    @Test func `A key of another layer type answers with its default`() throws {
        #expect(try bound("fill").evaluation(zoom: 3)[.circleRadius] == 5)
        #expect(try bound("fill").evaluation(zoom: 3)[.lineSortKey] == nil)
    }

    @Test func `What depends only on the zoom is known without a feature`() throws {
        let paint = #"{"line-width": ["interpolate", ["exponential", 2], ["zoom"], 0, 1, 2, 7]}"#
        let bound = try bound("line", paint: paint)
        #expect(!bound.dependencies(of: .lineWidth).usesFeature)
        #expect(bound.dependencies(of: .lineWidth).usesZoom)
        #expect([-1, 0, 1, 2, 3].map { bound.evaluation(zoom: $0)[.lineWidth] } == [1, 1, 3, 7, 7])
    }

    @Test func `Attributes are found by the columns that were bound`() throws {
        let paint = #"{"fill-color": ["match", ["get", "use"], "home", "red", ["shop", "office"], "blue", "lime"]}"#
        let bound = try bound("fill", paint: paint, columns: ["name", "use"])
        #expect(bound.dependencies(of: .fillColor).columns == [1])
        #expect(bound.usedColumns == [1])
        let evaluation = bound.evaluation(zoom: 0)
        let row = CountingRow()
        evaluation.row = row
        var colors: [String] = []
        for use in [AttributeValue.text("home"), .text("office"), .text("park"), .integer(3), .null] {
            row.cells = [.text("home"), use]
            colors.append(evaluation[.fillColor].description)
        }
        #expect(
            colors == ["rgba(255,0,0,1)", "rgba(0,0,255,1)", "rgba(0,255,0,1)", "rgba(0,255,0,1)", "rgba(0,255,0,1)"])
    }

    @Test func `A property of attributes that a layer lacks is the same for all`() throws {
        let bound = try bound("circle", paint: #"{"circle-radius": ["coalesce", ["get", "r"], 7]}"#, columns: ["x"])
        #expect(!bound.dependencies(of: .circleRadius).usesFeature)
        #expect(bound.evaluation(zoom: 0)[.circleRadius] == 7)
    }

    @Test func `A failing expression gives the default and is counted`() throws {
        let bound = try bound("circle", paint: #"{"circle-radius": ["number", ["get", "r"]]}"#, columns: ["r"])
        let evaluation = bound.evaluation(zoom: 0)
        let row = CountingRow()
        evaluation.row = row
        row.cells = [.integer(9)]
        #expect(evaluation[.circleRadius] == 9)
        row.cells = [.text("nine")]
        #expect(evaluation[.circleRadius] == 5)
        row.cells = [.null]
        #expect(evaluation[.circleRadius] == 5)
        #expect(evaluation.failures == 2)
    }

    @Test func `A word that the property does not know gives the default and is counted`() throws {
        let bound = try bound("line", layout: #"{"line-cap": ["get", "cap"]}"#, columns: ["cap"])
        let evaluation = bound.evaluation(zoom: 0)
        let row = CountingRow()
        evaluation.row = row
        row.cells = [.text("square")]
        #expect(evaluation[.lineCap] == .square)
        row.cells = [.text("pointed")]
        #expect(evaluation[.lineCap] == .butt)
        #expect(evaluation.failures == 1)
    }

    @Test func `What depends on one coded column is computed once for each code`() throws {
        let bound = try bound(
            "fill", paint: #"{"fill-color": ["get", "c"], "fill-opacity": ["number", ["get", "o"]]}"#,
            filter: #"["!=", ["get", "c"], "blue"]"#, columns: ["c", "o"])
        let evaluation = bound.evaluation(zoom: 0)
        let row = CountingRow()
        evaluation.row = row
        for _ in 0..<10 {
            for (code, color) in ["red", "blue", "lime"].enumerated() {
                row.code = code
                row.cells = [.text(color), .real(Double(code) / 4)]
                #expect(evaluation.passesFilter() == (color != "blue"))
                #expect(evaluation[.fillColor] == Color(css: color))
                #expect(evaluation[.fillOpacity] == Double(code) / 4)
            }
        }
        #expect(row.reads == 9)
    }

    @Test func `Results of several columns are not kept by code`() throws {
        let bound = try bound(
            "circle", paint: #"{"circle-radius": ["+", ["get", "a"], ["get", "b"]]}"#, columns: ["a", "b"])
        let evaluation = bound.evaluation(zoom: 0)
        let row = CountingRow()
        row.code = 0
        evaluation.row = row
        row.cells = [.integer(1), .integer(2)]
        #expect(evaluation[.circleRadius] == 3)
        row.cells = [.integer(1), .integer(5)]
        #expect(evaluation[.circleRadius] == 6)
    }

    @Test func `The feature's id and kind of geometry are seen`() throws {
        let bound = try bound(
            "circle",
            paint: #"{"circle-radius": ["case", ["==", ["geometry-type"], "Point"], ["id"], 2]}"#)
        #expect(bound.dependencies(of: .circleRadius).usesID)
        #expect(bound.dependencies(of: .circleRadius).usesGeometryType)
        let evaluation = bound.evaluation(zoom: 0)
        evaluation.begin(id: 42, geometryType: .point)
        #expect(evaluation[.circleRadius] == 42)
        evaluation.begin(id: 42, geometryType: .polygon)
        #expect(evaluation[.circleRadius] == 2)
    }

    @Test func `The style's state is seen`() throws {
        let bound = try bound(
            "circle", paint: #"{"circle-color": ["match", ["global-state", "theme"], "dark", "red", "blue"]}"#)
        #expect(bound.evaluation(zoom: 0)[.circleColor] == Color(css: "red"))
    }

    @Test func `A function of zoom and attribute is interpolated in both`() throws {
        let paint = """
            {"circle-radius": {"property": "n", "stops": [
                [{"zoom": 0, "value": 0}, 0], [{"zoom": 0, "value": 10}, 10],
                [{"zoom": 10, "value": 0}, 10], [{"zoom": 10, "value": 10}, 30]]}}
            """
        let evaluation = try bound("circle", paint: paint, columns: ["n"]).evaluation(zoom: 5)
        evaluation.row = TestRow([.number(5)])
        #expect(evaluation[.circleRadius] == 12.5)
    }

    @Test(arguments: [
        (#"["==", "a", 1]"#, true), (#"["==", "a", "1"]"#, false), (#"["!=", "b", 1]"#, true),
        (#"["!=", "none", 1]"#, true), (#"["<", "a", 2]"#, true), (#"["<", "b", 2]"#, false),
        (#"[">=", "b", "t"]"#, true), (#"["in", "b", "x", "text"]"#, true),
        (#"["!in", "b", "x", "text"]"#, false), (#"["in", "a", 1, "x"]"#, true), (#"["has", "a"]"#, true),
        (#"["!has", "none"]"#, true), (#"["all", ["has", "a"], ["has", "none"]]"#, false),
        (#"["any", ["==", "a", 2], ["has", "b"]]"#, true), (#"["none", ["==", "a", 2], ["has", "none"]]"#, true),
        (#"["==", "$type", "Polygon"]"#, true), (#"["!=", "$type", "Polygon"]"#, false),
        (#"["in", "$type", "Point", "LineString"]"#, false), (#"["==", "$id", 7]"#, true), (#"["has", "$id"]"#, true),
        (#"[">", "none", 0]"#, false), (#"["==", ["get", "a"], 1]"#, true), (#"[">", ["zoom"], 3]"#, true),
        (#"["within", {"type": "Polygon", "coordinates": [[[0,0],[2,0],[2,2],[0,2],[0,0]]]}]"#, true),
        (#"[">", ["get", "b"], 3]"#, false),
    ])
    func `Filters of old and of now keep and drop features`(filter: String, passes: Bool) throws {
        let evaluation = try bound("fill", filter: filter, columns: ["a", "b", "none"]).evaluation(zoom: 4)
        let row = CountingRow()
        row.cells = [.integer(1), .text("text"), .null]
        evaluation.row = row
        evaluation.geometry = { .point(Point(x: 1, y: 1)) }
        evaluation.begin(id: 7, geometryType: .polygon)
        #expect(evaluation.passesFilter() == passes)
    }

    @Test func `Text with attributes in braces becomes a label`() throws {
        let bound = try bound("symbol", layout: #"{"text-field": "{name} {no}号"}"#, columns: ["name", "no"])
        let evaluation = bound.evaluation(zoom: 0)
        evaluation.row = TestRow([.string("莘庄"), .number(12)])
        #expect(evaluation[.textField].text == "莘庄 12号")
    }

    @Test func `Collators order by the alphabet of the language`() {
        func order(_ locale: String?, _ a: String, _ b: String) -> Int {
            Collator(isCaseSensitive: false, isDiacriticSensitive: false, locale: locale).compare(a, b)
        }
        #expect(order(nil, "ä", "a") == 0)
        #expect(order("sv", "ä", "z") > 0)
        #expect(order("en", "Straße", "STRASSE") != 0)
        #expect(order("en", "item 2", "Item 2") == 0)
    }
}
