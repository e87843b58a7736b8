// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A place where a coverage did not tile, and what was done about it.
public struct CoverageDefect: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Ground of nobody, surrounded by several owners.
        case gap
        /// Ground of nobody between two owners, open to the outside.
        case slit
        case overlap
        /// An overlap that is nearly all of two features.
        case duplicate
        /// An overlap that is nearly all of one feature: its place in the other
        /// was not cut out.
        case enclave
    }

    public enum Outcome: Hashable, Sendable {
        case repaired
        /// Nothing was moved.
        case refused(Refusal)
    }

    public enum Refusal: String, Hashable, Sendable, Codable, CaseIterable {
        case widerThanLimit = "wider than the limit"
        case largerThanLimit = "larger than the limit"
        case protectedConflict = "all who could move are protected"
        case overlapOfOneOwner = "one of the owners overlaps itself there"
        case beyondNeighbourhood = "a feature that is not at the seam would have to move"
        case spike = "a feature would get a spike"
        case failedCheck = "the result did not pass the check"
    }

    public var kind: Kind
    public var outcome: Outcome
    /// A position inside of it, in metres.
    public var place: Coordinate
    /// Its outline, in metres on the grid.
    public var geometry: Geometry
    /// The diameter of the largest circle within, in metres.
    public var width: Double
    /// In square metres.
    public var area: Double
    /// Half of its outline's length, in metres.
    public var length: Double
    /// In rising order.
    public var features: [Int64]
    /// In rising order.
    public var owners: [Int64]
    /// How sure it is that this is a defect and no real thing, 0 to 1:
    /// (1 − *w*/2*L*) · (½ + ½ · (1 − *w*/*l*)), with the width *w*, its limit
    /// *L* and the length *l*; the first factor at least 0. Narrow and long is
    /// a shift of a border; wide and round may be real.
    public var confidence: Double
    /// The lowest id among the features whose repair was decided together with
    /// it. A record is out of date once this feature is considered anew.
    public var seam: Int64
    /// What the check found, when it refused the repair; empty otherwise.
    public var detail = ""
}

private struct Place: Hashable {
    var kind: CoverageDefect.Kind
    var geometry: Geometry
}

extension [CoverageDefect] {
    /// Each place once, for people.
    public func withoutRepeats() -> [CoverageDefect] {
        var seen: Set<Place> = []
        return filter { seen.insert(Place(kind: $0.kind, geometry: $0.geometry)).inserted }
    }
}

/// How the border of one feature changed.
public struct BorderMovement: Hashable, Sendable {
    public var feature: Int64
    /// The largest distance of a vertex of the old or new border from the other
    /// one, in metres.
    public var largestShift: Double
    /// Ground that it lost, in square metres.
    public var areaGiven: Double
    /// Ground that it won, in square metres.
    public var areaTaken: Double
    /// Who bordered on or shared what was given or taken, in rising order.
    public var with: [Int64]
}

/// How many defects there were, and their area.
public struct DefectTotal: Hashable, Sendable {
    public var kind: CoverageDefect.Kind
    public var outcome: CoverageDefect.Outcome
    public var count = 0
    /// In square metres.
    public var area = 0.0
}

/// What became of a coverage, or of the part that a change can affect.
public struct CoverageResult: Hashable, Sendable {
    /// The new geometries, by id, of features that changed: nothing else did.
    public var changed: [Int64: Geometry] = [:]
    /// The largest ones first, at most as many as the rules allow. A wide gap
    /// may stand here once for each seam that ends at it: see `withoutRepeats`.
    public var defects: [CoverageDefect] = []
    /// Of all defects, by kind and outcome, each place counted once.
    public var totals: [DefectTotal] = []
    /// By rising feature id.
    public var movements: [BorderMovement] = []
    /// The ids of all features whose seams were looked at, in rising order.
    /// What was known of these from an earlier result no longer holds.
    public var considered: [Int64] = []
}
