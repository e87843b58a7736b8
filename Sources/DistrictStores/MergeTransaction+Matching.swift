// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
public import SimpleFeatures

/// Which feature a record is, by a person's word.
public struct ReviewedMatch: Sendable, Hashable {
    /// The id of a feature that the source has, or once had.
    public var feature: Int64
    /// What the feature was known by before: without a key the hash of its
    /// geometry and values. Another feature may have the id by now.
    public var formerIdentity: Int64
    /// What the record is known by.
    public var identity: Int64

    public init(feature: Int64, formerIdentity: Int64, identity: Int64) {
        self.feature = feature
        self.formerIdentity = formerIdentity
        self.identity = identity
    }
}

/// What a delivery left unmatched.
public struct UnmatchedFeatures: Sendable, Hashable {
    /// Features that were not delivered again, with what they were known by.
    public var missing: [Int64: Int64]
    /// Features that came as new ones; empty for a first delivery.
    public var inserted: [Int64]
}

/// A feature with what it can be recognised by.
public struct ComparableFeature: Sendable, Hashable {
    public var id: Int64
    /// The record's number in the file that brought it.
    public var row: Int64
    /// On the district grid.
    public var geometry: Geometry
    /// Values as text, numbers to fifteen digits, by field; without the empty ones.
    public var attributes: [String: String]

    public init(id: Int64, row: Int64, geometry: Geometry, attributes: [String: String]) {
        self.id = id
        self.row = row
        self.geometry = geometry
        self.attributes = attributes
    }
}

extension MergeTransaction {
    /// What each feature of a source is known by, by its id, whether it is on the
    /// map or not.
    ///
    /// - Throws: SQLite's error.
    /// - Complexity: O(*n*) in the source's features.
    public func identities(of source: SourceRecord, in layer: LayerDefinition) throws -> [Int64: Int64] {
        let held = try table(layer).held(ids: source.featureIDs)
        return Dictionary(uniqueKeysWithValues: held.map { ($0.id, $0.identity) })
    }

    /// The features among `ids` that a source once had and that are gone, or are
    /// other than they were.
    ///
    /// - Throws: SQLite's error.
    public func formerFeatures(_ ids: [Int64], of source: String) throws -> Set<Int64> {
        try PastFeature.known(ids, of: source, in: db)
    }

    /// Features as they are on the map; those that are not on it are left out.
    ///
    /// - Throws: SQLite's error.
    public func comparable(_ ids: [Int64], in layer: LayerDefinition) throws -> [ComparableFeature] {
        let table = try table(layer)
        let statement = try db.makeStatement(
            sql: """
                SELECT \(ProvenanceColumn.row), \(try PastFeature.attributesSQL(layer)), geom
                FROM \(table.name.quoted) WHERE fid = ?
                """)
        return try ids.compactMap { try Self.comparable($0, statement) }
    }

    /// Features as they were when they changed or went for the last time.
    ///
    /// - Throws: SQLite's error.
    public func comparablePast(_ ids: [Int64], in layer: LayerDefinition) throws -> [ComparableFeature] {
        let statement = try db.makeStatement(
            sql: """
                SELECT row, attributes, geometry FROM miaopu_past
                WHERE feature = ? AND layer = '\(layer.id)' ORDER BY id DESC LIMIT 1
                """)
        return try ids.compactMap { try Self.comparable($0, statement) }
    }

    private static func comparable(_ id: Int64, _ statement: Statement) throws -> ComparableFeature? {
        guard let row = try Row.fetchOne(statement, arguments: [id]),
            let blob: Data = try row.decode(atIndex: 2),
            let geometry = try? GeoPackageGeometry.decode(Array(blob), limits: .trusted).geometry
        else { return nil }
        let cells = try SuppressedFeature.attributes(try row.decode(atIndex: 1))
        return ComparableFeature(
            id: id, row: try row.decode(atIndex: 0), geometry: geometry, attributes: cells.compactMapValues(\.text))
    }
}

extension SuppressedFeature.Cell {
    /// Nil for nothing.
    fileprivate var text: String? {
        switch self {
        case .null: nil
        case .integer(let number): String(number)
        case .real(let number): "\(number)"
        case .text(let text): text
        }
    }
}
