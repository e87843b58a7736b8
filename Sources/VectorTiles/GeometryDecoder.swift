// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Reads the commands of one feature: MoveTo 1, LineTo 2, ClosePath 7.
struct GeometryDecoder {
    let commands: [UInt32]
    /// Version 1 did not forbid a ClosePath in lines, nor standing still.
    let isLenient: Bool
    let subject: String

    private static let largestCount = 1 << 29 - 1

    init(commands: [UInt32], isLenient: Bool, subject: String) {
        self.commands = commands
        self.isLenient = isLenient
        self.subject = subject
    }

    func geometry(type: UInt64) throws(VectorTilesError) -> VectorTileGeometry {
        switch type {
        case 0: return .unknown(commands)
        case 1: return .points(try points())
        case 2: return .lines(try runs(closed: false))
        case 3: return .polygons(try runs(closed: true))
        default: throw invalid("has geometry type \(type), which there is not")
        }
    }

    private func invalid(_ complaint: String) -> VectorTilesError { VectorTilesError(.invalid, subject, complaint) }

    /// One MoveTo with all points.
    private func points() throws(VectorTilesError) -> [TilePoint] {
        guard let first = commands.first, first & 7 == 1 else {
            throw invalid("has points that do not begin with MoveTo")
        }
        let available = (commands.count - 1) / 2
        let count = Int(first >> 3)
        // The largest count there is stands for "all that follow": the
        // specification's fixture 57 asks readers to survive it.
        guard count > 0, count == available || count == Self.largestCount, commands.count % 2 == 1 else {
            throw invalid("announces \(count) points and has \(available)")
        }
        var cursor = Cursor()
        return (0..<available).map { cursor.move(commands[1 + 2 * $0], commands[2 + 2 * $0]) }
    }

    private func runs(closed: Bool) throws(VectorTilesError) -> [[TilePoint]] {
        var cursor = Cursor()
        var result: [[TilePoint]] = []
        var index = 0
        while index < commands.count {
            guard commands[index] == 1 << 3 | 1, index + 3 < commands.count else {
                throw invalid("has a line or ring that does not begin with one MoveTo")
            }
            var run = [cursor.move(commands[index + 1], commands[index + 2])]
            index += 3
            let count = Int(commands[index] >> 3)
            guard commands[index] & 7 == 2, count > 0 else { throw invalid("has a MoveTo without a LineTo") }
            guard count <= (commands.count - index - 1) / 2 else {
                throw invalid("announces \(count) points and has fewer")
            }
            for step in 0..<count {
                let point = cursor.move(commands[index + 1 + 2 * step], commands[index + 2 + 2 * step])
                if point != run.last {
                    run.append(point)
                } else if !isLenient {
                    throw invalid("has a LineTo that stands still")
                }
            }
            index += 1 + 2 * count
            let closes = index < commands.count && commands[index] & 7 == 7
            if closed {
                guard closes, commands[index] >> 3 == 1 else { throw invalid("has a ring without one ClosePath") }
                guard isLenient || run.count > 2 else { throw invalid("has a ring of fewer than three points") }
                index += 1
            } else if closes {
                guard isLenient else { throw invalid("has a ClosePath in a line") }
                index += 1
            }
            result.append(run)
        }
        guard !result.isEmpty else { throw invalid("has no geometry") }
        return result
    }
}

/// The position that commands move from; numbers wrap around as in the 32-bit
/// arithmetic that the specification describes.
private struct Cursor {
    private var x: Int32 = 0
    private var y: Int32 = 0

    mutating func move(_ dx: UInt32, _ dy: UInt32) -> TilePoint {
        x &+= Self.unzigzag(dx)
        y &+= Self.unzigzag(dy)
        return TilePoint(x: x, y: y)
    }

    private static func unzigzag(_ value: UInt32) -> Int32 {
        Int32(bitPattern: value >> 1) ^ (0 &- Int32(bitPattern: value & 1))
    }
}
