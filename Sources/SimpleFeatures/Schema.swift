// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A named, typed attribute of the features of a layer.
public struct Field: Hashable, Sendable, Codable {
    public var name: String
    public var type: FieldType
    /// What people call it, by language tag (`zh`, `en`).
    public var titles: [String: String]
    /// The unit of the values, as in `m²` or `亩`, where there is one.
    public var unit: String?

    public init(_ name: String, _ type: FieldType, titles: [String: String] = [:], unit: String? = nil) {
        self.name = name
        self.type = type
        self.titles = titles
        self.unit = unit
    }
}

/// The shape of a layer's features: one geometry column and named fields.
public struct Schema: Hashable, Sendable, Codable {
    public var geometryType: GeometryType
    public var fields: [Field]

    public init(geometryType: GeometryType, fields: [Field]) {
        self.geometryType = geometryType
        self.fields = fields
    }

    /// The position of a field in a record's `values`.
    ///
    /// - Complexity: O(*n*) in fields; look positions up once, not per record.
    public func index(of name: String) -> Int? {
        fields.firstIndex { $0.name == name }
    }
}
