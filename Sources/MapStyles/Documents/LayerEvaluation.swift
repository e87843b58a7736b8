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

    /// MapLibre's zoom.
    public var zoom: Double { context.zoom }

    private let context = EvaluationContext()
    private let slots: [PropertySlot]
    private let firstIndex: Int
    private let filter: Filter
    private var filterByCode: [Bool?] = []

    private enum Filter {
        case always, never
        case evaluated(ExpressionNode, column: Int?)
    }

    init(_ bound: BoundLayer, zoom: Double) {
        self.bound = bound
        context.zoom = zoom
        context.columns = bound.columns
        context.columnNames = bound.columnNames
        context.globalState = bound.state
        let layer = bound.layer
        firstIndex = layer.range.lowerBound

        var failures = 0
        var slots: [PropertySlot] = []
        slots.reserveCapacity(layer.properties.count)
        for (index, property) in zip(layer.range, layer.properties) {
            let dependencies = bound.bound(property.dependencies)
            let varies = dependencies.usesFeature || dependencies.traits.contains(.lineProgress)
            slots.append(
                PropertySlot(
                    node: varies ? property.expression?.root : nil,
                    fallback: varies ? property.fallback : property.evaluate(context, failures: &failures),
                    values: property.values, column: Self.onlyColumn(dependencies),
                    standard: StyleReference.standards[index]))
        }
        self.slots = slots
        self.failures = failures

        if let node = layer.filter?.root {
            let dependencies = bound.bound(node.dependencies)
            if dependencies.usesFeature {
                filter = .evaluated(node, column: Self.onlyColumn(dependencies))
            } else {
                filter = (try? node.boolean(context)) == true ? .always : .never
            }
        } else {
            filter = .always
        }
    }

    private static func onlyColumn(_ dependencies: Dependencies) -> Int? {
        let others = dependencies.traits.subtracting([.attributes, .zoom, .globalState, .environment])
        guard others.isEmpty, dependencies.columns.count == 1 else { return nil }
        return dependencies.columns.first
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

    /// How far along its line a `line-gradient` is evaluated, 0 … 1.
    public var lineProgress: Double? {
        get { context.lineProgress }
        set { context.lineProgress = newValue }
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
            guard let column, let code = context.row?.dictionaryCode(at: column), code >= 0,
                code < PropertySlot.memoCapacity
            else { return evaluated(node) }
            if code < filterByCode.count, let known = filterByCode[code] { return known }
            let result = evaluated(node)
            while filterByCode.count <= code { filterByCode.append(nil) }
            filterByCode[code] = result
            return result
        }
    }

    private func evaluated(_ node: ExpressionNode) -> Bool {
        do {
            return try node.boolean(context)
        } catch {
            failures += 1
            return false
        }
    }

    /// Whether a property's result may differ from feature to feature of this
    /// layer.
    public func isFeatureDependent<Value>(_ key: PropertyKey<Value>) -> Bool { slot(key.index)?.node != nil }

    @inline(__always)
    private func slot(_ index: Int) -> PropertySlot? {
        let position = index - firstIndex
        return position >= 0 && position < slots.count ? slots[position] : nil
    }

    private func value<Value: StylePropertyValue>(_ index: Int) -> Value? {
        slot(index)?.value(context, &failures).flatMap(Value.init)
    }

    private func valueOrDefault<Value: StylePropertyValue>(_ index: Int) -> Value {
        value(index) ?? StyleReference.standards[index].flatMap(Value.init) ?? Value.neutral
    }
}

// A layer of another type answers with the default of the specification. The
// overloads for single types are there to be quick.
extension LayerEvaluation {
    /// A number of the feature at hand.
    public subscript(key: PropertyKey<Double>) -> Double {
        guard let slot = slot(key.index) else { return valueOrDefault(key.index) }
        return slot.node == nil ? slot.fallbackNumber : slot.number(context, &failures)
    }

    /// A colour of the feature at hand.
    public subscript(key: PropertyKey<Color>) -> Color {
        guard let slot = slot(key.index) else { return valueOrDefault(key.index) }
        return slot.node == nil ? slot.fallbackColor : slot.color(context, &failures)
    }

    /// A truth value of the feature at hand.
    public subscript(key: PropertyKey<Bool>) -> Bool { valueOrDefault(key.index) }

    /// How the ends of the line at hand are drawn.
    public subscript(key: PropertyKey<LineCap>) -> LineCap { valueOrDefault(key.index) }

    /// How the corners of the line at hand are drawn.
    public subscript(key: PropertyKey<LineJoin>) -> LineJoin { valueOrDefault(key.index) }

    /// A number without a default; nil where neither the style nor the feature
    /// gives one.
    public subscript(key: PropertyKey<Double?>) -> Double? { value(key.index) }

    /// A colour without a default; nil where neither the style nor the feature
    /// gives one.
    public subscript(key: PropertyKey<Color?>) -> Color? { value(key.index) }

    /// Numbers without a default; nil where neither the style nor the feature
    /// gives any.
    public subscript(key: PropertyKey<[Double]?>) -> [Double]? { value(key.index) }

    /// A property of the feature at hand.
    public subscript<Value: StylePropertyValue>(key: PropertyKey<Value>) -> Value { valueOrDefault(key.index) }

    /// A property without a default; nil where neither the style nor the
    /// feature gives one.
    public subscript<Value: StylePropertyValue>(key: PropertyKey<Value?>) -> Value? { value(key.index) }
}
