// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import Testing

@testable import MapStyles

/// The specification's expression tests: what compiles, to which type, with
/// which mistakes, and every output.
@Suite(.enabled(if: StyleSuite.folder != nil))
struct ExpressionSuiteTests {
    /// The number of tests that passed when this was last raised.
    static let floor = 266

    @Test func `The shared expression tests pass`() throws {
        let folder = try #require(StyleSuite.folder).appendingPathComponent("expression")
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        var passed = 0
        var failed: [String] = []
        for file in files.filter({ $0.hasSuffix("test.json") }).sorted() {
            let test = try StyleSuite.json(folder.appendingPathComponent(file))
            let actual = ExpressionFixture(test).result
            let difference = difference(test["expected"] ?? JSONValue(.null), actual, at: "")
            if let difference {
                failed.append("\(file.dropLast("/test.json".count)): \(difference)")
            } else {
                passed += 1
            }
        }
        print("Expression tests of the specification: \(passed) of \(passed + failed.count) pass.")
        for line in failed { print("  \(line)") }
        #expect(passed >= Self.floor)
    }

    /// Where two values differ first; numbers are cut after six digits, as the
    /// suite's are.
    private func difference(_ expected: JSONValue, _ actual: JSONValue, at path: String) -> String? {
        switch (expected.content, actual.content) {
        case (.number(let a), .number(let b)):
            return cut(a) == cut(b) ? nil : "\(path): \(a) expected, \(b) found"
        case (.array(let a), .array(let b)) where a.count == b.count:
            for (index, pair) in zip(a, b).enumerated() {
                if let found = difference(pair.0, pair.1, at: "\(path)[\(index)]") { return found }
            }
            return nil
        case (.object(let a), .object(let b)) where Set(a.map(\.key)) == Set(b.map(\.key)):
            for member in a {
                guard let other = actual[member.key] else { continue }
                if let found = difference(member.value, other, at: "\(path).\(member.key)") { return found }
            }
            return nil
        default: return expected == actual ? nil : "\(path): \(expected.text) expected, \(actual.text) found"
        }
    }
}

/// The number cut after six digits.
private func cut(_ number: Double) -> Double {
    guard number != 0, number.isFinite else { return number }
    let scale = pow(10, max(0, 6 - log10(abs(number)).rounded(.up)))
    let once = (number * scale).rounded(.down) / scale
    return (once * scale).rounded(.down) / scale
}

/// One test of the suite, run.
private struct ExpressionFixture {
    let test: JSONValue

    init(_ test: JSONValue) { self.test = test }

    private var reference: PropertyReference {
        let spec = test["propertySpec"]
        let expression = spec?["expression"]
        let parameters = expression?["parameters"]?.array?.compactMap(\.string) ?? ["zoom", "feature"]
        return PropertyReference(
            "some-property", spec?["type"]?.string ?? "none", default: spec?["default"],
            element: spec?["value"]?.string, length: spec?["length"]?.number.map(Int.init),
            values: spec?["values"]?.object?.map(\.key) ?? [],
            parameters: [
                parameters.contains("zoom") ? .zoom : [], parameters.contains("feature") ? .feature : [],
            ],
            isInterpolated: expression == nil ? true : expression?["interpolated"]?.boolean ?? false,
            hasTokens: spec?["tokens"]?.boolean ?? false)
    }

    var result: JSONValue {
        guard var expression = test["expression"] else { return JSONValue(.null) }
        let reference = reference
        if LegacyFunction.isFunction(expression) {
            guard let converted = LegacyFunction.converted(expression, reference) else { return "not convertible" }
            expression = converted
        }
        var names = PropertyNames()
        var faults: [ExpressionFault] = []
        guard let compiled = PropertyExpression(expression, reference, names: &names, faults: &faults) else {
            let errors = faults.map { fault in
                object([
                    ("key", JSONValue(.string(fault.location))), ("error", JSONValue(.string(fault.message))),
                ])
            }
            return object([
                ("compiled", object([("result", "error"), ("errors", JSONValue(.array(errors)))]))
            ])
        }
        let root = compiled.root
        let outputs = (test["inputs"]?.array ?? []).map { output(root, $0.array ?? [], names) }
        return object([
            (
                "compiled",
                object([
                    ("result", "success"),
                    ("isFeatureConstant", JSONValue(.boolean(!root.dependencies.usesFeature))),
                    ("isZoomConstant", JSONValue(.boolean(!root.dependencies.usesZoom))),
                    ("type", JSONValue(.string(root.type.description))),
                ])
            ),
            ("outputs", JSONValue(.array(outputs))),
        ])
    }

    private func output(_ root: ExpressionNode, _ input: [JSONValue], _ names: PropertyNames) -> JSONValue {
        let context = EvaluationContext()
        let globals = input[0]
        let feature = input[1]
        let properties = feature["properties"]?.object ?? []
        let row = TestRow(properties.map { StyleValue($0.value) })
        context.row = row
        context.columnNames = properties.map(\.key)
        context.columns = names.columns(in: context.columnNames)
        context.zoom = globals["zoom"]?.number ?? 0
        context.elevation = globals["elevation"]?.number
        context.availableImages = globals["availableImages"]?.array.map { Set($0.compactMap(\.string)) }
        context.id = feature["id"].map { StyleValue($0) } ?? .null
        context.featureState = members(feature["featureState"])
        context.globalState = members(test["globalState"])
        if let geometry = feature["geometry"] {
            let zoom = globals["canonicalID"]?["z"]?.number ?? 0
            let placed = TestGeometry.geometry(geometry, zoom: zoom)
            context.geometry = { placed }
            context.geometryType = placed.map { FeatureGeometryType($0.type) } ?? .unknown
        }
        do {
            return try written(root.evaluate(context))
        } catch {
            return object([
                ("error", JSONValue(.string("layers[0].paint.some-property\(error.location): \(error.description)")))
            ])
        }
    }

    private func members(_ json: JSONValue?) -> [String: StyleValue] {
        Dictionary((json?.object ?? []).map { ($0.key, StyleValue($0.value)) }) { $1 }
    }

    private func object(_ members: [(String, JSONValue)]) -> JSONValue {
        JSONValue(.object(members.map { JSONMember($0.0, $0.1) }))
    }

    /// A result as the suite writes it.
    private func written(_ value: StyleValue) -> JSONValue {
        func channels(_ color: Color) -> JSONValue {
            let (red, green, blue, alpha) = premultiplied(color)
            return object([("r", red), ("g", green), ("b", blue), ("a", alpha)])
        }
        switch value {
        case .color(let color):
            let (red, green, blue, alpha) = premultiplied(color)
            return [red, green, blue, alpha]
        case .colors(let colors): return object([("values", JSONValue(.array(colors.map(channels))))])
        case .padding, .anchorOffsets, .numbers: return object([("values", value.json)])
        case .image(let image):
            return object([
                ("name", JSONValue(.string(image.name))), ("available", JSONValue(.boolean(image.isAvailable))),
            ])
        case .formatted(let formatted):
            let sections = formatted.sections.map { section in
                object([
                    ("text", JSONValue(.string(section.text))),
                    ("image", section.image.map { written(.image($0)) } ?? JSONValue(.null)),
                    ("scale", section.scale.map { JSONValue(.number($0)) } ?? JSONValue(.null)),
                    ("fontStack", section.fontStack.map { JSONValue(.string($0)) } ?? JSONValue(.null)),
                    ("textColor", section.color.map(channels) ?? JSONValue(.null)),
                    ("verticalAlign", section.verticalAlignment.map { JSONValue(.string($0)) } ?? JSONValue(.null)),
                ])
            }
            return object([("sections", JSONValue(.array(sections)))])
        case .projection(let projection) where projection.transition != 1:
            return object([
                ("from", JSONValue(.string(projection.from))), ("to", JSONValue(.string(projection.to))),
                ("transition", JSONValue(.number(projection.transition))),
            ])
        default: return value.json
        }
    }

    private func premultiplied(_ color: Color) -> (JSONValue, JSONValue, JSONValue, JSONValue) {
        func number(_ value: Double) -> JSONValue { JSONValue(.number(value)) }
        return (
            number(color.red * color.alpha), number(color.green * color.alpha), number(color.blue * color.alpha),
            number(color.alpha)
        )
    }
}

/// A feature's attributes in a list.
final class TestRow: FeatureRow {
    var values: [StyleValue]

    init(_ values: [StyleValue]) { self.values = values }

    func value(at column: Int) -> AttributeValue {
        switch values[column] {
        case .boolean(let boolean): .boolean(boolean)
        case .number(let number): .real(number)
        case .string(let string): .text(string)
        default: .null
        }
    }

    func styleValue(at column: Int) -> StyleValue? { values[column] }
}

/// Geometry on the grid of the tiles of a zoom, where the suite puts it.
enum TestGeometry {
    static func geometry(_ json: JSONValue, zoom: Double) -> Geometry? {
        let scale = exp2(zoom) * 8192
        func point(_ json: JSONValue) -> Coordinate? {
            guard let numbers = json.array?.compactMap(\.number), numbers.count >= 2 else { return nil }
            let x = (numbers[0] / 360 + 0.5) * scale
            let sine = sin(numbers[1] * .pi / 180)
            let y = (0.5 - log((1 + sine) / (1 - sine)) / (4 * .pi)) * scale
            let latitude = 360 / .pi * atan(exp((180 - y.rounded() / scale * 360) * .pi / 180)) - 90
            return Coordinate(x: (x.rounded() / scale - 0.5) * 360, y: latitude)
        }
        func line(_ json: JSONValue) -> [Coordinate] { json.array?.compactMap(point) ?? [] }
        func polygon(_ json: JSONValue) -> Polygon? {
            let rings = json.array?.map { LinearRing(line($0)) } ?? []
            return rings.first.map { Polygon($0, interiorRings: Array(rings.dropFirst())) }
        }
        guard let coordinates = json["coordinates"] else { return nil }
        switch json["type"]?.string {
        case "Point": return point(coordinates).map { .point(Point($0)) }
        case "MultiPoint": return .multiPoint(MultiPoint(line(coordinates).map(Point.init)))
        case "LineString": return .lineString(LineString(line(coordinates)))
        case "MultiLineString":
            return .multiLineString(MultiLineString(coordinates.array?.map { LineString(line($0)) } ?? []))
        case "Polygon": return polygon(coordinates).map { .polygon($0) }
        case "MultiPolygon": return .multiPolygon(MultiPolygon(coordinates.array?.compactMap(polygon) ?? []))
        default: return nil
        }
    }
}
