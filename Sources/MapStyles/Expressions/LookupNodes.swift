// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// `["get", "name"]`: an attribute of the feature.
final class GetNode: ExpressionNode {
    let slot: Int

    init(slot: Int, at path: ExpressionPath) {
        self.slot = slot
        super.init(.value, at: path, traits: .attributes, slots: [slot])
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        context.property(slot) ?? .null
    }

    override func number(_ context: EvaluationContext) throws(EvaluationFailure) -> Double {
        guard let number = context.number(slot) else { throw mismatch(.number, context.property(slot) ?? .null) }
        return number
    }
}

/// `["has", "name"]`: whether the feature has an attribute.
final class HasNode: ExpressionNode {
    let slot: Int

    init(slot: Int, at path: ExpressionPath) {
        self.slot = slot
        super.init(.boolean, at: path, traits: .attributes, slots: [slot])
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .boolean(context.property(slot) != nil)
    }

    override func boolean(_ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        context.property(slot) != nil
    }
}

/// `get` and `has` whose name is computed, or that look into an object.
final class MemberNode: ExpressionNode {
    enum Question: Sendable {
        case get, has
    }

    let question: Question
    let key: ExpressionNode
    let object: ExpressionNode?

    init(_ question: Question, key: ExpressionNode, in object: ExpressionNode?, at path: ExpressionPath) {
        self.question = question
        self.key = key
        self.object = object
        super.init(
            question == .get ? .value : .boolean, at: path, children: [key] + (object.map { [$0] } ?? []),
            traits: object == nil ? [.attributes, .allAttributes] : [])
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        let key = try key.string(context)
        let found: StyleValue?
        if let object {
            let value = try object.evaluate(context)
            guard case .object(let members) = value else { throw object.mismatch(.object, value) }
            found = members[key]
        } else if let column = context.columnNames.firstIndex(of: key) {
            found = context.row?.styleValue(at: column)
        } else {
            found = nil
        }
        return question == .get ? found ?? .null : .boolean(found != nil)
    }
}

/// An expression without arguments: the zoom, the feature's id and its kin.
final class FeatureNode: ExpressionNode {
    enum Question: String, Sendable, CaseIterable {
        case zoom, id, properties, accumulated, elevation
        case geometryType = "geometry-type"
        case lineProgress = "line-progress"
        case heatmapDensity = "heatmap-density"
    }

    let question: Question

    init(_ question: Question, at path: ExpressionPath) {
        self.question = question
        let (type, traits): (ExpressionType, Dependencies.Traits) =
            switch question {
            case .zoom: (.number, .zoom)
            case .id: (.value, .id)
            case .properties: (.object, [.attributes, .allAttributes])
            case .accumulated: (.value, .accumulated)
            case .geometryType: (.string, .geometryType)
            case .elevation: (.number, .elevation)
            case .lineProgress: (.number, .lineProgress)
            case .heatmapDensity: (.number, .heatmapDensity)
            }
        super.init(type, at: path, traits: traits)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        switch question {
        case .zoom: return .number(context.zoom)
        case .id: return context.id
        case .geometryType: return .string(context.geometryType.rawValue)
        case .elevation: return .number(context.elevation ?? 0)
        case .lineProgress: return .number(context.lineProgress ?? 0)
        case .heatmapDensity: return .number(context.heatmapDensity ?? 0)
        case .accumulated: return .null
        case .properties:
            guard let row = context.row else { return .object([:]) }
            var members: [String: StyleValue] = [:]
            for (column, name) in context.columnNames.enumerated() {
                if let value = row.styleValue(at: column) { members[name] = value }
            }
            return .object(members)
        }
    }

    override func number(_ context: EvaluationContext) throws(EvaluationFailure) -> Double {
        if question == .zoom { return context.zoom }
        let value = try evaluate(context)
        guard case .number(let number) = value else { throw mismatch(.number, value) }
        return number
    }
}

/// `["feature-state", "name"]` and `["global-state", "name"]`.
final class StateNode: ExpressionNode {
    enum Source: Sendable {
        case feature, global
    }

    let source: Source
    let key: ExpressionNode

    init(_ source: Source, key: ExpressionNode, at path: ExpressionPath) {
        self.source = source
        self.key = key
        super.init(.value, at: path, children: [key], traits: source == .feature ? .featureState : .globalState)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        let key = try key.string(context)
        return (source == .feature ? context.featureState[key] : context.globalState[key]) ?? .null
    }
}
