// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages

/// What the value of one field has to be. Numbers are compared as numbers, texts
/// by their Unicode scalars; no comparison but `isNull` holds for a null.
public struct Condition: Hashable, Sendable {
    let field: String
    let comparison: WireComparison
    let value: AttributeValue

    /// The value is this one.
    public static func equal(_ field: String, _ value: AttributeValue) -> Condition {
        Condition(field: field, comparison: .equal, value: value)
    }

    /// The value is another one.
    public static func notEqual(_ field: String, _ value: AttributeValue) -> Condition {
        Condition(field: field, comparison: .notEqual, value: value)
    }

    /// The value is less.
    public static func less(_ field: String, than value: AttributeValue) -> Condition {
        Condition(field: field, comparison: .less, value: value)
    }

    /// The value is this one or less.
    public static func atMost(_ field: String, _ value: AttributeValue) -> Condition {
        Condition(field: field, comparison: .lessOrEqual, value: value)
    }

    /// The value is greater.
    public static func greater(_ field: String, than value: AttributeValue) -> Condition {
        Condition(field: field, comparison: .greater, value: value)
    }

    /// The value is this one or greater.
    public static func atLeast(_ field: String, _ value: AttributeValue) -> Condition {
        Condition(field: field, comparison: .greaterOrEqual, value: value)
    }

    /// The text begins with this one.
    public static func begins(_ field: String, with text: String) -> Condition {
        Condition(field: field, comparison: .beginsWith, value: .text(text))
    }

    /// There is no value.
    public static func isNull(_ field: String) -> Condition {
        Condition(field: field, comparison: .isNull, value: .null)
    }

    /// There is a value.
    public static func isNotNull(_ field: String) -> Condition {
        Condition(field: field, comparison: .isNotNull, value: .null)
    }

    var message: WireCondition {
        var message = WireCondition()
        message.field = field
        message.comparison = comparison
        switch value {
        case .null: break
        case .boolean(let value): message.value.boolean = value
        case .integer(let value): message.value.integer = value
        case .real(let value): message.value.real = value
        case .text(let value): message.value.text = value
        }
        return message
    }
}
