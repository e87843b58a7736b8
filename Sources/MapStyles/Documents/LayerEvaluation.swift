// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A layer at one zoom: its properties for one feature after the other.
///
/// - Thread: one worker at a time.
public final class LayerEvaluation {
    public let bound: BoundLayer
    /// How often an expression failed for a feature and gave its default.
    public private(set) var failures = 0

    private let context = EvaluationContext()
    private var slots: [Slot] = []
    private var filter = FilterSlot.always
    private var filterMemo: [Bool?] = []

    /// The most codes of a dictionary for which results are kept.
    private static let memoCapacity = 1 << 16

    private enum FilterSlot {
        case always, never
        case evaluated(ExpressionNode, column: Int?)
    }

    private struct Slot {
        /// The value where it is the same for all features.
        var value: StyleValue?
        var isFixed: Bool
        /// The one column on which the result depends.
        var column: Int?
        /// Results by dictionary code; the outer nil where not yet known.
        var memo: [StyleValue??] = []
    }

    init(_ bound: BoundLayer, zoom: Double) {
        self.bound = bound
        context.zoom = zoom
        context.columns = bound.columns
        context.columnNames = bound.columnNames
        context.globalState = bound.state
        slots.reserveCapacity(bound.layer.properties.count)
        for property in bound.layer.properties {
            let dependencies = property.dependencies
            if dependencies.usesFeature {
                slots.append(Slot(value: nil, isFixed: false, column: onlyColumn(dependencies)))
            } else {
                slots.append(Slot(value: property.evaluate(context, failures: &failures), isFixed: true))
            }
        }
        if let node = bound.layer.filter?.root {
            if node.dependencies.usesFeature {
                filter = .evaluated(node, column: onlyColumn(node.dependencies))
            } else {
                filter = (try? node.boolean(context)) == true ? .always : .never
            }
        }
    }

    private func onlyColumn(_ dependencies: Dependencies) -> Int? {
        let others = dependencies.traits.subtracting([.attributes, .zoom, .globalState, .environment])
        guard others.isEmpty, dependencies.slots.count == 1, let slot = dependencies.slots.first,
            bound.columns[slot] >= 0
        else { return nil }
        return bound.columns[slot]
    }

    /// The reader of the attributes, set once and moved by its owner.
    public var row: (any FeatureRow)? {
        get { context.row }
        set { context.row = newValue }
    }

    /// The feature's geometry in CRS84 degrees, asked only by `within` and
    /// `distance`. Without it those have no result.
    public var geometry: (() -> Geometry?)? {
        get { context.geometry }
        set { context.geometry = newValue }
    }

    /// Turns to a feature; its attributes are those where `row` stands.
    public func begin(id: Int64?, geometryType: FeatureGeometryType) {
        context.id = id.map { .number(Double($0)) } ?? .null
        context.geometryType = geometryType
    }

    /// Whether the layer shows the feature. A filter that fails hides it.
    public func passesFilter() -> Bool {
        switch filter {
        case .always: return true
        case .never: return false
        case .evaluated(let node, let column):
            guard let column, let code = context.row?.dictionaryCode(at: column), code >= 0, code < Self.memoCapacity
            else { return evaluatedFilter(node) }
            if code < filterMemo.count, let known = filterMemo[code] { return known }
            let result = evaluatedFilter(node)
            while filterMemo.count <= code { filterMemo.append(nil) }
            filterMemo[code] = result
            return result
        }
    }

    private func evaluatedFilter(_ node: ExpressionNode) -> Bool {
        do {
            return try node.boolean(context)
        } catch {
            failures += 1
            return false
        }
    }

    /// Whether a property's result may differ from feature to feature.
    public func isFeatureDependent<Value>(_ key: PropertyKey<Value>) -> Bool {
        let index = key.index - bound.layer.range.lowerBound
        return slots.indices.contains(index) && !slots[index].isFixed
    }

    /// A property's value for the feature at hand; nil where there is none and
    /// no default, or the layer is of another type.
    func value(_ index: Int) -> StyleValue? {
        let index = index - bound.layer.range.lowerBound
        guard slots.indices.contains(index) else { return nil }
        if slots[index].isFixed { return slots[index].value }
        guard let column = slots[index].column, let code = context.row?.dictionaryCode(at: column), code >= 0,
            code < Self.memoCapacity
        else { return bound.layer.properties[index].evaluate(context, failures: &failures) }
        if code < slots[index].memo.count, let known = slots[index].memo[code] { return known }
        let result = bound.layer.properties[index].evaluate(context, failures: &failures)
        while slots[index].memo.count <= code { slots[index].memo.append(nil) }
        slots[index].memo[code] = .some(result)
        return result
    }
}

extension LayerEvaluation {
    /// A number of the feature at hand.
    public subscript(key: PropertyKey<Double>) -> Double {
        if case .number(let number)? = value(key.index) { number } else { standard(key.index) }
    }

    /// A colour of the feature at hand.
    public subscript(key: PropertyKey<Color>) -> Color {
        if case .color(let color)? = value(key.index) { color } else { standard(key.index) }
    }

    /// A property of the feature at hand.
    public subscript<Value: StylePropertyValue>(key: PropertyKey<Value>) -> Value {
        value(key.index).flatMap(Value.init) ?? standard(key.index)
    }

    /// A property without a default; nil where neither the style nor the
    /// feature gives one.
    public subscript<Value: StylePropertyValue>(key: PropertyKey<Value?>) -> Value? {
        value(key.index).flatMap(Value.init)
    }

    /// The default of the specification.
    private func standard<Value: StylePropertyValue>(_ index: Int) -> Value {
        CompiledProperty(defaultOf: StyleReference.properties[index]).fallback.flatMap(Value.init) ?? Value.neutral
    }
}
