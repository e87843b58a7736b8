// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Formats
import Foundation
import Projections
import SimpleFeatures

/// Everything that the child needs to read one source and bring it onto the
/// grid. Crosses to the child as JSON.
struct SourceJob: Codable, Sendable {
    /// Where one field of the layer gets its values from.
    struct FieldPlan: Codable, Sendable {
        var field: Field
        /// The name of the field in the file; nil when the entry says nothing.
        var from: String?
        /// Symbols of the units in the file and in the layer, where both are known.
        var sourceUnit: String?
        var targetUnit: String?
        /// The layer's code by word in the file.
        var codes: [String: String]
        /// The codes that the field may hold; nil when it may hold anything.
        var allowedCodes: [String]?
        /// What the merge fills in; nil for what the file says.
        var measure: FieldMeasure?
    }

    /// How positions come onto the grid.
    enum Reference: Codable, Sendable {
        /// As the file says.
        case fromFile
        /// As the entry says: a spelling that `CoordinateReferenceSystem` parses.
        case declared(String, axes: AxisOrder?)
        case fitted(Fit)
        /// By seven parameters out of `from`.
        case shifted(HelmertParameters, from: String, axes: AxisOrder?)
    }

    /// Control points of a CSV file, after undoing a projection where it is known.
    struct Fit: Codable, Sendable {
        var points: String
        var from: String?
        /// Of seven parameters; nil for a fit with four.
        var rotation: RotationConvention?
        var axes: AxisOrder?
    }

    var dataset: DatasetRequest
    var reference: Reference
    /// Whether a person has checked the reference system, whatever the evidence
    /// says.
    var isReferenceChecked = false
    var refusesGCJ02: Bool
    var gridCRS: String
    var precision: Double
    /// The reference system's identifier in the store.
    var gridID: Int32
    var geometryType: GeometryType
    /// Whether the layer's areas are meant to share their borders.
    var tiles: Bool
    /// Positions of the fields by which the layer's features are known.
    var key: [Int]
    /// One for each field of the layer, in its order.
    var fields: [FieldPlan]
    /// The code of the town that delivers, where it is known.
    var town: String?
    /// The registered area and its tolerance; nil when the layer has none.
    var registered: RegisteredAreas.Plan?
    /// Positions of the layer's fields of heights, and what they are
    /// counted from.
    var heights: [Int] = []
    var verticalDatum: VerticalDatum = .unknown
    /// How records without coordinates find their place; nil for others.
    var addresses: AddressPlan?
    /// How entities of a drawing become features; nil for other files.
    var drawing: DrawingPlan?
    /// Outlines that the reference system is judged by; see `GroundPacking`.
    var ground: Data?
    /// By what the source's slips are known, and those that came back.
    var slip: SlipContext?
}

/// What the child says once it has opened the file: the first frame.
struct SourceOpening: Codable, Sendable {
    var crs: String
    var crsOrigin: String
    var steps: [String]
    var accuracyInMeters: Double?
    var encoding: String?
    var fields: [SourceRecord.FieldOrigin]
    /// Fields of the file that nothing takes.
    var left: [String]
    var notes: [String]
}

/// What the child says when all is read: the last frame.
struct SourceSummary: Codable, Sendable {
    var counts = SourceRecord.Counts()
    /// One for each of the opening's fields.
    var coverage: [SourceRecord.FieldCoverage] = []
    var shift: MergeReport.Shift?
    /// Every kind of issue with its count; `issues` holds the first of them.
    var totals: [MergeReport.IssueCount] = []
    var issues: [RecordIssue] = []
    var notes: [String] = []
    /// Rejected records that are none of the delivery but of a slip.
    var strays = 0
}

/// The kinds of frames that a `read-source` child answers with.
enum SourceFrame {
    static let opening: UInt8 = 1
    static let records: UInt8 = 2
    static let summary: UInt8 = 3
    /// One sentence: the source cannot be merged.
    static let refusal: UInt8 = 4
    /// One sentence: the machine failed us, which no delivery is to blame for.
    static let breakdown: UInt8 = 5
    /// What was concluded on the reference system: before all others, where that
    /// was asked.
    static let finding: UInt8 = 6
}
