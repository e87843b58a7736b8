// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures

/// An issue with the source that it is about.
public struct StandingIssue: Sendable, Hashable {
    public var source: String
    public var issue: RecordIssue
}

/// Seams of one layer and kind with one outcome.
public struct SeamTotal: Sendable, Hashable {
    public var layer: String
    public var kind: String
    public var isRepaired: Bool
    /// Why nothing was done, without what is said of the single place; empty when
    /// something was.
    public var reason: String
    /// The rule between layers that is broken, in words; nil for a seam.
    public var rule: String?
    public var count: Int
    /// In square metres.
    public var area: Double
}

/// The borders of one layer that were moved.
public struct MovementTotal: Sendable, Hashable {
    public var layer: String
    public var features: Int
    /// In metres.
    public var largestShift: Double
}

/// What stands in the district at this moment of the merge, whichever merge
/// found it.
extension MergeTransaction {
    /// The first issues of each layer, kind and name, by kind, name, source and record.
    ///
    /// - Parameter limit: how many of each.
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func standingIssues(ofEach limit: Int) throws -> [StandingIssue] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT source, kind, row, name, message, x, y FROM (
                    SELECT i.*, s.layer, row_number() OVER (
                        PARTITION BY s.layer, i.kind, i.name
                        ORDER BY i.source, i.row IS NOT NULL, i.row, i.message, i.x, i.y) AS place_in_line
                    FROM miaopu_issues i JOIN miaopu_sources s ON s.source = i.source)
                WHERE place_in_line <= ? ORDER BY kind, name, layer, place_in_line
                """, arguments: [limit]
        ).map { StandingIssue(source: try $0.decode(forColumn: "source"), issue: try RecordIssue($0)) }
    }

    /// The largest seams of each layer, kind and outcome.
    ///
    /// - Parameter limit: how many of each.
    /// - Throws: SQLite's error, or `DistrictStoresError` for a cell that no merge
    ///   writes.
    public func standingSeams(ofEach limit: Int) throws -> [SeamRecord] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM (
                    SELECT *, row_number() OVER (
                        PARTITION BY layer, kind, repaired ORDER BY area_m2 DESC, width_m DESC, x, y) AS place_in_line
                    FROM miaopu_seams)
                WHERE place_in_line <= ? ORDER BY repaired, layer, kind, place_in_line
                """, arguments: [limit]
        ).map(SeamRecord.init)
    }

    /// All seams, counted.
    ///
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func seamTotals() throws -> [SeamTotal] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT layer, kind, repaired, rule,
                    CASE instr(reason, ': ') WHEN 0 THEN reason
                        ELSE substr(reason, 1, instr(reason, ': ') - 1) END AS why,
                    count(*) AS found, total(area_m2) AS area
                FROM miaopu_seams GROUP BY layer, kind, repaired, why, rule
                ORDER BY layer, kind, repaired DESC, why, rule
                """
        ).map { row in
            SeamTotal(
                layer: try row.decode(forColumn: "layer"), kind: try row.decode(forColumn: "kind"),
                isRepaired: try row.decode(forColumn: "repaired"), reason: try row.decode(forColumn: "why"),
                rule: try row.decode(forColumn: "rule"),
                count: try row.decode(forColumn: "found"),
                // The order in which rows are summed is that of chance.
                area: (try row.decode(Double.self, forColumn: "area") * 1000).rounded() / 1000)
        }
    }

    /// All moved borders, counted.
    ///
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func movementTotals() throws -> [MovementTotal] {
        try Row.fetchAll(
            db, sql: "SELECT layer, count(*), max(shift_m) FROM miaopu_movements GROUP BY layer ORDER BY layer"
        ).map {
            MovementTotal(
                layer: try $0.decode(atIndex: 0), features: try $0.decode(atIndex: 1),
                largestShift: try $0.decode(atIndex: 2))
        }
    }
}

extension SeamRecord {
    init(_ row: Row) throws {
        let bytes: Data = try row.decode(forColumn: "geometry")
        let features: String = try row.decode(forColumn: "features")
        let sources: String = try row.decode(forColumn: "sources")
        guard let geometry = try? GeoPackageGeometry.decode(Array(bytes), limits: .trusted).geometry,
            let featureIDs = try? JSONDecoder().decode([Int64].self, from: Data(features.utf8)),
            let sourceIDs = try? JSONDecoder().decode([String].self, from: Data(sources.utf8))
        else {
            throw DistrictStoresError(.unusable, "The table miaopu_seams has a row that no merge writes.")
        }
        self.init(
            layer: try row.decode(forColumn: "layer"), kind: try row.decode(forColumn: "kind"),
            isRepaired: try row.decode(forColumn: "repaired"), reason: try row.decode(forColumn: "reason"),
            rule: try row.decode(forColumn: "rule"),
            place: Coordinate(x: try row.decode(forColumn: "x"), y: try row.decode(forColumn: "y")),
            width: try row.decode(forColumn: "width_m"), length: try row.decode(forColumn: "length_m"),
            area: try row.decode(forColumn: "area_m2"), confidence: try row.decode(forColumn: "confidence"),
            features: featureIDs, sources: sourceIDs, seam: try row.decode(forColumn: "seam"), geometry: geometry)
    }
}
