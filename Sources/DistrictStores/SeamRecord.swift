// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
public import SimpleFeatures

/// A place where two deliveries do not meet, and what was done about it.
public struct SeamRecord: Sendable, Hashable {
    public var layer: String
    /// A short fixed name: `gap`, `overlap`, `duplicate`.
    public var kind: String
    public var isRepaired: Bool
    /// Why nothing was done; empty when something was.
    public var reason: String
    /// The rule between layers that is broken, in words; nil for a seam.
    public var rule: String?
    /// On the district grid.
    public var place: Coordinate
    /// In metres and square metres.
    public var width: Double
    public var length: Double
    public var area: Double
    /// 0 to 1.
    public var confidence: Double
    public var features: [Int64]
    /// Ids of the sources that meet there.
    public var sources: [String]
    /// The feature by which the record is found when it is out of date.
    public var seam: Int64
    /// The outline of the place, on the district grid.
    public var geometry: Geometry

    public init(
        layer: String, kind: String, isRepaired: Bool, reason: String, rule: String? = nil, place: Coordinate,
        width: Double, length: Double, area: Double, confidence: Double, features: [Int64], sources: [String],
        seam: Int64, geometry: Geometry
    ) {
        self.layer = layer
        self.kind = kind
        self.isRepaired = isRepaired
        self.reason = reason
        self.rule = rule
        self.place = place
        self.width = width
        self.length = length
        self.area = area
        self.confidence = confidence
        self.features = features
        self.sources = sources
        self.seam = seam
        self.geometry = geometry
    }
}

/// How far the border of one feature was moved.
public struct MovementRecord: Sendable, Hashable {
    public var layer: String
    public var feature: Int64
    /// In metres.
    public var largestShift: Double
    /// In square metres.
    public var areaGiven: Double
    public var areaTaken: Double
    /// Features that it gave to or took from.
    public var with: [Int64]

    public init(
        layer: String, feature: Int64, largestShift: Double, areaGiven: Double, areaTaken: Double, with: [Int64]
    ) {
        self.layer = layer
        self.feature = feature
        self.largestShift = largestShift
        self.areaGiven = areaGiven
        self.areaTaken = areaTaken
        self.with = with
    }
}

extension SeamRecord {
    static let tables = """
        CREATE TABLE miaopu_seams (
            id INTEGER PRIMARY KEY,
            layer TEXT NOT NULL,
            seam INTEGER NOT NULL,
            kind TEXT NOT NULL,
            repaired BOOLEAN NOT NULL,
            reason TEXT NOT NULL,
            rule TEXT,
            x REAL NOT NULL,
            y REAL NOT NULL,
            width_m REAL NOT NULL,
            length_m REAL NOT NULL,
            area_m2 REAL NOT NULL,
            confidence REAL NOT NULL,
            features TEXT NOT NULL,
            sources TEXT NOT NULL,
            geometry BLOB NOT NULL,
            place BLOB NOT NULL
        );
        CREATE INDEX miaopu_seams_seam ON miaopu_seams (seam);
        CREATE TABLE miaopu_movements (
            id INTEGER PRIMARY KEY,
            layer TEXT NOT NULL,
            shift_m REAL NOT NULL,
            given_m2 REAL NOT NULL,
            taken_m2 REAL NOT NULL,
            features TEXT NOT NULL
        );
        """

    static func text(of value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
}

extension MergeTransaction {
    /// Takes what is known of rules between layers that some features break away.
    ///
    /// - Parameter features: of the layer; nil for all of them.
    /// - Throws: SQLite's error.
    public func removeRuleRecords(of layer: LayerDefinition, about features: [Int64]?) throws {
        guard let features else {
            try db.execute(
                sql: "DELETE FROM miaopu_seams WHERE layer = ? AND rule IS NOT NULL", arguments: [layer.id])
            return
        }
        let records = try db.makeStatement(sql: "DELETE FROM miaopu_seams WHERE seam = ? AND rule IS NOT NULL")
        for feature in features { try records.execute(arguments: [feature]) }
    }

    /// Takes away what is known of layers that no source delivers any more.
    ///
    /// - Throws: SQLite's error.
    public func removeSeamRecordsOfEmptyLayers() throws {
        for table in ["miaopu_seams", "miaopu_movements"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE layer NOT IN (SELECT layer FROM miaopu_sources)")
        }
    }

    /// How many records of one kind the store has of a layer.
    ///
    /// - Parameter ofRules: of rules between layers, or of seams.
    /// - Throws: SQLite's error.
    public func seamRecordCount(of layer: LayerDefinition, ofRules: Bool = false) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM miaopu_seams WHERE layer = ? AND (rule IS NOT NULL) = ?",
            arguments: [layer.id, ofRules]) ?? 0
    }

    /// Takes what is known of seams of some features away.
    ///
    /// - Parameter features: of the layer; nil for all of them.
    /// - Throws: SQLite's error.
    public func removeSeamRecords(of layer: LayerDefinition, about features: [Int64]?) throws {
        guard let features else {
            try db.execute(sql: "DELETE FROM miaopu_seams WHERE layer = ? AND rule IS NULL", arguments: [layer.id])
            try db.execute(sql: "DELETE FROM miaopu_movements WHERE layer = ?", arguments: [layer.id])
            return
        }
        let seams = try db.makeStatement(sql: "DELETE FROM miaopu_seams WHERE seam = ? AND rule IS NULL")
        let movements = try db.makeStatement(sql: "DELETE FROM miaopu_movements WHERE id = ?")
        for feature in features {
            try seams.execute(arguments: [feature])
            try movements.execute(arguments: [feature])
        }
    }

    /// Adds what was found at seams.
    ///
    /// - Throws: SQLite's error.
    public func add(_ records: [SeamRecord], _ movements: [MovementRecord]) throws {
        let record = try db.makeStatement(
            sql: """
                INSERT INTO miaopu_seams (layer, seam, kind, repaired, reason, rule, x, y, width_m, length_m, area_m2,
                confidence, features, sources, geometry, place) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for seam in records {
            var bytes: [UInt8] = []
            GeoPackageGeometry.encode(seam.geometry, srsID: grid.id, into: &bytes)
            try record.execute(arguments: [
                seam.layer, seam.seam, seam.kind, seam.isRepaired, seam.reason, seam.rule, seam.place.x, seam.place.y,
                seam.width, seam.length, seam.area, seam.confidence, try SeamRecord.text(of: seam.features),
                try SeamRecord.text(of: seam.sources), Data(bytes),
                IssueLayer.place(seam.place.x, seam.place.y, on: grid),
            ])
        }
        let movement = try db.makeStatement(
            sql: """
                INSERT OR REPLACE INTO miaopu_movements (id, layer, shift_m, given_m2, taken_m2, features)
                VALUES (?, ?, ?, ?, ?, ?)
                """)
        for moved in movements {
            try movement.execute(arguments: [
                moved.feature, moved.layer, moved.largestShift, moved.areaGiven, moved.areaTaken,
                try SeamRecord.text(of: moved.with),
            ])
        }
    }
}
