// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A direction and length in the plane of a picture, in subpixels.
struct Vector {
    var x: Double
    var y: Double

    @inline(__always)
    init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// From one point to another. Only the difference enters, so that a shape
    /// moved by whole pixels keeps its vectors.
    @inline(__always)
    init(from start: SubpixelPoint, to end: SubpixelPoint) {
        x = Double(Int(end.x) - Int(start.x))
        y = Double(Int(end.y) - Int(start.y))
    }

    @inline(__always) var length: Double { (x * x + y * y).squareRoot() }

    /// A quarter turn clockwise on the screen, where y points down: the right
    /// hand side of the direction.
    @inline(__always) var right: Vector { Vector(x: -y, y: x) }

    @inline(__always)
    func dot(_ other: Vector) -> Double { x * other.x + y * other.y }

    /// Positive when `other` lies clockwise of this one on the screen.
    @inline(__always)
    func cross(_ other: Vector) -> Double { x * other.y - y * other.x }

    @inline(__always)
    static func * (vector: Vector, factor: Double) -> Vector {
        Vector(x: vector.x * factor, y: vector.y * factor)
    }

    @inline(__always)
    static func + (a: Vector, b: Vector) -> Vector { Vector(x: a.x + b.x, y: a.y + b.y) }

    @inline(__always)
    static prefix func - (vector: Vector) -> Vector { Vector(x: -vector.x, y: -vector.y) }
}

extension SubpixelPoint {
    /// The point moved by a vector, rounded to the nearest subpixel. Rounding
    /// applies to the vector alone.
    @inline(__always)
    func moved(by vector: Vector) -> SubpixelPoint {
        SubpixelPoint(x: x &+ Subpixels.clamped(vector.x), y: y &+ Subpixels.clamped(vector.y))
    }
}
