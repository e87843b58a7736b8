// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Adds the outline of one stroke to a shape, edge by edge: down the right side
/// and back up the left. The order of edges does not matter to a shape, so both
/// sides are followed at once and nothing is stored.
struct StrokeOutline {
    /// How far a chord may lie from its arc, in subpixels.
    private static let arcTolerance = 10.0

    private var style = StrokeStyle(width: 1)
    /// In subpixels.
    private var halfWidth = 0.0
    /// The largest angle between neighbouring points of an arc.
    private var arcStep = 1.0
    /// The square of the factor by which a miter may lengthen the width.
    private var miterSquare = 1.0
    /// What a round dot looks like, made when first needed.
    private var disc: Disc?
    /// Where the two sides stand.
    private var right = SubpixelPoint(x: 0, y: 0)
    private var left = SubpixelPoint(x: 0, y: 0)
    /// Where the two sides of a ring began; nil before they have.
    private var firstRight: SubpixelPoint?
    private var firstLeft: SubpixelPoint?

    mutating func begin(_ style: StrokeStyle) {
        guard style != self.style || halfWidth == 0 else { return }
        self.style = style
        disc = nil
        halfWidth = style.width * Double(Subpixels.perPixel) / 2
        let limit =
            switch style.join {
            case .miter: style.miterLimit
            case .bevel: 1.001
            case .round: style.roundLimit
            }
        miterSquare = limit.isFinite ? max(1, limit * limit) : 1
        arcStep = 2 * acos(max(0, 1 - Self.arcTolerance / max(halfWidth, Self.arcTolerance)))
    }

    /// A line without length: seen by its caps alone.
    mutating func addDot(_ point: SubpixelPoint, to cells: inout CoverageCells) {
        switch style.cap {
        case .butt: return
        case .square:
            let corners = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map {
                point.moved(by: Vector(x: halfWidth * $0.0, y: halfWidth * $0.1))
            }
            for index in 0..<4 { cells.addEdge(corners[index], corners[(index + 1) % 4]) }
        case .round:
            let disc = self.disc ?? Disc(radius: style.width / 2)
            self.disc = disc
            disc.forEachEdge(around: point) { cells.addEdge($0, $1) }
        }
    }

    /// The outline along two points or more, none equal to its neighbour.
    mutating func add(
        _ points: UnsafeBufferPointer<SubpixelPoint>, isClosed: Bool, to cells: inout CoverageCells
    ) {
        let count = points.count
        guard count > 1 else { return }
        if isClosed {
            // The sides of a ring are two contours that run opposite ways.
            (firstRight, firstLeft) = (nil, nil)
            var incoming = StrokeSegment(points[count - 1], points[0])
            for index in 0..<count {
                let outgoing = StrokeSegment(points[index], points[index + 1 < count ? index + 1 : 0])
                join(points[index], incoming, outgoing, to: &cells)
                incoming = outgoing
            }
            if let firstRight { cells.addEdge(right, firstRight) }
            if let firstLeft { cells.addEdge(firstLeft, left) }
        } else {
            (firstRight, firstLeft) = (points[0], points[0])
            var incoming = StrokeSegment(points[0], points[1])
            startCap(points[0], incoming.direction, to: &cells)
            for index in 1..<(count - 1) {
                let outgoing = StrokeSegment(points[index], points[index + 1])
                join(points[index], incoming, outgoing, to: &cells)
                incoming = outgoing
            }
            endCap(points[count - 1], incoming.direction, to: &cells)
        }
    }

    @inline(__always)
    private mutating func goRight(_ point: SubpixelPoint, to cells: inout CoverageCells) {
        if firstRight == nil { firstRight = point } else { cells.addEdge(right, point) }
        right = point
    }

    @inline(__always)
    private mutating func goLeft(_ point: SubpixelPoint, to cells: inout CoverageCells) {
        if firstLeft == nil { firstLeft = point } else { cells.addEdge(point, left) }
        left = point
    }

    private mutating func startCap(_ point: SubpixelPoint, _ direction: Vector, to cells: inout CoverageCells) {
        let side = direction.right * halfWidth
        let back = style.cap == .square ? direction * -halfWidth : Vector(x: 0, y: 0)
        right = point.moved(by: back + side)
        left = point.moved(by: back + -side)
        if style.cap == .round {
            addArc(point, from: -side, to: side, angle: -.pi, to: &cells)
        } else {
            cells.addEdge(left, right)
        }
    }

    private mutating func endCap(_ point: SubpixelPoint, _ direction: Vector, to cells: inout CoverageCells) {
        let side = direction.right * halfWidth
        let ahead = style.cap == .square ? direction * halfWidth : Vector(x: 0, y: 0)
        goRight(point.moved(by: ahead + side), to: &cells)
        goLeft(point.moved(by: ahead + -side), to: &cells)
        if style.cap == .round {
            addArc(point, from: side, to: -side, angle: -.pi, to: &cells)
        } else {
            cells.addEdge(right, left)
        }
    }

    /// Edges along an arc around a centre, between two vectors from it.
    private func addArc(
        _ center: SubpixelPoint, from start: Vector, to end: Vector, angle: Double, to cells: inout CoverageCells
    ) {
        var last = center.moved(by: start)
        arc(center, from: start, angle: angle) { point in
            cells.addEdge(last, point)
            last = point
        }
        cells.addEdge(last, center.moved(by: end))
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
    @inline(__always)
    private mutating func join(
        _ corner: SubpixelPoint, _ before: StrokeSegment, _ after: StrokeSegment, to cells: inout CoverageCells
    ) {
        let cosine = before.direction.dot(after.direction)
        let turn = before.direction.cross(after.direction)
        let turnsBack = cosine < -0.9999
        // How far along the segments the inner edges meet: no farther than their
        // middle, or two corners could get into each other's way.
        let innerMeets =
            !turnsBack && abs(turn) * halfWidth * 2 <= min(before.length, after.length) * (1 + cosine)
        // A miter is longer than the width by √(2 / (1 + cosine)).
        if innerMeets && 2 <= (1 + cosine) * miterSquare {
            // The bisector reaches the crossing of the edges on either side.
            let bisector = (before.direction.right + after.direction.right) * (halfWidth / (1 + cosine))
            goRight(corner.moved(by: bisector), to: &cells)
            goLeft(corner.moved(by: -bisector), to: &cells)
        } else {
            joinApart(corner, before, after, innerMeets: innerMeets, to: &cells)
        }
    }

    /// A corner at which a side has more than one point.
    private mutating func joinApart(
        _ corner: SubpixelPoint, _ before: StrokeSegment, _ after: StrokeSegment, innerMeets: Bool,
        to cells: inout CoverageCells
    ) {
        let turn = before.direction.cross(after.direction)
        let cosine = before.direction.dot(after.direction)
        let sideIn = before.direction.right * halfWidth
        let sideOut = after.direction.right * halfWidth
        let turnsBack = cosine < -0.9999
        let isMitered = !turnsBack && 2 <= (1 + cosine) * miterSquare
        let bisector = turnsBack ? sideIn : (sideIn + sideOut) * (1 / (1 + cosine))
        // Turning clockwise, the right side is the inner one.
        let rightIsInner = turn > 0
        if rightIsInner ? innerMeets : isMitered {
            goRight(corner.moved(by: bisector), to: &cells)
        } else {
            goRight(corner.moved(by: sideIn), to: &cells)
            if rightIsInner {
                goRight(corner, to: &cells)
            } else if style.join == .round {
                arc(corner, from: sideIn, angle: -abs(atan2(turn, cosine))) { goRight($0, to: &cells) }
            }
            goRight(corner.moved(by: sideOut), to: &cells)
        }
        if rightIsInner ? isMitered : innerMeets {
            goLeft(corner.moved(by: -bisector), to: &cells)
        } else {
            goLeft(corner.moved(by: -sideIn), to: &cells)
            if !rightIsInner {
                goLeft(corner, to: &cells)
            } else if style.join == .round {
                arc(corner, from: -sideIn, angle: abs(atan2(turn, cosine))) { goLeft($0, to: &cells) }
            }
            goLeft(corner.moved(by: -sideOut), to: &cells)
        }
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
