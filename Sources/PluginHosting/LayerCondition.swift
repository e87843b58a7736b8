// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages
import SimpleFeatures

/// What a plugin asks of one field of the features that it wants.
public struct LayerCondition: Hashable, Sendable {
    /// How a value is compared.
    public enum Comparison: Hashable, Sendable {
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, beginsWith, isNull, isNotNull
    }

    /// The place of the field in the layer's schema.
    public let place: Int
    /// How its value is compared.
    public let comparison: Comparison
    /// With what; null where the comparison needs nothing.
    public let value: AttributeValue

    /// Checks conditions against a layer.
    ///
    /// - Throws: `.invalid`, naming the field or the comparison that does not fit.
    static func conditions(
        _ messages: [WireCondition], of schema: Schema, layer: String, plugin: String
    ) throws(PluginHostingError) -> [LayerCondition] {
        func refuse(_ reason: String) -> PluginHostingError {
            PluginHostingError(.invalid, plugin, "The plugin \(plugin) asked for the layer \(layer) \(reason).")
        }
        guard messages.count <= PluginContract.maxConditions else {
            throw refuse(
                "under \(messages.count) conditions; at most \(PluginContract.maxConditions) are accepted")
        }
        var conditions: [LayerCondition] = []
        for message in messages {
            guard let place = schema.fields.firstIndex(where: { $0.name == message.field }) else {
                throw refuse(
                    "by its field \"\(message.field.prefix(40))\", which it does not have; its fields are "
                        + schema.fields.map(\.name).joined(separator: ", "))
            }
            guard let comparison = Comparison(message.comparison) else {
                throw refuse("by a comparison of \(message.field) that this host does not know")
            }
            let value = message.value.attributeValue
            switch (comparison, value) {
            case (.isNull, _), (.isNotNull, _): break
            case (_, .null): throw refuse("by \(message.field) without a value to compare it with")
            case (.beginsWith, .text): break
            case (.beginsWith, _): throw refuse("by the beginning of \(message.field), which needs a text")
            default: break
            }
            conditions.append(LayerCondition(place: place, comparison: comparison, value: value))
        }
        return conditions
    }

    /// Whether it holds for a feature's values, which are in the order of the
    /// schema's fields.
    public func holds(for values: [AttributeValue]) -> Bool {
        let own = place < values.count ? values[place] : .null
        switch comparison {
        case .isNull: return own.isNull
        case .isNotNull: return !own.isNull
        case .beginsWith:
            guard case .text(let text) = own, case .text(let start) = value else { return false }
            return text.utf8.starts(with: start.utf8)
        case .equal: return order(own).map { $0 == 0 } ?? false
        case .notEqual: return order(own).map { $0 != 0 } ?? false
        case .less: return order(own).map { $0 < 0 } ?? false
        case .lessOrEqual: return order(own).map { $0 <= 0 } ?? false
        case .greater: return order(own).map { $0 > 0 } ?? false
        case .greaterOrEqual: return order(own).map { $0 >= 0 } ?? false
        }
    }

    /// Below, at or above the condition's value; nil: the two are not compared.
    private func order(_ own: AttributeValue) -> Int? {
        switch (own, value) {
        case (.text(let a), .text(let b)):
            // By Unicode scalars, whose order is that of UTF-8.
            return a.utf8.elementsEqual(b.utf8) ? 0 : (a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1)
        case (.boolean(let a), .boolean(let b)): return (a ? 1 : 0) - (b ? 1 : 0)
        case (.integer(let a), .integer(let b)): return a == b ? 0 : (a < b ? -1 : 1)
        default:
            guard let a = own.number, let b = value.number, !a.isNaN, !b.isNaN else { return nil }
            return a == b ? 0 : (a < b ? -1 : 1)
        }
    }
}

extension LayerCondition.Comparison {
    fileprivate init?(_ comparison: WireComparison) {
        switch comparison {
        case .equal: self = .equal
        case .notEqual: self = .notEqual
        case .less: self = .less
        case .lessOrEqual: self = .lessOrEqual
        case .greater: self = .greater
        case .greaterOrEqual: self = .greaterOrEqual
        case .beginsWith: self = .beginsWith
        case .isNull: self = .isNull
        case .isNotNull: self = .isNotNull
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension AttributeValue {
    fileprivate var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        default: nil
        }
    }
}

extension WireValue {
    fileprivate var attributeValue: AttributeValue {
        switch kind {
        case nil, .blob: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .text(let value): .text(value)
        }
    }
}
