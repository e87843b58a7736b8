// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// A fault that a demo district was given, or a thing that only looks like one.
struct PlantedFault: Encodable, Sendable {
    enum Kind: String, Encodable, Sendable, CaseIterable {
        // Where two towns meet.
        case seamGap = "seam-gap"
        case seamOverlap = "seam-overlap"
        case lineEnd = "line-end"
        case areaTwin = "area-twin"
        case pointTwin = "point-twin"
        // Single records.
        case selfIntersection = "self-intersection"
        case nullGeometry = "null-geometry"
        case sharedKey = "shared-key"
        case unknownWord = "unknown-word"
        case farAway = "far-away"
        // Drawings.
        case openOutline = "open-outline"
        case textOutside = "text-outside"
        case wrongLayer = "wrong-layer"
        // Tables of addresses.
        case misspeltRoad = "misspelt-road"
        case ambiguousNumber = "ambiguous-number"
        case missingAddress = "missing-address"
        // Whole files.
        case gcj02 = "gcj02"
        case bd09 = "bd09"
        case constantShift = "constant-shift"
        case swappedAxes = "swapped-axes"
        case lackingPlane = "lacking-plane"
        case lyingEncoding = "lying-encoding"
        case columnEncoding = "column-encoding"
        case cutFile = "cut-file"
        case compound
    }

    let kind: Kind
    /// How often the threshold of its kind it is large; nil where there is none.
    var multiple: Double?
    /// Ids of the sources in which it is.
    let sources: [String]
    /// Numbers of the records in the first source; none for a whole file.
    var records: [Int] = []
    /// Where it is, in EPSG:4549: a point, the ends of a line, or a closed ring.
    var outline: [[Double]] = []
    /// In metres; of twins of areas the share of their ground that they have in common.
    var size: Double?
    /// Places at which others miss what it takes away.
    var missed: [[Double]] = []
    /// What stands there in truth, to be held against what a repair leaves.
    var shapes: [Shape] = []
    /// How the town puts it right in the second delivery; nil when it does not.
    var corrected: SecondDelivery.Way?
    /// What a merge may make of it.
    var accepts: [Outcome]
    /// What it looks like, for a person.
    var note = ""

    enum Outcome: String, Encodable, Sendable {
        /// Put right, and said so.
        case repaired
        /// Left as it is or left out, and said so.
        case reported
        /// Nothing is said.
        case silent
    }

    /// A geometry of the truth.
    struct Shape: Encodable, Sendable {
        /// The records that show it. Of several the merge may keep any one.
        var features: [Record]
        /// In EPSG:4549.
        var wkt: String
        /// How far what the town drew lies from it, in metres: no repair may end
        /// farther away.
        var reach: Double
    }

    /// A record of a source.
    struct Record: Encodable, Sendable {
        var source: String
        /// Its number; nil where the format has an order of its own.
        var number: Int?
    }

    /// The three sizes at which a fault with a threshold is planted.
    static let multiples = [0.5, 1, 3]
    /// Faults of one kind and size.
    static let repetitions = 3

    /// Small ones are repaired, large ones left, and on the threshold either is
    /// right.
    static func outcomes(at multiple: Double) -> [Outcome] {
        multiple < 1 ? [.repaired] : multiple > 1 ? [.reported] : [.repaired, .reported]
    }
}

extension PlantedFault {
    /// Positions as they stand in `outline`.
    static func outline(_ coordinates: [Coordinate]) -> [[Double]] {
        coordinates.map { [$0.x, $0.y] }
    }
}

/// What a merge of the district should find, and what it should not speak of.
struct PlantedTruth: Encodable, Sendable {
    var version = 1
    var seed: UInt64
    var scale: Int
    /// Ids of the towns whose plane is only known to some decimetres: where they
    /// meet others, small seams are real and nobody planted them.
    var looseTowns: [String] = []
    /// Ground at borders that is too little for a parcel and in truth nobody's, as
    /// closed rings in EPSG:4549.
    var slivers: [[[Double]]] = []
    /// Ends of lines near a border at which in truth nothing goes on.
    var openEnds: [[Double]] = []
    var faults: [PlantedFault] = []
    var decoys: [PlantedFault] = []
}
