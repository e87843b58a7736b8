// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SpatialIndexing

/// Puts runs of positions on a coarser grid, and takes out what that made
/// superfluous: repeated positions, and those exactly on the straight between
/// their neighbours.
///
/// Every position moves by its own coordinates alone, and taking out a position
/// never moves the line. So two areas that share their border's positions share
/// it on every grid, whichever way each runs along it.
///
/// What a call returns stands in memory that the next call uses again.
final class RunSimplifier {
    /// The grid has 2^`shift` cells a step.
    let shift: Int
    private let half: Int64
    private var stack: UnsafeMutableBufferPointer<Int32>

    init(shift: Int) {
        self.shift = shift
        half = shift == 0 ? 0 : 1 << Int64(shift - 1)
        stack = .allocate(capacity: 4096)
    }

    deinit { stack.deallocate() }

    /// Whether nothing can be left of an item within a box.
    func collapses(_ box: GridBox, dimension: UInt8) -> Bool {
        guard dimension > 0 else { return false }
        let isFlatX = snapped(box.minX) == snapped(box.maxX)
        let isFlatY = snapped(box.minY) == snapped(box.maxY)
        return dimension == 2 ? isFlatX || isFlatY : isFlatX && isFlatY
    }

    /// A line; nil when fewer than two positions are left.
    func line(_ run: UnsafeBufferPointer<Int32>) -> UnsafeBufferPointer<Int32>? {
        let count = simplify(run, isRing: false)
        return count >= 4 ? UnsafeBufferPointer(rebasing: stack[0..<count]) : nil
    }

    /// A ring without its closing position, turned so that its area is positive
    /// with y southwards (exterior) or negative (hole), and that area in square
    /// cells without its sign; nil when the ring shrank to nothing.
    func ring(
        _ run: UnsafeBufferPointer<Int32>, isExterior: Bool
    ) -> (run: UnsafeBufferPointer<Int32>, area: Double)? {
        let range = closeRing(simplify(run, isRing: true))
        guard range.count >= 6 else { return nil }
        let ring = UnsafeMutableBufferPointer(rebasing: stack[range])
        let area = signedArea(ring)
        if area != 0 && (area < 0) == isExterior { reverse(ring) }
        return (UnsafeBufferPointer(ring), abs(area))
    }

    /// The points of a run on the grid.
    func points(_ run: UnsafeBufferPointer<Int32>) -> UnsafeBufferPointer<Int32>? {
        reserve(run.count)
        for index in run.indices { stack[index] = snapped(run[index]) }
        return UnsafeBufferPointer(rebasing: stack[0..<run.count])
    }

    /// The nearest step of the grid; the last cell of the whole grid stands for
    /// the step beyond it.
    @inline(__always)
    private func snapped(_ value: Int32) -> Int32 {
        let step = ((Int64(value) + half) >> Int64(shift)) << Int64(shift)
        return Int32(truncatingIfNeeded: min(step, Int64(Int32.max)))
    }

    private func reserve(_ capacity: Int) {
        guard capacity > stack.count else { return }
        stack.deallocate()
        stack = .allocate(capacity: capacity * 2)
    }

    /// Fills the stack; a position is taken off again when it lies on the
    /// straight to the one that comes next.
    private func simplify(_ run: UnsafeBufferPointer<Int32>, isRing: Bool) -> Int {
        reserve(run.count)
        guard let stack = stack.baseAddress else { return 0 }
        var top = 0
        for index in stride(from: 0, to: run.count - 1, by: 2) {
            let x = snapped(run[index])
            let y = snapped(run[index + 1])
            if top >= 2 && stack[top - 2] == x && stack[top - 1] == y { continue }
            while top >= 4
                && Self.isSuperfluous(
                    stack[top - 4], stack[top - 3], stack[top - 2], stack[top - 1], x, y, isRing: isRing)
            {
                top -= 2
            }
            // Gone there and back: the place is on the stack already.
            if top >= 2 && stack[top - 2] == x && stack[top - 1] == y { continue }
            stack[top] = x
            stack[top + 1] = y
            top += 2
        }
        return top
    }

    /// Treats the place where a ring begins like any other; what is left of the
    /// stack.
    private func closeRing(_ count: Int) -> Range<Int> {
        guard let stack = stack.baseAddress else { return 0..<0 }
        var first = 0
        var end = count
        while end - first >= 6 {
            if stack[first] == stack[end - 2] && stack[first + 1] == stack[end - 1] {
                end -= 2
            } else if Self.isSuperfluous(
                stack[end - 4], stack[end - 3], stack[end - 2], stack[end - 1], stack[first], stack[first + 1],
                isRing: true)
            {
                end -= 2
            } else if Self.isSuperfluous(
                stack[end - 2], stack[end - 1], stack[first], stack[first + 1], stack[first + 2], stack[first + 3],
                isRing: true)
            {
                first += 2
            } else {
                break
            }
        }
        return first..<end
    }

    /// Whether the middle of three positions can go; each differs from the one
    /// before it. On a ring that is so when all lie on one straight; a line that
    /// turns back keeps its turn.
    @inline(__always)
    private static func isSuperfluous(
        _ x0: Int32, _ y0: Int32, _ x1: Int32, _ y1: Int32, _ x2: Int32, _ y2: Int32, isRing: Bool
    ) -> Bool {
        let (ax, ay) = (Int64(x1) - Int64(x0), Int64(y1) - Int64(y0))
        let (bx, by) = (Int64(x2) - Int64(x1), Int64(y2) - Int64(y1))
        // Differences have 33 bits. Products that agree in their lower 64 bits
        // are compared again in full.
        guard ax &* by == ay &* bx, ax.multipliedFullWidth(by: by) == ay.multipliedFullWidth(by: bx) else {
            return false
        }
        return isRing || (ax != 0 ? (ax > 0) == (bx > 0) : (ay > 0) == (by > 0))
    }

    private func signedArea(_ ring: UnsafeMutableBufferPointer<Int32>) -> Double {
        let (originX, originY) = (Int64(ring[0]), Int64(ring[1]))
        var sum = 0.0
        var (previousX, previousY) = (0.0, 0.0)
        for index in stride(from: 2, to: ring.count - 1, by: 2) {
            let x = Double(Int64(ring[index]) - originX)
            let y = Double(Int64(ring[index + 1]) - originY)
            sum += previousX * y - x * previousY
            (previousX, previousY) = (x, y)
        }
        return sum / 2
    }

    private func reverse(_ ring: UnsafeMutableBufferPointer<Int32>) {
        var (low, high) = (0, ring.count - 2)
        while low < high {
            ring.swapAt(low, high)
            ring.swapAt(low + 1, high + 1)
            low += 2
            high -= 2
        }
    }
}
