// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB

extension DistrictStore {
    /// How far the borders of a source's features were moved, by the number of
    /// their record in the file. Borders that only got a vertex are not among
    /// them.
    ///
    /// - Throws: `DistrictStoresError` when the file cannot be read or is damaged.
    public func movedRecords(of source: SourceRecord) throws -> [Int64: MovementRecord] {
        let layer = try SQLIdentifier(source.layer).quoted
        return try reading { db in
            guard try LayerDefinition.fetch(db, id: source.layer) != nil else { return [:] }
            // CROSS keeps the order: there are few movements, and many features.
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT m.*, f.\(ProvenanceColumn.row) AS place_in_file FROM miaopu_movements m
                    CROSS JOIN \(layer) f ON f.fid = m.id WHERE m.layer = ? AND f.\(ProvenanceColumn.source) = ?
                    AND m.shift_m > 0
                    """, arguments: [source.layer, source.id])
            var moved: [Int64: MovementRecord] = [:]
            for row in rows {
                let others: String = try row.decode(forColumn: "features")
                moved[try row.decode(forColumn: "place_in_file")] = MovementRecord(
                    layer: source.layer, feature: try row.decode(forColumn: "id"),
                    largestShift: try row.decode(forColumn: "shift_m"),
                    areaGiven: try row.decode(forColumn: "given_m2"),
                    areaTaken: try row.decode(forColumn: "taken_m2"),
                    with: (try? JSONDecoder().decode([Int64].self, from: Data(others.utf8))) ?? [])
            }
            return moved
        }
    }
}
