// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB

extension DistrictStore {
    /// Hands over every feature and provenance table as lines of text, ordered
    /// by id: what two merges of the same input must agree on to the byte. Times
    /// of commits, which stand in the log alone, are left out.
    ///
    /// - Throws: `DistrictStoresError`, and what `line` throws.
    /// - Complexity: O(*n*) in rows.
    public func canonicalDump(_ line: (String) throws -> Void) throws {
        try reading { db in
            let features = try LayerDefinition.ids(in: db)
            for (table, key) in features.map({ ($0, "fid") })
                + [("miaopu_district", "key"), ("miaopu_sources", "id"), ("miaopu_issues", "id")]
            {
                let name = try SQLIdentifier(table).quoted
                try line("table \(table)")
                let rows = try Row.fetchCursor(db, sql: "SELECT * FROM \(name) ORDER BY \(key)")
                while let row = try rows.next() {
                    try line(row.map { "\($0.0)=\($0.1.canonicalText)" }.joined(separator: "\t"))
                }
            }
        }
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
