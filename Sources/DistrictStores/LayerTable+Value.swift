// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import SimpleFeatures

extension LayerTable {
    /// Writes over one value of a feature; nothing when it is the same.
    func setValue(_ value: DatabaseValue, field: String, of id: Int64) throws {
        guard definition.schema.fields.contains(where: { $0.name == field }) else { return }
        let column = try SQLIdentifier(field).quoted
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT geom, \(column) FROM \(name.quoted) WHERE fid = ?"), arguments: [id])
        guard let row, try row.decode(DatabaseValue.self, atIndex: 1) != value else { return }
        let geometry: Data = try row.decode(atIndex: 0)
        try db.cachedStatement(sql: "UPDATE \(name.quoted) SET \(column) = ? WHERE fid = ?")
            .execute(arguments: [value, id])
        noteAltered(id, envelope: GeoPackageGeometry.envelope(of: Array(geometry)) ?? .empty)
    }
}
