// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A road, a river: a line that may go on in the next town.
public struct SeamLine: Hashable, Sendable {
    /// Unique in the layer.
    public var id: Int64
    /// The town or source. Ends of one owner are never joined.
    public var owner: Int64
    /// The end with the lower authority moves.
    public var authority: Int
    /// Whether its ends must not move.
    public var isProtected: Bool
    public var name: String?
    /// A line or several: x east, y north, in metres on the district's grid.
    public var geometry: Geometry

    public init(
        id: Int64, owner: Int64, authority: Int = 0, isProtected: Bool = false, name: String? = nil, geometry: Geometry
    ) {
        self.id = id
        self.owner = owner
        self.authority = authority
        self.isProtected = isProtected
        self.name = name
        self.geometry = geometry
    }
}

/// When two ends are taken for one line.
public struct LineRules: Hashable, Sendable, Codable {
    /// How far apart two ends may be, in metres.
    public var reach = 3.0
    /// How sharply a line may turn from one end to the other, in degrees.
    public var sharpestTurn = 60.0
    /// How long the last piece of a line is from which its direction is taken, in metres.
    public var directionLength = 5.0
    /// The score from which two ends are joined, 0 to 1; below it they are reported.
    public var joiningScore = 0.6
    /// By how much a score must be better than that of any rival for one of the two ends.
    public var clearLead = 0.1
    /// What share of its line an end may move at most: what is shorter would
    /// turn round.
    public var largestShare = 0.5

    public init() {}
}

/// One end of a line: of which part, and which of its two.
public struct LineEnd: Hashable, Sendable, Comparable {
    public var line: Int64
    /// The number of the part in a multipart line, from 0.
    public var part: Int
    public var isStart: Bool

    public static func < (first: LineEnd, second: LineEnd) -> Bool {
        (first.line, first.part, first.isStart ? 0 : 1) < (second.line, second.part, second.isStart ? 0 : 1)
    }
}

/// What was found at an end or a pair of ends.
public struct LineRecord: Hashable, Sendable {
    public enum Doubt: String, Hashable, Sendable, Codable {
        case names = "the names differ"
        case rival = "another end fits nearly as well"
        case score = "they lie far apart or turn sharply"
        case protected = "both ends are protected"
        case short = "a line is too short to be moved so far"
    }

    public enum Outcome: Hashable, Sendable {
        /// Both ends are at the place now.
        case joined
        /// Probably one line; a person should look.
        case unsure(Doubt)
        /// An end near the inner part of another owner's line, not on it.
        case beside
        /// An end at the seam without any partner.
        case dangling
    }

    public var outcome: Outcome
    /// One end, or two in order.
    public var ends: [LineEnd]
    /// The line beside which a single end lies; nil for the others.
    public var neighbour: Int64?
    /// Where the ends meet, or half-way between them; in metres.
    public var place: Coordinate
    /// Where they were delivered, in metres: the two ends, or the end and the
    /// nearest position of the neighbour, or the end alone.
    public var positions: [Coordinate]
    /// Between the positions, in metres; 0 for one.
    public var distance: Double
    /// The score of a pair; 1 for a dangling end; else 1 − *distance*/2*reach*.
    public var confidence: Double
}

/// What became of line ends.
public struct LineResult: Hashable, Sendable {
    /// The new geometries, by id.
    public var changed: [Int64: Geometry] = [:]
    /// How far the end of each of these lines moved at most, in metres.
    public var shifts: [Int64: Double] = [:]
    /// By their ends.
    public var records: [LineRecord] = []
    /// The ids of all lines that the result is about, in rising order. What was
    /// known of these from an earlier result no longer holds.
    public var considered: [Int64] = []
}
