// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One cell of a feature's attributes.
public enum AttributeValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case real(Double)
    /// Text, and dates and times in ISO 8601 where the field's type says so.
    case text(String)
}

/// What a field holds. Raw values are the spellings in `layer.yaml`.
public enum FieldType: String, Hashable, Sendable, Codable, CaseIterable {
    case boolean
    case integer
    case real
    case text
    /// `yyyy-mm-dd`.
    case date
    /// `yyyy-mm-ddThh:mm:ss.sssZ`.
    case dateTime
}

extension AttributeValue {
    /// Whether there is no value.
    public var isNull: Bool { self == .null }

    /// The value as people write it; empty for null, `true` and `false` for
    /// booleans, no decimals for a whole number.
    public var description: String {
        switch self {
        case .null: ""
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .real(let value):
            value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
        case .text(let value): value
        }
    }

    /// The value as a number, when it is one. Text is not parsed.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .null, .boolean, .text: nil
        }
    }
}
