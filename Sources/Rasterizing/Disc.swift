// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A circle as a polygon around the origin, made once and drawn in many places.
public struct Disc: Sendable {
    /// The outline, clockwise on the screen.
    let outline: [SubpixelPoint]
    /// In pixels.
    public let radius: Double

    /// The largest radius that is drawn, in pixels.
    public static let largestRadius = 4096.0

    /// The circle of a radius in pixels, approximated to 1/16 pixel. Negative
    /// radii and NaN give an empty disc; large ones are cut to `largestRadius`.
    public init(radius: Double) {
        guard radius > 0 else {
            self.radius = 0
            outline = []
            return
        }
        let radius = min(radius, Self.largestRadius)
        self.radius = radius
        let sides = max(8, Int((Double.pi / acos(max(0, 1 - 1 / (16 * max(radius, 1))))).rounded(.up)))
        // A polygon through points on the circle covers less than the circle:
        // the radius grows so that the areas agree.
        let angle = 2 * Double.pi / Double(sides)
        let grown = radius * (angle / sin(angle)).squareRoot()
        outline = (0..<sides).compactMap { side in
            SubpixelPoint(pixelX: grown * cos(angle * Double(side)), pixelY: grown * sin(angle * Double(side)))
        }
    }
}

extension Disc {
    /// Calls `body` with the ends of each side, around a centre.
    @inline(__always)
    func forEachEdge(around center: SubpixelPoint, _ body: (SubpixelPoint, SubpixelPoint) -> Void) {
        guard let last = outline.last else { return }
        var previous = SubpixelPoint(x: center.x &+ last.x, y: center.y &+ last.y)
        for point in outline {
            let next = SubpixelPoint(x: center.x &+ point.x, y: center.y &+ point.y)
            body(previous, next)
            previous = next
        }
    }
}

extension Path {
    /// Adds a disc around a centre; `reversed` runs the other way, so that it
    /// cuts a hole into a larger disc.
    public mutating func add(_ disc: Disc, center: SubpixelPoint, reversed: Bool = false) {
        func place(_ point: SubpixelPoint) -> SubpixelPoint {
            SubpixelPoint(x: center.x &+ point.x, y: center.y &+ point.y)
        }
        guard let first = disc.outline.first else { return }
        move(to: place(first))
        if reversed {
            for point in disc.outline.dropFirst().reversed() { line(to: place(point)) }
        } else {
            for point in disc.outline.dropFirst() { line(to: place(point)) }
        }
        close()
    }
}
