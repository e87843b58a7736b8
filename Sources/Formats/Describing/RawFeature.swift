// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import SimpleFeatures

/// One record as the file has it, or why there is none.
public struct RawFeature: Hashable, Sendable {
    /// The number of the record in the file, from 1; records that a condition
    /// leaves out count.
    public var row: Int
    /// In units of the file, x = east. Nil when the record has none, or when
    /// there is a fault.
    public var geometry: Geometry?
    /// The type that the file gives the geometry, where `geometry` does not tell
    /// it: of one that is empty, or that a fault hides.
    public var hiddenType: GeometryType?
    /// One value for each field of the layer's schema; empty when a fault hides
    /// them.
    public var values: [AttributeValue]
    /// Why the record cannot be taken.
    public var fault: FeatureFault?
    /// Whether heights were there; they are dropped.
    public var hadZ: Bool
    /// Whether measures were there; they are dropped.
    public var hadM: Bool
    /// What was done to the record while it was read.
    public var notes: [FeatureNote]

    public init(
        row: Int, geometry: Geometry? = nil, hiddenType: GeometryType? = nil, values: [AttributeValue] = [],
        fault: FeatureFault? = nil, hadZ: Bool = false, hadM: Bool = false, notes: [FeatureNote] = []
    ) {
        self.row = row
        self.geometry = geometry
        self.hiddenType = hiddenType
        self.values = values
        self.fault = fault
        self.hadZ = hadZ
        self.hadM = hadM
        self.notes = notes
    }

    /// Nil when the record has no geometry, or when nobody can tell.
    public var geometryType: GeometryType? { geometry?.type ?? hiddenType }
}

/// Why a record cannot be taken.
public struct FeatureFault: Error, Hashable, Sendable {
    /// A word for counting: `truncated`, `not-finite`.
    public var name: String
    /// Goes on after “Record 7”: “lies beyond the end of the file”.
    public var sentence: String

    public init(_ name: String, _ sentence: String) {
        self.name = name
        self.sentence = sentence
    }
}

/// What was done to a record while it was read, with nothing lost.
public struct FeatureNote: Hashable, Sendable {
    /// A word for counting: `curves-straightened`.
    public var name: String
    /// Goes on after “Record 7”: “had arcs, which were drawn as short lines”.
    public var sentence: String

    public init(_ name: String, _ sentence: String) {
        self.name = name
        self.sentence = sentence
    }

    static let ringDropped = FeatureNote(
        "ring-dropped", "had a ring of fewer than four positions, which has no area; it was left out")
    static let ringClosed = FeatureNote("ring-closed", "had a ring that was not closed; it was closed")
}

/// What became of all records of a layer. Everything in the file is one of read,
/// rejected and skipped, and together they are what the file declares.
public struct ReadBalance: Hashable, Sendable, Codable {
    /// What the file says; nil when it says nothing.
    public var declared: Int?
    /// Records that were handed over without a fault.
    public var read = 0
    /// Records that were handed over with one.
    public var rejected = 0
    /// Records that the condition leaves out, and such as are marked as deleted.
    public var skipped = 0
    /// How often each fault occurred, by its name.
    public var faults: [String: Int] = [:]
    /// Sentences about the layer that only reading could tell.
    public var notes: [String] = []

    public init(declared: Int? = nil) {
        self.declared = declared
    }

    /// Read, rejected and skipped together.
    public var total: Int { read + rejected + skipped }
}
