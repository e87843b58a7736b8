// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB

extension DistrictStore {
    /// Hands over every feature and provenance table as lines of text: what two
    /// merges of the same input must agree on to the byte. Features stand in the
    /// order of their identities and without their ids, which like the days that
    /// they are valid from, the log and the past depend on what came before. So do
    /// the codes that the district gives: they are left empty.
    ///
    /// - Parameter withPlaces: whether to say where in which file each feature
    ///   came from. Without it, two deliveries of the same records in another
    ///   order agree.
    /// - Throws: `DistrictStoresError`, and what `line` throws.
    /// - Complexity: O(*n* log *n*) in rows.
    public func canonicalDump(withPlaces: Bool = true, _ line: (String) throws -> Void) throws {
        // An issue's sentence begins with the number of its record.
        let places = ["row", "message", "account", "file_hash", "fingerprint", ProvenanceColumn.row]
        try reading { db in
            for table in try Self.canonicalTables(db) {
                try line("table \(table.name)")
                let name = try SQLIdentifier(table.name).quoted
                let given = try CodeRegister.assignedFields(of: table.name, in: db)
                let rows = try Row.fetchCursor(
                    db, sql: "SELECT * FROM \(name) WHERE \(table.condition) ORDER BY \(table.order)")
                while let row = try rows.next() {
                    let cells = row.filter { column, _ in
                        !table.without.contains(column) && (withPlaces || !places.contains(column))
                    }
                    // Which code the district gave depends on those that it gave before.
                    let field: String? = given.isEmpty ? nil : given[try row.decode(atIndex: 0)]
                    try line(
                        cells.map { "\($0.0)=\(($0.0 == field ? .null : $0.1).canonicalText)" }.joined(separator: "\t"))
                }
            }
        }
    }

    private struct CanonicalTable {
        var name: String
        var order: String
        var without: Set<String> = []
        /// Of the rows that are handed over.
        var condition = "true"
    }

    private static func canonicalTables(_ db: Database) throws -> [CanonicalTable] {
        let features = try LayerDefinition.ids(in: db).map { layer in
            CanonicalTable(
                name: layer,
                order: [
                    ProvenanceColumn.source, ProvenanceColumn.identity, ProvenanceColumn.hash, ProvenanceColumn.row,
                ].joined(separator: ", "), without: ["fid", ProvenanceColumn.validFrom])
        }
        return features + [
            CanonicalTable(name: "miaopu_district", order: "key", without: ["id"]),
            CanonicalTable(name: "miaopu_sources", order: "id"),
            CanonicalTable(
                name: "miaopu_issues", order: "source, name, x, y, row, message", without: ["id", "number"]),
            CanonicalTable(name: "miaopu_originals", order: "layer, geometry", without: ["id"]),
            CanonicalTable(
                name: "miaopu_suppressed", order: "layer, source, identity, hash, row",
                without: ["id", "kept", "valid_from"]),
            CanonicalTable(
                name: "miaopu_seams", order: "layer, kind, x, y, area_m2, width_m, rule", without: ["id", "seam", "features"],
                condition: "kind NOT IN (\(CodeRegister.history.map { "'\($0)'" }.joined(separator: ", ")))"),
            CanonicalTable(
                name: "miaopu_movements", order: "layer, shift_m, given_m2, taken_m2", without: ["id", "features"]),
        ]
    }
}

extension DatabaseValue {
    fileprivate var canonicalText: String {
        switch storage {
        case .null: "null"
        case .int64(let value): "i\(value)"
        case .double(let value): "d\(value.bitPattern)"
        case .string(let value): "s\(value.debugDescription)"
        case .blob(let data): "b" + data.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
    }
}
