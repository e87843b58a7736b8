// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Builds the outline of one stroke: the right side goes straight into the path,
/// the left side is gathered and added backwards.
struct StrokeOutline {
    /// How far a chord may lie from its arc, in subpixels.
    private static let arcTolerance = 20.0

    private var style = StrokeStyle(width: 1)
    /// In subpixels.
    private var halfWidth = 0.0
    /// The largest angle between neighbouring points of an arc.
    private var arcStep = 1.0
    private var left: [SubpixelPoint] = []
    /// Whether the next point on the right side begins the contour.
    private var isAtStart = false

    mutating func begin(_ style: StrokeStyle) {
        self.style = style
        halfWidth = style.width * Double(Subpixels.perPixel) / 2
        arcStep = 2 * acos(max(0, 1 - Self.arcTolerance / max(halfWidth, Self.arcTolerance)))
    }

    /// A line without length: seen by its caps alone.
    mutating func addDot(_ point: SubpixelPoint, into path: inout Path) {
        switch style.cap {
        case .butt: return
        case .square:
            path.move(to: point.moved(by: Vector(x: -halfWidth, y: -halfWidth)))
            path.line(to: point.moved(by: Vector(x: halfWidth, y: -halfWidth)))
            path.line(to: point.moved(by: Vector(x: halfWidth, y: halfWidth)))
            path.line(to: point.moved(by: Vector(x: -halfWidth, y: halfWidth)))
        case .round:
            path.add(Disc(radius: style.width / 2), center: point)
        }
        path.close()
    }

    /// The outline along two points or more, none equal to its neighbour.
    mutating func add(_ points: UnsafeBufferPointer<SubpixelPoint>, isClosed: Bool, into path: inout Path) {
        let count = points.count
        guard count > 1 else { return }
        left.removeAll(keepingCapacity: true)
        isAtStart = isClosed
        if isClosed {
            // The sides of a ring are two contours that run opposite ways.
            var incoming = StrokeSegment(points[count - 1], points[0])
            for index in 0..<count {
                let outgoing = StrokeSegment(points[index], points[index + 1 < count ? index + 1 : 0])
                join(points[index], incoming, outgoing, into: &path)
                incoming = outgoing
            }
            path.close()
            appendLeftSide(to: &path, asContour: true)
        } else {
            var incoming = StrokeSegment(points[0], points[1])
            startCap(points[0], incoming.direction, into: &path)
            for index in 1..<(count - 1) {
                let outgoing = StrokeSegment(points[index], points[index + 1])
                join(points[index], incoming, outgoing, into: &path)
                incoming = outgoing
            }
            endCap(points[count - 1], incoming.direction, into: &path)
            appendLeftSide(to: &path, asContour: false)
        }
        path.close()
    }

    private mutating func appendLeftSide(to path: inout Path, asContour: Bool) {
        var begins = asContour
        for point in left.reversed() {
            if begins { path.move(to: point) } else { path.line(to: point) }
            begins = false
        }
    }

    private mutating func startCap(_ point: SubpixelPoint, _ direction: Vector, into path: inout Path) {
        let side = direction.right * halfWidth
        switch style.cap {
        case .butt:
            left.append(point.moved(by: -side))
            path.move(to: point.moved(by: side))
        case .square:
            let back = direction * -halfWidth
            left.append(point.moved(by: back + -side))
            path.move(to: point.moved(by: back + side))
        case .round:
            // From the left side round the back to the right: the arc opens the
            // contour, and the left side ends where it began.
            path.move(to: point.moved(by: -side))
            arc(point, from: -side, angle: -Double.pi) { path.line(to: $0) }
            path.line(to: point.moved(by: side))
        }
    }

    private mutating func endCap(_ point: SubpixelPoint, _ direction: Vector, into path: inout Path) {
        let side = direction.right * halfWidth
        switch style.cap {
        case .butt:
            path.line(to: point.moved(by: side))
            left.append(point.moved(by: -side))
        case .square:
            let ahead = direction * halfWidth
            path.line(to: point.moved(by: ahead + side))
            left.append(point.moved(by: ahead + -side))
        case .round:
            path.line(to: point.moved(by: side))
            arc(point, from: side, angle: -Double.pi) { path.line(to: $0) }
            left.append(point.moved(by: -side))
        }
    }

    /// Points strictly inside an arc around a centre. Positive angles turn
    /// clockwise on the screen.
    private func arc(
        _ center: SubpixelPoint, from start: Vector, angle: Double, _ emit: (SubpixelPoint) -> Void
    ) {
        let steps = Int((abs(angle) / arcStep).rounded(.up))
        guard steps > 1 else { return }
        let turn = angle / Double(steps)
        let (cosine, sine) = (cos(turn), sin(turn))
        var vector = start
        for _ in 1..<steps {
            vector = Vector(x: vector.x * cosine - vector.y * sine, y: vector.x * sine + vector.y * cosine)
            emit(center.moved(by: vector))
        }
    }

    /// The corner between two segments.
    private mutating func join(
        _ corner: SubpixelPoint, _ before: StrokeSegment, _ after: StrokeSegment, into path: inout Path
    ) {
        let turn = before.direction.cross(after.direction)
        let cosine = before.direction.dot(after.direction)
        let sideIn = before.direction.right * halfWidth
        let sideOut = after.direction.right * halfWidth
        let turnsBack = cosine < -0.9999
        // The bisector reaches the crossing of the two edges on either side.
        let bisector = turnsBack ? sideIn : (sideIn + sideOut) * (1 / (1 + cosine))
        // How far along the segments the inner crossing lies: no farther than
        // their middle, or two corners could get into each other's way.
        let innerMeets =
            !turnsBack && abs(turn) / (1 + cosine) * halfWidth <= min(before.length, after.length) / 2
        // By how much a miter is longer than the width.
        let miterRatio = turnsBack ? .infinity : (2 / (1 + cosine)).squareRoot()
        let isMitered =
            switch style.join {
            case .miter: miterRatio <= style.miterLimit
            case .bevel: miterRatio <= 1.001
            case .round: miterRatio <= style.roundLimit
            }
        // Turning clockwise, the right side is the inner one.
        let rightIsInner = turn > 0
        if rightIsInner ? innerMeets : isMitered {
            appendRight(corner.moved(by: bisector), to: &path)
        } else {
            appendRight(corner.moved(by: sideIn), to: &path)
            if rightIsInner {
                path.line(to: corner)
            } else if style.join == .round {
                arc(corner, from: sideIn, angle: -abs(atan2(turn, cosine))) { path.line(to: $0) }
            }
            path.line(to: corner.moved(by: sideOut))
        }
        if rightIsInner ? isMitered : innerMeets {
            left.append(corner.moved(by: -bisector))
        } else {
            left.append(corner.moved(by: -sideIn))
            if !rightIsInner {
                left.append(corner)
            } else if style.join == .round {
                arc(corner, from: -sideIn, angle: abs(atan2(turn, cosine))) { left.append($0) }
            }
            left.append(corner.moved(by: -sideOut))
        }
    }

    @inline(__always)
    private mutating func appendRight(_ point: SubpixelPoint, to path: inout Path) {
        if isAtStart { path.move(to: point) } else { path.line(to: point) }
        isAtStart = false
    }
}

/// One segment of a line that is stroked.
private struct StrokeSegment {
    /// Of length 1.
    let direction: Vector
    /// In subpixels.
    let length: Double

    @inline(__always)
    init(_ start: SubpixelPoint, _ end: SubpixelPoint) {
        let vector = Vector(from: start, to: end)
        length = vector.length
        direction = length > 0 ? vector * (1 / length) : Vector(x: 1, y: 0)
    }
}
