// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import DistrictStores

/// What a merge did and what it could not do, for people and for programs.
public struct MergeReport: Sendable, Codable {
    /// How one source came out.
    public enum Outcome: String, Sendable, Codable {
        /// Read now and committed.
        case merged
        /// The same files and the same entry as last time; not read again.
        case unchanged
        /// Not merged: a person has to decide or to ask for another delivery.
        case quarantined
        /// No longer in `district.yaml`; its features were taken out.
        case removed
        /// Not merged: this delivery was merged once and taken back.
        case held
    }

    /// How far positions moved beyond a change of coordinates: by GCJ-02, BD-09
    /// or a fit.
    public typealias Shift = SourceRecord.Shift

    /// Issues of one name with one of their sentences.
    public struct IssueCount: Sendable, Codable, Hashable {
        public var name: String
        public var kind: RecordIssue.Kind
        public var count: Int
        public var example: String
    }

    public struct Source: Sendable, Codable {
        public var id: String
        public var town: String?
        public var layer: String
        public var path: String
        public var outcome: Outcome
        public var counts: SourceRecord.Counts
        /// The reference system that was used and who said so.
        public var crs: String?
        public var crsOrigin: String?
        public var encoding: String?
        public var steps: [String]
        public var accuracyInMeters: Double?
        public var shift: Shift?
        /// What was concluded on the reference system; nil where nothing was asked.
        public var verdict: ReferenceFinding?
        public var issues: [IssueCount]
        /// Sentences that a person should read.
        public var notes: [String]
        /// Sentences that a person has to act on.
        public var needs: [String]
    }

    public struct Layer: Sendable, Codable {
        public var id: String
        public var inserted: Int
        public var updated: Int
        public var deleted: Int

        init(_ change: ChangeSet.LayerChange) {
            id = change.layer
            inserted = change.inserted
            updated = change.updated
            deleted = change.deleted
        }
    }

    public var district: String
    public var grid: String
    /// Whether nothing was done and this is what a merge would do.
    public var isPlan: Bool
    /// The number of the change set; nil when nothing changed.
    public var changeSet: Int64?
    public var layers: [Layer]
    /// By id.
    public var sources: [Source]
    /// Of the layers that tile, by id.
    public var seams: [Seams]
    /// What was found and still stands, the worst first; of each kind at most
    /// `StandingIssues.listedOfEach`.
    public var issues: [Issue]
    /// All of it, counted.
    public var issueTotals: [IssueTotal]
    /// What the fields of each layer that has sources are filled from, by id of
    /// the layer.
    public var schema: [LayerSchema]
    /// How the codes of each layer that is numbered stand, by id of the layer.
    public var gridCodes: [GridCodes]
    /// How figures that several sources deliver stand.
    public var figures: Figures
    /// Records that may be features which the district already had, by source.
    public var matches: [Matches] = []

    /// Whether something waits for a person.
    public var needsPerson: Bool {
        sources.contains { !$0.needs.isEmpty } || seams.contains { $0.needsPerson }
    }
}
