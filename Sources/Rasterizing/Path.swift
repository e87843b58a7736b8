// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Contours of straight lines, kept flat so that one path serves many shapes
/// without taking memory again.
public struct Path: Sendable {
    /// All points of all contours, one contour after the other.
    var points: [SubpixelPoint] = []
    /// The position of each contour's first point, and whether it was closed.
    var contours: [Contour] = []

    struct Contour: Sendable {
        var start: Int
        var isClosed: Bool
    }

    public init() {}

    /// Whether there is no contour.
    public var isEmpty: Bool { contours.isEmpty }

    /// Forgets all contours and keeps the memory for the next shape.
    public mutating func removeAll() {
        points.removeAll(keepingCapacity: true)
        contours.removeAll(keepingCapacity: true)
    }

    /// Begins a contour.
    @inline(__always)
    public mutating func move(to point: SubpixelPoint) {
        contours.append(Contour(start: points.count, isClosed: false))
        points.append(point)
    }

    /// Goes on in a straight line. Without a contour it begins one.
    @inline(__always)
    public mutating func line(to point: SubpixelPoint) {
        if contours.isEmpty { return move(to: point) }
        points.append(point)
    }

    /// Ends the contour with a line to its beginning. Filling treats every
    /// contour so; stroking only those that were closed.
    public mutating func close() {
        guard !contours.isEmpty else { return }
        contours[contours.count - 1].isClosed = true
    }

    /// Begins a contour at a position in pixels. NaN leaves the path as it was.
    public mutating func move(toX x: Double, y: Double) {
        if let point = SubpixelPoint(pixelX: x, pixelY: y) { move(to: point) }
    }

    /// Goes on to a position in pixels. NaN leaves the path as it was.
    public mutating func line(toX x: Double, y: Double) {
        if let point = SubpixelPoint(pixelX: x, pixelY: y) { line(to: point) }
    }

    /// Adds a closed contour around a rectangle, in pixels.
    public mutating func addRectangle(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        guard minX < maxX, minY < maxY else { return }
        move(toX: minX, y: minY)
        line(toX: maxX, y: minY)
        line(toX: maxX, y: maxY)
        line(toX: minX, y: maxY)
        close()
    }

    /// Calls `body` with the points of each contour and whether it was closed.
    public func forEachContour(_ body: (UnsafeBufferPointer<SubpixelPoint>, Bool) throws -> Void) rethrows {
        try points.withUnsafeBufferPointer { points in
            for (index, contour) in contours.enumerated() {
                let end = index + 1 < contours.count ? contours[index + 1].start : points.count
                try body(UnsafeBufferPointer(rebasing: points[contour.start..<end]), contour.isClosed)
            }
        }
    }
}
