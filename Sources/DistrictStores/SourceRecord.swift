// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What the store remembers of one source: where its features came from and
/// what was done to them on the way. One row of `miaopu_sources`.
public struct SourceRecord: Sendable, Hashable {
    /// How many of the source's records took which way. They balance:
    /// `read == accepted + repaired + rejected + skipped`.
    public struct Counts: Sendable, Hashable, Codable {
        public var read = 0
        public var accepted = 0
        public var repaired = 0
        public var rejected = 0
        public var skipped = 0

        public init() {}

        public var isBalanced: Bool { read == accepted + repaired + rejected + skipped }
    }

    /// How far positions moved beyond a change of coordinates: by GCJ-02, BD-09
    /// or a fit.
    public struct Shift: Sendable, Hashable, Codable {
        /// Over a sample of positions, in metres on the grid.
        public var smallest: Double
        public var mean: Double
        public var largest: Double

        public init(smallest: Double, mean: Double, largest: Double) {
            self.smallest = smallest
            self.mean = mean
            self.largest = largest
        }
    }

    /// What was said when the source was read, so that later reports can say it
    /// again.
    public struct Account: Sendable, Hashable, Codable {
        /// How many issues there are of one name; `miaopu_issues` has the first of
        /// them in full.
        public struct Total: Sendable, Hashable, Codable {
            public var kind: RecordIssue.Kind
            public var name: String
            public var count: Int

            public init(kind: RecordIssue.Kind, name: String, count: Int) {
                self.kind = kind
                self.name = name
                self.count = count
            }
        }

        public var issues: [Total] = []
        /// Sentences about the source as a whole.
        public var notes: [String] = []
        public var shift: Shift?
        /// Nil where nothing was asked; see docs/verdicts.md.
        public var reference: ReferenceFinding?

        public init() {}
    }

    public var id: String
    /// The upper bits of the source's feature ids.
    public var slot: UInt32
    /// The town's code; nil for a delivery that covers the whole district.
    public var town: String?
    public var layer: String
    /// The delivered file, relative to the district's folder.
    public var path: String
    /// SHA-256 over the delivered files, in hexadecimal.
    public var fileHash: String
    /// SHA-256 over everything that decides the result: the files, the source's
    /// entry, the layer's schema, the grid, and the version of the software.
    public var fingerprint: String
    /// The reference system that was used, and who said so: `declared`, `file`,
    /// `fit`, `inferred` or `address match`.
    public var crs: String
    public var crsOrigin: String
    /// The steps that the coordinates went through, one a line.
    public var steps: String
    /// Accuracy of the coordinates' transformation in metres, where known.
    public var accuracyInMeters: Double?
    public var encoding: String?
    /// `yyyy-mm-dd`, where the entry says so.
    public var asOf: String?
    /// Where each field of the layer that has values got them from.
    public var fields: [FieldOrigin]
    public var counts: Counts
    public var account = Account()

    public init(
        id: String, slot: UInt32, town: String?, layer: String, path: String, fileHash: String,
        fingerprint: String, crs: String, crsOrigin: String, steps: String, accuracyInMeters: Double?,
        encoding: String?, asOf: String?, fields: [FieldOrigin] = [], counts: Counts
    ) {
        self.id = id
        self.slot = slot
        self.town = town
        self.layer = layer
        self.path = path
        self.fileHash = fileHash
        self.fingerprint = fingerprint
        self.crs = crs
        self.crsOrigin = crsOrigin
        self.steps = steps
        self.accuracyInMeters = accuracyInMeters
        self.encoding = encoding
        self.asOf = asOf
        self.fields = fields
        self.counts = counts
    }

    /// How many rows one source may have: ids are `slot << 31 | row`.
    public static let maximumRow = Int64(1) << 31 - 1

    /// The id of a feature of this source. Stable from delivery to delivery as
    /// long as the row keeps its place; at most 2^53 − 1.
    public func featureID(row: Int64) -> Int64 {
        Int64(slot) << 31 | row
    }

    /// All ids that features of this source can have.
    var featureIDs: ClosedRange<Int64> {
        featureID(row: 0)...featureID(row: Self.maximumRow)
    }
}

/// One line about one record: what was repaired, or why it was left out.
public struct RecordIssue: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable {
        case repaired
        case rejected
        /// Accepted as it is, and a person should know.
        case noted
    }

    public var kind: Kind
    /// The record's number in the file, from 1; nil when it concerns them all.
    public var row: Int64?
    /// A short fixed name, to count by: `self-intersection`, `null-geometry`.
    public var name: String
    /// One sentence.
    public var message: String
    /// The place on the district grid, where there is one.
    public var x: Double?
    public var y: Double?

    public init(kind: Kind, row: Int64?, name: String, message: String, x: Double? = nil, y: Double? = nil) {
        self.kind = kind
        self.row = row
        self.name = name
        self.message = message
        self.x = x
        self.y = y
    }
}
