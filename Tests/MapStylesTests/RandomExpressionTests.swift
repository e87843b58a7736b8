// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport
import Testing

@testable import MapStyles

/// Expressions that no person would write: whatever they are, they are refused
/// or evaluated, and never end the process.
@Suite struct RandomExpressionTests {
    private static let operators = ExpressionParser.operators.keys.sorted()
    private static let types: [PropertyReference] = StyleReference.properties.filter { !$0.parameters.isEmpty }

    private func leaf(_ generator: inout SeededGenerator) -> JSONValue {
        let leaves: [JSONValue] = [
            0, 1, -1, 2.5, 1e300, -1e300, 9_007_199_254_740_993, true, false, "", "a", "red", "class", "linear", "v",
            "name", JSONValue(.null), ["literal", [1, "a", 2]], ["get", "a"], ["get", "b"], ["zoom"], ["linear"],
            ["exponential", 2], ["var", "v"], ["id"], ["literal", JSONValue(.object([JSONMember("a", 1)]))],
            JSONValue(.object([JSONMember("font-scale", 2), JSONMember("locale", "de")])),
            JSONValue(.object([JSONMember("type", "Point"), JSONMember("coordinates", [1e300, 2])])),
            JSONValue(.object([JSONMember("property", "a"), JSONMember("stops", [[0, 1], [2, "x"]])])),
        ]
        return leaves.randomElement(using: &generator) ?? 0
    }

    private func expression(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        guard depth > 0, Int.random(in: 0..<4, using: &generator) > 0 else { return leaf(&generator) }
        var parts: [JSONValue] = [JSONValue(.string(Self.operators.randomElement(using: &generator) ?? "get"))]
        for _ in 0..<Int.random(in: 0..<6, using: &generator) {
            parts.append(expression(depth: depth - 1, &generator))
        }
        return JSONValue(.array(parts))
    }

    @Test func `Random expressions are refused or evaluated`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("Random expressions: seed \(seed).")
        var generator = SeededGenerator(seed: seed)
        var evaluated = 0
        let row = TestRow([.string("text"), .number(1e300)])
        for _ in 0..<6_000 {
            let json = expression(depth: 4, &generator)
            guard let reference = Self.types.randomElement(using: &generator) else { continue }
            let layer = JSONValue(
                .object([
                    JSONMember("id", "a"), JSONMember("type", "fill"), JSONMember("source", "s"),
                    JSONMember("filter", expression(depth: 3, &generator)),
                ]))
            var validator = StyleValidator(style: JSONValue(.object([JSONMember("layers", [layer])])))
            validator.validate()
            validator.value(json, "x", reference)

            var names = PropertyNames()
            _ = StyleLayer(layer, names: &names, state: [:])
            guard let property = CompiledProperty(json, reference, names: &names) else { continue }
            let context = EvaluationContext()
            context.columns = names.columns(in: ["a", "b"])
            context.columnNames = ["a", "b"]
            context.row = row
            context.geometry = { .lineString(LineString([Coordinate(x: 1, y: 2), Coordinate(x: -1e300, y: 3)])) }
            var failures = 0
            _ = property.evaluate(context, failures: &failures)
            evaluated += 1
        }
        #expect(evaluated > 0)
    }

    @Test func `Random damage to a style is refused or read`() {
        let text = """
            {"version": 8, "sources": {"s": {"type": "vector", "tiles": ["a"]}}, "layers": [
             {"id": "a", "type": "line", "source": "s", "source-layer": "l",
              "filter": ["all", ["==", "x", 1], ["has", "y"]],
              "paint": {"line-width": {"stops": [[1, 2], [3, 4]]},
                        "line-color": ["match", ["get", "a"], "b", "red", "#fff"],
                        "line-dasharray": ["literal", [1, 2]]}, "layout": {"line-cap": "round"}}]}
            """
        let seed = UInt64.random(in: 0...UInt64.max)
        print("Random damage: seed \(seed).")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3_000 {
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: position)
                default: bytes.insert(bytes.randomElement(using: &generator) ?? 0, at: position)
                }
            }
            guard let style = try? Style(parsing: bytes) else { continue }
            for index in style.layers.indices {
                let evaluation = style.bind(layer: index, columns: ["a", "x"]).evaluation(zoom: 2)
                evaluation.row = TestRow([.string("b"), .number(1)])
                _ = evaluation.passesFilter()
                _ = (evaluation[.lineWidth], evaluation[.lineColor], evaluation[.lineDasharray])
            }
        }
    }
}
