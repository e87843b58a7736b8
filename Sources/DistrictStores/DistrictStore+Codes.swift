// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB

/// A code that the district gave a feature.
public struct AssignedCode: Sendable, Hashable {
    /// The field that holds it.
    public var field: String
    public var code: String
    /// The change set that it was given in; nil when the register was edited and no
    /// longer says so.
    public var changeSet: Int64?
}

extension DistrictStore {
    /// What is wrong with the codes and the places of a source's features, by the
    /// number of their record in the file.
    ///
    /// - Parameter kinds: of findings.
    /// - Throws: `DistrictStoresError` when the file cannot be read or is damaged.
    public func codeFindings(of source: SourceRecord, kinds: [String]) throws -> [Int64: [String]] {
        let layer = try SQLIdentifier(source.layer).quoted
        return try reading { db in
            guard try LayerDefinition.fetch(db, id: source.layer) != nil else { return [:] }
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT f.\(ProvenanceColumn.row), s.kind, s.reason FROM miaopu_seams s
                    JOIN \(layer) f ON f.fid = s.seam
                    WHERE s.layer = ? AND s.rule = ? AND f.\(ProvenanceColumn.source) = ? ORDER BY s.kind, s.reason
                    """, arguments: [source.layer, CodeRegister.rule, source.id])
            var findings: [Int64: [String]] = [:]
            for row in rows where kinds.contains(try row.decode(atIndex: 1)) {
                findings[try row.decode(atIndex: 0), default: []].append(try row.decode(atIndex: 2))
            }
            return findings
        }
    }

    static func assignedCode(of id: Int64, _ layer: LayerDefinition, in db: Database) throws -> AssignedCode? {
        guard try db.tableExists(CodeRegister.assigned),
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT field, code, (SELECT min(changeset) FROM miaopu_codes c
                        WHERE c.layer = a.layer AND c.code = a.code AND c.assigned)
                    FROM miaopu_assigned a WHERE id = ? AND layer = ?
                    """, arguments: [id, layer.id])
        else { return nil }
        return AssignedCode(
            field: try row.decode(atIndex: 0), code: try row.decode(atIndex: 1), changeSet: try row.decode(atIndex: 2))
    }
}
