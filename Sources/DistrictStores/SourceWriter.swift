// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB
import SimpleFeatures

/// Writes the features of one source into one layer's table.
///
/// A feature that the store already holds with the same content is left alone,
/// so that a second merge of the same files changes nothing. One that is held
/// with other content keeps its id.
public final class SourceWriter {
    private let table: LayerTable
    private let source: String
    private let town: String?
    private let asOf: String?
    private var matcher: FeatureMatcher
    private let insert: BulkStatement
    private(set) var changes = LayerTable.Changes()
    /// What people have said of records, and what of it can be meant.
    private let reviewed: [ReviewedMatch]
    private let reviewedIdentities: Set<Int64>
    private let past: Set<Int64>
    private var deferred: Set<Int64> = []
    /// Features that came as new ones, unless it is the first delivery.
    private(set) var inserted: [Int64] = []

    init(
        table: LayerTable, source: String, slot: UInt32, town: String?, asOf: String?, reviewed: [ReviewedMatch] = []
    ) throws {
        self.table = table
        self.source = source
        self.town = town
        self.asOf = asOf
        let ids = Int64(slot) << 31...(Int64(slot) << 31 | SourceRecord.maximumRow)
        self.reviewed = reviewed
        reviewedIdentities = Set(reviewed.map(\.identity))
        let held = try table.held(ids: ids)
        past = try PastFeature.known(reviewed.map(\.feature), of: source, in: table.db)
            .subtracting(reviewed.isEmpty ? [] : held.map(\.id))
        matcher = FeatureMatcher(slot: slot, held: held, reserved: past)
        insert = try BulkStatement(table.insertSQL, in: table.db)
    }

    /// Whether a record has to wait until all others were written, since a person
    /// has said of it which feature it is.
    public func mustWait(identity: Int64) -> Bool {
        guard reviewedIdentities.contains(identity) else { return false }
        deferred.insert(identity)
        return true
    }

    /// To be called when all records were written but those that had to wait.
    public func settle() {
        matcher.settle(reviewed, delivered: deferred, past: past)
    }

    /// Writes one feature.
    ///
    /// - Parameters:
    ///   - row: the record's number in the file, 1 or more, each once.
    ///   - identity: equal exactly when two records are one feature, of whatever
    ///     content.
    ///   - contentHash: equal exactly when geometry, values and repair are equal.
    ///   - geometry: a GeoPackage geometry in the grid's reference system.
    ///   - envelope: of that geometry, on the grid.
    ///   - repair: what was repaired, in words, or nil.
    ///   - bindValues: binds the values in the order of the layer's schema.
    ///   - skipValues: called instead when the store holds the same content.
    public func write(
        row: Int64, identity: Int64, contentHash: Int64, geometry: UnsafeRawBufferPointer, envelope: Envelope,
        repair: String?,
        bindValues: (inout ValueBinder) throws -> Void, skipValues: () throws -> Void = {}
    ) throws {
        let id: Int64
        switch matcher.match(identity: identity, content: contentHash, row: row) {
        case .same(let held, let moved):
            if moved { try table.setRow(row, of: held) }
            return try skipValues()
        case .changed(let held):
            id = held
            changes.removed.append(id)
            if let envelope = try table.forgetSuppressed(id, validTo: asOf) {
                changes.inserted += 1
                changes.unindexed.append(envelope)
            } else {
                changes.updated += 1
                try table.keepPast(of: id, validTo: asOf)
                try table.forgetOriginal(of: id)
            }
        case .new(let free):
            id = free
            changes.inserted += 1
            if !matcher.isFirstDelivery { inserted.append(id) }
        case .renamed(let earlier, let from):
            id = earlier
            try rename(from)
        }
        changes.written.append(.init(id: id, envelope: envelope))

        var binder = ValueBinder(insert)
        binder.bind(id)
        binder.bind(geometry)
        try bindValues(&binder)
        guard binder.count == 2 + table.definition.schema.fields.count else {
            throw DistrictStoresError(
                .unknown,
                "A record of “\(source)” has \(binder.count - 2) values; layer “\(table.definition.id)” has "
                    + "\(table.definition.schema.fields.count) fields.")
        }
        if let town { binder.bind(town) } else { binder.bindNull() }
        binder.bind(source)
        binder.bind(row)
        if let repair { binder.bind(repair) } else { binder.bindNull() }
        binder.bind(identity)
        binder.bind(contentHash)
        if let asOf { binder.bind(asOf) } else { binder.bindNull() }
        try insert.execute()
    }

    /// Takes a feature away that is written again under the id of an earlier one:
    /// it never was another, so it leaves nothing behind.
    private func rename(_ id: Int64) throws {
        changes.removed.append(id)
        if let envelope = try table.forgetSuppressed(id, validTo: asOf, keepsPast: false) {
            changes.inserted += 1
            changes.unindexed.append(envelope)
            return
        }
        changes.updated += 1
        try table.forgetOriginal(of: id)
        try table.db.cachedStatement(sql: table.deleteSQL).execute(arguments: [id])
    }

    /// What the features that were not written again are known by.
    var missingIdentities: [Int64: Int64] { matcher.missingIdentities }

    /// Deletes what was not written again.
    func finish(keepsPast: Bool = true) throws {
        let delete = try table.db.makeStatement(sql: table.deleteSQL)
        for id in matcher.missing {
            changes.removed.append(id)
            if let envelope = try table.forgetSuppressed(id, validTo: asOf, keepsPast: keepsPast) {
                changes.unindexed.append(envelope)
                continue
            }
            if keepsPast { try table.keepPast(of: id, validTo: asOf) }
            try table.forgetOriginal(of: id)
            try delete.execute(arguments: [id])
            changes.deleted += 1
        }
    }
}
