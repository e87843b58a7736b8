// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Typesetting

/// Which part of a label stands at its place.
enum LabelAnchor: String {
    case center, left, right, top, bottom
    case topLeft = "top-left"
    case topRight = "top-right"
    case bottomLeft = "bottom-left"
    case bottomRight = "bottom-right"

    /// How much of the label's width and height lies before its place.
    var share: SIMD2<Double> {
        let x =
            switch self {
            case .left, .topLeft, .bottomLeft: 0.0
            case .right, .topRight, .bottomRight: 1.0
            default: 0.5
            }
        let y =
            switch self {
            case .top, .topLeft, .topRight: 0.0
            case .bottom, .bottomLeft, .bottomRight: 1.0
            default: 0.5
            }
        return SIMD2(x, y)
    }

    /// The justification that `auto` stands for.
    var justification: TextJustification {
        share.x == 0 ? .left : share.x == 1 ? .right : .center
    }

    /// How far letters lie below the middle of their line, in ems, and so a
    /// label's ink from its box: radial offsets are measured from the ink.
    private static let inkGap = 7.0 / 24

    /// An offset away from the place, whichever side the label is on.
    func radial(_ radius: Double) -> SIMD2<Double> {
        let isCorner = share.x != 0.5 && share.y != 0.5
        return outward(SIMD2(repeating: isCorner ? max(0, radius) / 2.0.squareRoot() : max(0, radius)))
    }

    /// Lengths as an offset away from the place.
    func outward(_ lengths: SIMD2<Double>) -> SIMD2<Double> {
        SIMD2(
            share.x == 0.5 ? 0 : (1 - 2 * share.x) * abs(lengths.x),
            share.y == 0.5 ? 0 : (1 - 2 * share.y) * (abs(lengths.y) - Self.inkGap))
    }

    /// An offset as a style writes it, from the ink.
    func shifted(_ offset: SIMD2<Double>) -> SIMD2<Double> {
        share.y == 0.5 ? offset : offset - SIMD2(0, (1 - 2 * share.y) * Self.inkGap)
    }
}

/// A side that a label may be on, with its offset in ems.
struct LabelSide {
    var anchor: LabelAnchor
    var offset: SIMD2<Double>

    /// The sides of the feature at hand, in the order in which they are tried.
    static func sides(_ evaluation: LayerEvaluation) -> [LabelSide] {
        let written = bounded(evaluation[.textOffset])
        let radius = min(max(evaluation[.textRadialOffset], 0), 64)
        if let offsets = evaluation[.textVariableAnchorOffset], !offsets.isEmpty {
            return offsets.prefix(16).compactMap { side in
                LabelAnchor(rawValue: side.anchor).map {
                    LabelSide(anchor: $0, offset: $0.shifted(bounded([side.x, side.y])))
                }
            }
        }
        if let anchors = evaluation[.textVariableAnchor], !anchors.isEmpty {
            return anchors.prefix(16).compactMap(LabelAnchor.init).map {
                LabelSide(anchor: $0, offset: radius > 0 ? $0.radial(radius) : $0.outward(written))
            }
        }
        let anchor = LabelAnchor(rawValue: evaluation[.textAnchor]) ?? .center
        return [LabelSide(anchor: anchor, offset: radius > 0 ? anchor.radial(radius) : written)]
    }

    private static func bounded(_ numbers: [Double]) -> SIMD2<Double> {
        guard numbers.count == 2 else { return .zero }
        return SIMD2(min(max(numbers[0], -64), 64), min(max(numbers[1], -64), 64))
    }
}
