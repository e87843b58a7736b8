// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A rectangle in pixels, x to the right and y down.
struct PixelBox: Hashable {
    var minX: Double
    var minY: Double
    var maxX: Double
    var maxY: Double

    static let empty = PixelBox(minX: .infinity, minY: .infinity, maxX: -.infinity, maxY: -.infinity)

    func overlaps(_ other: PixelBox) -> Bool {
        minX < other.maxX && other.minX < maxX && minY < other.maxY && other.minY < maxY
    }

    func expanded(by margin: Double) -> PixelBox {
        PixelBox(minX: minX - margin, minY: minY - margin, maxX: maxX + margin, maxY: maxY + margin)
    }

    func moved(by shift: SIMD2<Double>) -> PixelBox {
        PixelBox(minX: minX + shift.x, minY: minY + shift.y, maxX: maxX + shift.x, maxY: maxY + shift.y)
    }

    mutating func formUnion(_ other: PixelBox) {
        minX = min(minX, other.minX)
        minY = min(minY, other.minY)
        maxX = max(maxX, other.maxX)
        maxY = max(maxY, other.maxY)
    }
}

/// Squares of a plane, each with what reaches into it.
struct PixelBuckets {
    struct Square: Hashable {
        var column: Int32
        var row: Int32
    }

    private(set) var squares: [Square: [Int32]] = [:]
    private let side: Double

    /// The most squares that one box is entered in or looked for in, each way.
    private static let widest: Int32 = 64

    init(side: Double) { self.side = side }

    mutating func insert(_ number: Int, _ box: PixelBox) {
        Self.forEachSquare(box, side: side) { square in
            squares[square, default: []].append(Int32(number))
            return true
        }
    }

    /// Calls `visit` with what may reach into a box, some of it repeatedly, until
    /// it returns false.
    func search(_ box: PixelBox, _ visit: (Int) -> Bool) {
        Self.forEachSquare(box, side: side) { square in
            for number in squares[square] ?? [] where !visit(Int(number)) { return false }
            return true
        }
    }

    // Static, so that `squares` is not held, and copied, while it is written.
    private static func forEachSquare(_ box: PixelBox, side: Double, _ body: (Square) -> Bool) {
        func index(_ value: Double) -> Int32 {
            Int32(min(max((value / side).rounded(.down), -0x3FFF_FFFF), 0x3FFF_FFFF))
        }
        let (left, top) = (index(box.minX), index(box.minY))
        let (right, bottom) = (index(box.maxX), index(box.maxY))
        guard left <= right, top <= bottom else { return }
        for row in top...min(bottom, top + widest) {
            for column in left...min(right, left + widest) where !body(Square(column: column, row: row)) { return }
        }
    }
}

/// The room that labels have taken.
struct CollisionGrid {
    /// How a label minds others.
    enum Manner {
        /// It collides with everything.
        case exclusive
        /// It collides with all but those of its own manner.
        case cooperative
    }

    private var buckets = PixelBuckets(side: 64)
    private var boxes: [(box: PixelBox, manner: Manner)] = []

    /// Whether nothing stands where the boxes are.
    func isFree(_ wanted: [PixelBox], _ manner: Manner) -> Bool {
        wanted.allSatisfy { box in
            var isFree = true
            buckets.search(box) { number in
                let taken = boxes[number]
                let minds = manner == .exclusive || taken.manner == .exclusive
                if minds && taken.box.overlaps(box) { isFree = false }
                return isFree
            }
            return isFree
        }
    }

    mutating func take(_ room: [PixelBox], _ manner: Manner) {
        for box in room {
            buckets.insert(boxes.count, box)
            boxes.append((box, manner))
        }
    }
}
