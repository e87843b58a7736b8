// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What the result of an expression can change with.
public struct Dependencies: Hashable, Sendable {
    struct Traits: OptionSet, Hashable, Sendable {
        let rawValue: UInt16
        static let zoom = Traits(rawValue: 1 << 0)
        /// At least one attribute by name.
        static let attributes = Traits(rawValue: 1 << 1)
        /// Attributes whose names are known only when evaluated.
        static let allAttributes = Traits(rawValue: 1 << 2)
        static let id = Traits(rawValue: 1 << 3)
        static let geometryType = Traits(rawValue: 1 << 4)
        static let geometry = Traits(rawValue: 1 << 5)
        static let featureState = Traits(rawValue: 1 << 6)
        static let globalState = Traits(rawValue: 1 << 7)
        static let elevation = Traits(rawValue: 1 << 8)
        static let lineProgress = Traits(rawValue: 1 << 9)
        static let heatmapDensity = Traits(rawValue: 1 << 10)
        static let accumulated = Traits(rawValue: 1 << 11)
        /// The images of the sprite, the collation of the machine, or an error
        /// that must stay one: nothing that may be folded away.
        static let environment = Traits(rawValue: 1 << 12)

        static let feature: Traits = [
            .attributes, .allAttributes, .id, .geometryType, .geometry, .featureState,
        ]
    }

    var traits: Traits
    /// The attributes read, as slots of the style or columns of a layer,
    /// ascending.
    var slots: [Int]

    static let none = Dependencies(traits: [], slots: [])

    mutating func formUnion(_ other: Dependencies) {
        traits.formUnion(other.traits)
        guard !other.slots.isEmpty else { return }
        slots = slots.isEmpty ? other.slots : Set(slots).union(other.slots).sorted()
    }

    /// Whether the result is the same for every feature at every zoom.
    public var isConstant: Bool { traits.isEmpty }
    /// Whether the result may differ from feature to feature.
    public var usesFeature: Bool { !traits.isDisjoint(with: .feature) }
    public var usesZoom: Bool { traits.contains(.zoom) }
    public var usesID: Bool { traits.contains(.id) }
    public var usesGeometryType: Bool { traits.contains(.geometryType) }
    /// Whether `within` or `distance` look at the feature's coordinates.
    public var usesGeometry: Bool { traits.contains(.geometry) }
    /// Whether any attribute may be read, not just `columns`.
    public var usesAllColumns: Bool { traits.contains(.allAttributes) }
    /// The columns read, ascending, as positions in the names that were bound.
    public var columns: [Int] { slots }
}

/// The one zoom curve of an expression, or why there is none that is allowed.
enum ZoomCurve {
    case none
    case curve(ObjectIdentifier, isInterpolated: Bool)
    case fault(String)

    static let notAtTop =
        "\"zoom\" expression may only be used as input to a top-level \"step\" or \"interpolate\" expression."
    static let onlyOne =
        "Only one zoom-based \"step\" or \"interpolate\" subexpression may be used in an expression."

    /// Adds what a child holds to what its parent offers.
    func adding(_ child: ZoomCurve) -> ZoomCurve {
        switch (self, child) {
        case (_, .none): self
        case (_, .fault): child
        case (.none, .curve): .fault(Self.notAtTop)
        case (.curve(let own, _), .curve(let other, _)): own == other ? self : .fault(Self.onlyOne)
        case (.fault, .curve): .fault(Self.onlyOne)
        }
    }
}

/// A whole compiled expression, shared by all workers.
struct ExpressionTree: @unchecked Sendable {
    // No node is changed after its initialiser, and what nodes hold is Sendable.
    let root: ExpressionNode
}

/// A part of a compiled expression. Evaluating one changes nothing but its
/// context.
class ExpressionNode {
    let type: ExpressionType
    let path: ExpressionPath
    let dependencies: Dependencies
    final var zoomCurve: ZoomCurve

    /// - Parameter curve: what the node itself offers as a zoom curve.
    init(
        _ type: ExpressionType, at path: ExpressionPath, children: [ExpressionNode] = [],
        traits: Dependencies.Traits = [], slots: [Int] = []
    ) {
        self.type = type
        self.path = path
        var dependencies = Dependencies(traits: traits, slots: slots)
        for child in children { dependencies.formUnion(child.dependencies) }
        self.dependencies = dependencies
        zoomCurve = children.reduce(.none) { $0.adding($1.zoomCurve) }
    }

    /// Begins the search for the zoom curve anew with what this node offers.
    final func offer(_ curve: ZoomCurve, children: [ExpressionNode]) {
        zoomCurve = children.reduce(curve) { $0.adding($1.zoomCurve) }
    }

    /// Whether the node is a literal.
    var isLiteral: Bool { false }

    /// Whether every result stands in the style as a literal, so that all of
    /// them are known before any feature is.
    var hasLiteralOutputs: Bool { false }

    /// The result for the feature and zoom of the context.
    func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        throw EvaluationFailure(.message("The expression has no value."), at: path)
    }

    /// The result as a number.
    func number(_ context: EvaluationContext) throws(EvaluationFailure) -> Double {
        let value = try evaluate(context)
        guard case .number(let number) = value else { throw mismatch(.number, value) }
        return number
    }

    /// The result as a truth value.
    func boolean(_ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        let value = try evaluate(context)
        guard case .boolean(let boolean) = value else { throw mismatch(.boolean, value) }
        return boolean
    }

    /// The result as a colour.
    func color(_ context: EvaluationContext) throws(EvaluationFailure) -> Color {
        let value = try evaluate(context)
        guard case .color(let color) = value else { throw mismatch(.color, value) }
        return color
    }

    /// The result as text.
    final func string(_ context: EvaluationContext) throws(EvaluationFailure) -> String {
        let value = try evaluate(context)
        guard case .string(let string) = value else { throw mismatch(.string, value) }
        return string
    }

    final func mismatch(_ expected: ExpressionType, _ found: StyleValue) -> EvaluationFailure {
        EvaluationFailure(.mismatch(expected: expected, found: found), at: path)
    }

    final func failure(_ message: String) -> EvaluationFailure {
        EvaluationFailure(.message(message), at: path)
    }
}

/// A value that stands in the style.
final class LiteralNode: ExpressionNode {
    let value: StyleValue

    init(_ value: StyleValue, type: ExpressionType? = nil, at path: ExpressionPath) {
        self.value = value
        super.init(type ?? value.type, at: path)
    }

    override var isLiteral: Bool { true }
    override var hasLiteralOutputs: Bool { true }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue { value }

    override func number(_ context: EvaluationContext) throws(EvaluationFailure) -> Double {
        guard case .number(let number) = value else { throw mismatch(.number, value) }
        return number
    }

    override func color(_ context: EvaluationContext) throws(EvaluationFailure) -> Color {
        guard case .color(let color) = value else { throw mismatch(.color, value) }
        return color
    }
}
