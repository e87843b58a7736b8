// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Directions around a circle.
enum Turn {
    /// `count` directions of length 1, anticlockwise from east.
    static func circle(_ count: Int) -> [Vector] {
        (0..<count).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(count)
            return Vector(x: cos(angle), y: sin(angle))
        }
    }

    /// How much smaller the ground of one building gets when there are `scale`
    /// times as many features: buildings make up for the layers that do not grow.
    static func shrinkage(_ scale: Double) -> Double {
        pow(scale, -0.57)
    }

    /// The sine of an angle that is a whole turn at 1.
    static func wave(_ turns: Double) -> Double {
        sin(2 * Double.pi * turns)
    }
}
