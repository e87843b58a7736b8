// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The arcs of a drawing: how many there are and how large the largest is, which
/// decides in how small steps they are drawn as lines.
struct DrawingArcs {
    /// Segments with a bulge count one each.
    private(set) var count = 0
    /// In units of the drawing.
    private(set) var largestRadius = 0.0

    private var entity = ""
    private var first: (x: Double, y: Double)?
    private var last: (x: Double, y: Double)?
    private var x: Double?
    private var bulge = 0.0
    private var axis = (x: 0.0, y: 0.0)

    /// GDAL's own step, and the smallest that is asked of it, in degrees.
    private static let steps = 0.25...4.0

    /// What stands behind a group code.
    mutating func take(_ code: Int, _ value: UnsafeRawBufferPointer) {
        switch (entity, code) {
        case ("ARC", 40), ("CIRCLE", 40):
            count += 1
            note(radius: Self.number(value))
        case ("ELLIPSE", 11): axis.x = Self.number(value)
        case ("ELLIPSE", 21):
            axis.y = Self.number(value)
            count += 1
            note(radius: (axis.x * axis.x + axis.y * axis.y).squareRoot())
        case ("LWPOLYLINE", 10), ("VERTEX", 10): x = Self.number(value)
        case ("LWPOLYLINE", 20), ("VERTEX", 20): vertex(y: Self.number(value))
        case ("LWPOLYLINE", 42), ("VERTEX", 42):
            bulge = Self.number(value)
            if bulge != 0 { count += 1 }
        default: break
        }
    }

    /// A new entity begins.
    mutating func begin(_ name: String) {
        if name != "VERTEX" {
            // The segment that closes an outline.
            if bulge != 0, let first, let last { note(from: last, to: first, bulge: bulge) }
            (first, last, bulge) = (nil, nil, 0)
        }
        entity = name
    }

    private mutating func vertex(y: Double) {
        guard let x else { return }
        if let last, bulge != 0 { note(from: last, to: (x, y), bulge: bulge) }
        if first == nil { first = (x, y) }
        last = (x, y)
        bulge = 0
    }

    /// A bulge is the tangent of a quarter of the arc's angle.
    private mutating func note(from start: (x: Double, y: Double), to end: (x: Double, y: Double), bulge: Double) {
        let chord = ((end.x - start.x) * (end.x - start.x) + (end.y - start.y) * (end.y - start.y)).squareRoot()
        note(radius: chord * (1 + bulge * bulge) / (4 * abs(bulge)))
    }

    private mutating func note(radius: Double) {
        if radius.isFinite, radius > largestRadius { largestRadius = radius }
    }

    private static func number(_ value: UnsafeRawBufferPointer) -> Double {
        Double(String(decoding: value, as: UTF8.self).trimmingCharacters(in: .whitespaces)) ?? 0
    }

    /// The step in degrees that keeps the largest arc within a tolerance, as far
    /// as steps may go.
    func step(tolerance: Double) -> Double {
        guard largestRadius > 0, tolerance < largestRadius else { return Self.steps.upperBound }
        let wanted = 2 * acos(1 - tolerance / largestRadius) * 180 / .pi
        return min(max(wanted, Self.steps.lowerBound), Self.steps.upperBound)
    }

    /// How far lines of these steps stray from the largest arc.
    func deviation(step: Double) -> Double { largestRadius * (1 - cos(step * .pi / 360)) }

    /// What the report says; nil when there are no arcs.
    func note(tolerance: Double) -> String? {
        guard count > 0 else { return nil }
        func text(_ value: Double) -> String { String((value * 1000).rounded() / 1000) }
        let strays = deviation(step: step(tolerance: tolerance))
        let arcs = count == 1 ? "1 arc is" : "\(count) arcs are"
        return "\(arcs) drawn as short lines that stray from it by \(text(strays)) units of the drawing at most; the largest "
            + "radius is \(text(largestRadius))."
    }
}
