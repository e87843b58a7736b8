// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A comparison of a filter of old.
final class FilterNode: ExpressionNode {
    enum Subject: Sendable {
        case geometryType, id
        case property(Int)
    }

    enum Test: Sendable {
        case compare(ComparisonNode.Operation, StyleValue)
        case oneOf([StyleValue])
        case exists
    }

    /// The test in a form that is quick for its subject.
    private enum Plan {
        /// One bit for each type that passes.
        case geometryTypes(UInt8)
        case text(slot: Int, String, isEqual: Bool)
        case fewTexts(slot: Int, [String])
        case values(Set<StyleValue>)
        case compare(ComparisonNode.Operation, StyleValue)
        case exists
    }

    private static let fewTexts = 6

    private let subject: Subject
    private let plan: Plan

    init(_ subject: Subject, _ test: Test, at path: ExpressionPath) {
        self.subject = subject
        plan = Self.plan(subject, test)
        switch subject {
        case .geometryType: super.init(.boolean, at: path, traits: .geometryType)
        case .id: super.init(.boolean, at: path, traits: .id)
        case .property(let slot): super.init(.boolean, at: path, traits: .attributes, slots: [slot])
        }
    }

    private static func plan(_ subject: Subject, _ test: Test) -> Plan {
        switch (subject, test) {
        case (.geometryType, .compare(.equal, let value)): return .geometryTypes(types([value]))
        case (.geometryType, .compare(.notEqual, let value)):
            return .geometryTypes(~types([value]))
        case (.geometryType, .oneOf(let values)): return .geometryTypes(types(values))
        case (.property(let slot), .compare(let operation, .string(let text))) where !operation.isOrder:
            return .text(slot: slot, text, isEqual: operation == .equal)
        case (.property(let slot), .oneOf(let values)):
            let texts = values.compactMap(String.init)
            return texts.count == values.count && texts.count <= fewTexts
                ? .fewTexts(slot: slot, texts) : .values(Set(values))
        case (_, .oneOf(let values)): return .values(Set(values))
        case (_, .compare(let operation, let value)): return .compare(operation, value)
        case (_, .exists): return .exists
        }
    }

    private static func types(_ values: [StyleValue]) -> UInt8 {
        values.compactMap(String.init).compactMap(FeatureGeometryType.init(rawValue:)).reduce(0) { $0 | $1.bit }
    }

    private func value(_ context: EvaluationContext) -> StyleValue? {
        switch subject {
        case .geometryType: .string(context.geometryType.rawValue)
        case .id: context.id.isNull ? nil : context.id
        case .property(let slot): context.property(slot)
        }
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        .boolean(try boolean(context))
    }

    override func boolean(_ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        switch plan {
        case .geometryTypes(let types): return types & context.geometryType.bit != 0
        case .text(let slot, let text, let isEqual): return (context.string(slot) == text) == isEqual
        case .fewTexts(let slot, let texts):
            guard let found = context.string(slot) else { return false }
            return texts.contains(found)
        case .values(let values): return value(context).map(values.contains) ?? false
        case .exists: return value(context) != nil
        case .compare(.equal, let wanted): return value(context) == wanted
        case .compare(.notEqual, let wanted): return value(context) != wanted
        case .compare(let operation, let limit):
            switch (value(context), limit) {
            case (.number(let a)?, .number(let b)): return Self.isOrdered(operation, a, b)
            case (.string(let a)?, .string(let b)): return Self.isOrdered(operation, a, b)
            default: return false
            }
        }
    }

    private static func isOrdered<T: Comparable>(_ operation: ComparisonNode.Operation, _ a: T, _ b: T) -> Bool {
        switch operation {
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        case .equal, .notEqual: false
        }
    }
}

extension FeatureGeometryType {
    fileprivate var bit: UInt8 {
        switch self {
        case .unknown: 1
        case .point: 2
        case .lineString: 4
        case .polygon: 8
        }
    }
}
