// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The number of labels that are not above an input, less one; labels ascend.
func stopIndex(_ labels: [Double], _ input: Double) -> Int {
    var low = 0
    var high = labels.count
    while low < high {
        let middle = (low + high) / 2
        if labels[middle] <= input { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
}

/// Why a curve has no place for an input that is NaN.
private func noNumber(at path: ExpressionPath) -> EvaluationFailure {
    EvaluationFailure(.message("Input is not a number."), at: path)
}

/// `step`: the output of the last label that is not above the input.
final class StepNode: ChoosingNode {
    let input: ExpressionNode
    let labels: [Double]

    init(
        input: ExpressionNode, labels: [Double], outputs: [ExpressionNode], type: ExpressionType,
        at path: ExpressionPath
    ) {
        self.input = input
        self.labels = labels
        super.init(deciding: [input], outputs: outputs, type: type, at: path)
        if (input as? FeatureNode)?.question == .zoom {
            offer(.curve(ObjectIdentifier(self), isInterpolated: false), children: outputs)
        }
    }

    override func chosen(_ context: EvaluationContext) throws(EvaluationFailure) -> ExpressionNode {
        let input = try input.number(context)
        if input.isNaN, labels.count > 1 { throw noNumber(at: path) }
        return outputs[labels.count == 1 || !(input > labels[0]) ? 0 : stopIndex(labels, input)]
    }
}

/// How the passage from one stop to the next is shaped.
enum Interpolation: Sendable {
    case exponential(base: Double)
    case cubicBezier(UnitBezier)

    static let linear = Interpolation.exponential(base: 1)

    func fraction(of input: Double, from lower: Double, to upper: Double) -> Double {
        let difference = upper - lower
        if difference == 0 { return 0 }
        let progress = input - lower
        switch self {
        case .exponential(base: 1): return progress / difference
        case .exponential(let base): return (pow(base, progress) - 1) / (pow(base, difference) - 1)
        case .cubicBezier(let bezier): return bezier.y(atX: progress / difference)
        }
    }
}

/// `interpolate`, `interpolate-hcl` and `interpolate-lab`.
final class InterpolateNode: ExpressionNode {
    let interpolation: Interpolation
    let space: InterpolationSpace
    let input: ExpressionNode
    let labels: [Double]
    let outputs: [ExpressionNode]

    init(
        _ interpolation: Interpolation, space: InterpolationSpace, input: ExpressionNode, labels: [Double],
        outputs: [ExpressionNode], type: ExpressionType, at path: ExpressionPath
    ) {
        self.interpolation = interpolation
        self.space = space
        self.input = input
        self.labels = labels
        self.outputs = outputs
        super.init(type, at: path, children: [input] + outputs)
        if (input as? FeatureNode)?.question == .zoom {
            offer(.curve(ObjectIdentifier(self), isInterpolated: true), children: outputs)
        }
    }

    override var hasLiteralOutputs: Bool { outputs.allSatisfy(\.hasLiteralOutputs) }

    /// The stop below the input, and how far the input is on the way to the
    /// next; no fraction at and beyond the ends.
    @inline(__always)
    private func position(of input: Double) throws(EvaluationFailure) -> (index: Int, fraction: Double?) {
        let last = labels.count - 1
        if input.isNaN, last > 0 { throw noNumber(at: path) }
        if last == 0 || !(input > labels[0]) { return (0, nil) }
        if input >= labels[last] { return (last, nil) }
        let index = stopIndex(labels, input)
        return (index, interpolation.fraction(of: input, from: labels[index], to: labels[index + 1]))
    }

    override func number(_ context: EvaluationContext) throws(EvaluationFailure) -> Double {
        let (index, fraction) = try position(of: try input.number(context))
        let lower = try outputs[index].number(context)
        guard let fraction else { return lower }
        let upper = try outputs[index + 1].number(context)
        return lower + fraction * (upper - lower)
    }

    override func color(_ context: EvaluationContext) throws(EvaluationFailure) -> Color {
        let (index, fraction) = try position(of: try input.number(context))
        let lower = try outputs[index].color(context)
        guard let fraction else { return lower }
        let upper = try outputs[index + 1].color(context)
        return .interpolated(from: lower, to: upper, fraction: fraction, space: space)
    }

    override func evaluate(_ context: EvaluationContext) throws(EvaluationFailure) -> StyleValue {
        switch type {
        case .number: return .number(try number(context))
        case .color: return .color(try color(context))
        default: break
        }
        let (index, fraction) = try position(of: try input.number(context))
        let lower = try outputs[index].evaluate(context)
        guard let fraction else { return lower }
        let upper = try outputs[index + 1].evaluate(context)
        return try interpolated(lower, upper, fraction)
    }

    private func interpolated(
        _ lower: StyleValue, _ upper: StyleValue, _ fraction: Double
    ) throws(EvaluationFailure) -> StyleValue {
        func between(_ a: Double, _ b: Double) -> Double { a + fraction * (b - a) }
        switch (lower, upper) {
        case (.number(let a), .number(let b)): return .number(between(a, b))
        case (.color(let a), .color(let b)):
            return .color(.interpolated(from: a, to: b, fraction: fraction, space: space))
        case (.array(let a), .array(let b)):
            guard a.count == b.count else { throw failure(lengthMessage("array", a.count, b.count)) }
            var blended: [StyleValue] = []
            for (first, second) in zip(a, b) { blended.append(try interpolated(first, second, fraction)) }
            return .array(blended)
        case (.numbers(let a), .numbers(let b)):
            guard a.count == b.count else { throw failure(lengthMessage("numberArray", a.count, b.count)) }
            return .numbers(zip(a, b).map(between))
        case (.colors(let a), .colors(let b)):
            guard a.count == b.count else { throw failure(lengthMessage("colorArray", a.count, b.count)) }
            return .colors(
                zip(a, b).map { .interpolated(from: $0, to: $1, fraction: fraction, space: space) })
        case (.padding(let a), .padding(let b)):
            return .padding(
                Padding(
                    top: between(a.top, b.top), right: between(a.right, b.right),
                    bottom: between(a.bottom, b.bottom), left: between(a.left, b.left)))
        case (.anchorOffsets(let a), .anchorOffsets(let b)):
            guard a.map(\.anchor) == b.map(\.anchor) else {
                throw failure(
                    "Cannot interpolate values containing mismatched anchors: "
                        + "\(a.map(\.anchor)) and \(b.map(\.anchor)).")
            }
            return .anchorOffsets(
                zip(a, b).map { AnchorOffset(anchor: $0.anchor, x: between($0.x, $1.x), y: between($0.y, $1.y)) })
        case (.projection(let a), .projection(let b)):
            return .projection(ProjectionDefinition(from: a.to, to: b.to, transition: fraction))
        default: throw mismatch(lower.type, upper)
        }
    }

    private func lengthMessage(_ name: String, _ first: Int, _ second: Int) -> String {
        "\(name): Arrays have mismatched length (\(first) vs. \(second)), cannot interpolate."
    }
}

/// A cubic Bézier curve from (0, 0) to (1, 1), as CSS easings are.
struct UnitBezier: Sendable {
    private let cx: Double
    private let bx: Double
    private let ax: Double
    private let cy: Double
    private let by: Double
    private let ay: Double

    init(x1: Double, y1: Double, x2: Double, y2: Double) {
        cx = 3 * x1
        bx = 3 * (x2 - x1) - cx
        ax = 1 - cx - bx
        cy = 3 * y1
        by = 3 * (y2 - y1) - cy
        ay = 1 - cy - by
    }

    /// The height of the curve where it has an x from 0 to 1.
    func y(atX x: Double) -> Double {
        let parameter = parameter(atX: x)
        return ((ay * parameter + by) * parameter + cy) * parameter
    }

    private func parameter(atX x: Double) -> Double {
        let tolerance = 1e-6
        if x < 0 { return 0 }
        if x > 1 { return 1 }
        func curveX(_ t: Double) -> Double { ((ax * t + bx) * t + cx) * t }
        var guess = x
        for _ in 0..<8 {
            let error = curveX(guess) - x
            if abs(error) < tolerance { return guess }
            let slope = (3 * ax * guess + 2 * bx) * guess + cx
            if abs(slope) < 1e-6 { break }
            guess -= error / slope
        }
        var (low, high) = (0.0, 1.0)
        guess = x
        for _ in 0..<20 {
            let value = curveX(guess)
            if abs(value - x) < tolerance { break }
            if x > value { low = guess } else { high = guess }
            guess = (low + high) / 2
        }
        return guess
    }
}
