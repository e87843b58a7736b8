// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What must hold between the features of a layer and those of another one.
public struct LayerRuleEntry: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// Each feature lies in one feature of the other layer by this share of
        /// its area, above 0.5 to 1.
        case within(share: Double)
        /// Each feature lies in its own town's features of the other layer but
        /// for so many metres.
        case insideTown(tolerance: Double)
        /// No feature runs through one of the other layer for more metres,
        /// unless a field has one of the values.
        case mustNotCross(tolerance: Double, field: String?, values: [String])
    }

    public var kind: Kind
    /// The other layer's id.
    public var layer: String

    public init(_ kind: Kind, layer: String) {
        self.kind = kind
        self.layer = layer
    }
}

extension LayerManifest {
    private static let mostRules = 20

    static func readRules(_ value: YAMLValue, fields: [String]) -> [LayerRuleEntry] {
        let elements = value.elements() ?? []
        if elements.count > mostRules { value.refuse("\(elements.count) rules; at most \(mostRules) are looked at") }
        return elements.prefix(mostRules).compactMap { readRule($0, fields) }
    }

    private static func readRule(_ value: YAMLValue, _ fields: [String]) -> LayerRuleEntry? {
        let kinds = ["within": ["share"], "inside_town": ["tolerance_m"], "must_not_cross": ["tolerance_m", "unless"]]
        let names = kinds.keys.sorted()
        guard let mapping = value.mapping("a rule", known: names + ["share", "tolerance_m", "unless"]) else { return nil }
        let present = names.filter { mapping[$0] != nil }
        guard present.count == 1, let kind = present.first, let layer = mapping[kind]?.word() else {
            value.refuse("a rule has one of \(names.joined(separator: ", ")), with the id of the other layer")
            return nil
        }
        for entry in mapping.entries where entry.key != kind && !(kinds[kind] ?? []).contains(entry.key) {
            entry.value.refuse("\"\(entry.key)\" says nothing in a rule of the kind \"\(kind)\"")
        }
        let tolerance = mapping["tolerance_m"]?.number(in: 0...10_000)
        switch kind {
        case "within":
            return LayerRuleEntry(.within(share: mapping["share"]?.number(in: 0.51...1) ?? 0.95), layer: layer)
        case "inside_town":
            return LayerRuleEntry(.insideTown(tolerance: tolerance ?? 20), layer: layer)
        default:
            let unless = mapping["unless"].flatMap { readExceptions($0, fields) }
            return LayerRuleEntry(
                .mustNotCross(tolerance: tolerance ?? 2, field: unless?.field, values: unless?.values ?? []),
                layer: layer)
        }
    }

    private static func readExceptions(_ value: YAMLValue, _ fields: [String]) -> (field: String, values: [String])? {
        guard let mapping = value.mapping("a field and its values", known: fields) else { return nil }
        guard mapping.entries.count == 1, let entry = mapping.entries.first else {
            value.refuse("one field with its values is expected here")
            return nil
        }
        return (entry.key, entry.value.elements()?.compactMap { $0.word() } ?? [])
    }
}
