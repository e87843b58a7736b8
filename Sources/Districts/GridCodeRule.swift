// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// How the cells of a management grid (单元网格) are numbered: the code of the area
/// that a cell lies in, and a serial number in that area. Provinces differ, so all
/// of it is data; GB/T 30428.1 has 12 and 3 digits.
public struct GridCodeRule: Sendable, Hashable, Codable {
    /// In which order cells of one area that have no number yet get theirs.
    public enum Order: String, Sendable, Hashable, Codable, CaseIterable {
        /// In rows from north to south, in each from west to east.
        case rows
        /// In columns from west to east, in each from north to south.
        case columns
    }

    /// The field of the cells that holds the code, and the layer and field of the
    /// areas that they lie in.
    public var field: String
    public var parent: String
    public var parentField: String
    /// How many digits come from the area, and how many count its cells.
    public var parentDigits: Int
    public var serialDigits: Int
    public var order = Order.rows
    /// How much of a cell must lie in its area, 0.51 to 1.
    public var share = 0.95
    /// Whether cells without a code get one; else codes are looked at only.
    public var assigns = true

    public init(field: String, parent: String, parentField: String, parentDigits: Int = 12, serialDigits: Int = 3) {
        self.field = field
        self.parent = parent
        self.parentField = parentField
        self.parentDigits = parentDigits
        self.serialDigits = serialDigits
    }
}

extension LayerManifest {
    static func readGridCodes(
        _ value: YAMLValue, fields: [LayerField], key: [String], geometry: GeometryType, tiles: Bool
    ) -> GridCodeRule? {
        let known = ["field", "parent", "parent_field", "digits", "order", "share", "assign"]
        guard let mapping = value.mapping("rules of grid codes", known: known) else { return nil }
        if ![.polygon, .multiPolygon].contains(geometry) || !tiles {
            value.refuse("grid codes are for layers of areas that cover the ground: `tiles: true`")
        }
        let field = mapping.required("field", "the field that holds the codes").flatMap { readCodeField($0, fields) }
        let parent = mapping.required("parent", "the id of the layer whose areas the cells lie in")?.word()
        let parentField = mapping.required("parent_field", "the field of that layer that codes begin with")?.word()
        guard let field, let parent, let parentField else { return nil }
        var rule = GridCodeRule(field: field, parent: parent, parentField: parentField)
        if let digits = mapping["digits"] {
            guard let counts = digits.mapping("numbers of digits", known: ["parent", "serial"]) else { return nil }
            rule.parentDigits =
                counts.required("parent", "digits of the parent's code, as in 12")?.integer(in: 1...30) ?? 12
            rule.serialDigits = counts.required("serial", "digits of the serial number, as in 3")?.integer(in: 1...9) ?? 3
        }
        rule.order = mapping["order"]?.choice("an order of cells") ?? .rows
        rule.share = mapping["share"]?.number(in: 0.51...1) ?? rule.share
        rule.assigns = mapping["assign"]?.boolean() ?? true
        if key.isEmpty {
            value.refuse("grid codes need a `key`, by which a cell is known from delivery to delivery")
        } else if rule.assigns, key.contains(field) {
            value.refuse(
                "the key \"\(field)\" is the code itself, which new cells do not have; name another key, or write assign: false")
        }
        return rule
    }

    private static func readCodeField(_ value: YAMLValue, _ fields: [LayerField]) -> String? {
        guard let name = readKey(value, among: fields.map(\.field.name)).first else { return nil }
        guard fields.first(where: { $0.field.name == name })?.field.type == .text else {
            value.refuse("the field \"\(name)\" is not of the type text, and numbers lose their leading zeros")
            return nil
        }
        return name
    }
}
