// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Finds the town of a place, and cuts lines where towns meet.
struct TownLocator: Sendable {
    /// What a square of ground holds: one town, no town, or a border.
    private enum Square: Sendable {
        case one(Int?)
        case border
    }

    private let partition: TownPartition
    private let envelopes: [Envelope]
    private let borders: SegmentHash
    private let extent: Envelope
    private let size = 150.0
    private let columns: Int
    private let rows: Int
    private var squares: [Square]

    init(_ partition: TownPartition) {
        self.partition = partition
        envelopes = partition.towns.map { town in
            var envelope = Envelope.empty
            for polygon in town.polygons {
                for place in polygon.exteriorRing.coordinates { envelope.expand(toContain: place) }
            }
            return envelope
        }
        var extent = Envelope.empty
        for envelope in envelopes { extent.expand(toContain: envelope) }
        self.extent = extent.expanded(by: 10)
        var borders = SegmentHash(size: 150)
        for (index, border) in partition.sharedBorders.enumerated() { borders.add(border.line, owner: index) }
        for line in partition.outline { borders.add(line, owner: -1) }
        self.borders = borders
        columns = Int((self.extent.width / size).rounded(.up))
        rows = Int((self.extent.height / size).rounded(.up))
        squares = []
        for row in 0..<rows {
            for column in 0..<columns {
                let west = self.extent.minX + Double(column) * size
                let south = self.extent.minY + Double(row) * size
                let middle = Coordinate(x: west + size / 2, y: south + size / 2)
                let reach = size * 0.72
                squares.append(borders.isNear(middle, within: reach) ? .border : .one(search(middle)))
            }
        }
    }

    /// The position in `partition.towns` of the town that a place lies in.
    func town(of place: Coordinate) -> Int? {
        guard extent.contains(place) else { return nil }
        let column = min(columns - 1, Int((place.x - extent.minX) / size))
        let row = min(rows - 1, Int((place.y - extent.minY) / size))
        switch squares[row * columns + column] {
        case .one(let town): return town
        case .border: return search(place)
        }
    }

    private func search(_ place: Coordinate) -> Int? {
        for (index, town) in partition.towns.enumerated() where envelopes[index].contains(place) {
            for polygon in town.polygons
            where Plane.contains(polygon.exteriorRing.coordinates, place)
                && !polygon.interiorRings.contains(where: { Plane.contains($0.coordinates, place) })
            {
                return index
            }
        }
        return nil
    }

    /// Whether a border passes within `distance` metres of a place.
    func isNearBorder(_ place: Coordinate, within distance: Double) -> Bool {
        borders.isNear(place, within: distance)
    }

    /// The pieces of a line, each in one town; pieces outside are left out. Two
    /// pieces that meet at a border share the vertex there.
    func cut(_ line: [Coordinate]) -> [(town: Int, line: [Coordinate])] {
        var pieces: [(town: Int, line: [Coordinate])] = []
        for (a, b) in zip(line, line.dropFirst()) where a != b {
            var envelope = Envelope.empty
            envelope.expand(toContain: a)
            envelope.expand(toContain: b)
            var cuts: [(t: Double, place: Coordinate)] = [(0, a), (1, b)]
            for index in borders.near(envelope) {
                let segment = borders.segments[index]
                guard let crossing = Plane.crossing(a, b, segment.a, segment.b) else { continue }
                cuts.append((crossing.along, a.mixed(b, crossing.along).onGrid))
            }
            cuts.sort { $0.t < $1.t }
            for (start, end) in zip(cuts, cuts.dropFirst()) where start.place != end.place {
                guard let town = town(of: start.place.mixed(end.place, 0.5)) else { continue }
                if let last = pieces.last, last.town == town, last.line.last == start.place {
                    pieces[pieces.count - 1].line.append(end.place)
                } else {
                    pieces.append((town, [start.place, end.place]))
                }
            }
        }
        return pieces
    }
}
