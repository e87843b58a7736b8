// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB

extension MergeTransaction {
    /// The codes of a layer, in the order in which they were given.
    ///
    /// - Throws: SQLite's error, which the merge turns into a sentence.
    public func registeredCodes(of layer: LayerDefinition) throws -> [RegisteredCode] {
        try CodeRegister.create(in: db)
        return try Row.fetchAll(
            db,
            sql: """
                SELECT code, owner, identity, assigned, settled FROM miaopu_codes
                WHERE layer = ? AND \(CodeRegister.counts) ORDER BY id
                """, arguments: [layer.id]
        ).map { row in
            RegisteredCode(
                code: try row.decode(atIndex: 0),
                holder: CodeHolder(owner: try row.decode(atIndex: 1), identity: try row.decode(atIndex: 2)),
                isAssigned: try row.decode(atIndex: 3), isSettled: try row.decode(atIndex: 4))
        }
    }

    /// Puts codes into the register, or says of those that are there that they are
    /// settled.
    ///
    /// - Throws: SQLite's error.
    public func register(_ codes: [RegisteredCode], of layer: LayerDefinition) throws {
        try CodeRegister.create(in: db)
        let statement = try db.makeStatement(
            sql: """
                INSERT INTO miaopu_codes (layer, code, owner, identity, assigned, settled, changeset)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (layer, code, owner, identity) DO UPDATE SET settled = excluded.settled,
                assigned = iif(\(CodeRegister.counts), assigned, excluded.assigned),
                changeset = iif(\(CodeRegister.counts), changeset, excluded.changeset)
                """)
        let changeSet = try nextChangeSet()
        for code in codes {
            try statement.execute(arguments: [
                layer.id, code.code, code.holder.owner, code.holder.identity, code.isAssigned, code.isSettled,
                changeSet,
            ])
        }
        // The register alone may have changed, and is to stay.
        if !codes.isEmpty { settingsChanged = true }
    }

    /// The codes that stand in a field because the district gave them, by feature.
    /// Features that were delivered anew since are no longer among them.
    ///
    /// - Throws: SQLite's error.
    public func assignedCodes(of layer: LayerDefinition, field: String) throws -> [Int64: String] {
        // A layer may come to keep its codes elsewhere.
        try removeAssignedCodes(of: layer, besides: field)
        let rows = try Row.fetchAll(db, sql: "SELECT id, code FROM miaopu_assigned WHERE layer = ?", arguments: [layer.id])
        return try Dictionary(
            rows.map { (try $0.decode(Int64.self, atIndex: 0), try $0.decode(String.self, atIndex: 1)) }
        ) { first, _ in first }
    }

    /// Takes the codes that the district gave out of the features; the register
    /// keeps them.
    ///
    /// - Parameter field: whose codes stay.
    /// - Throws: SQLite's error.
    public func removeAssignedCodes(of layer: LayerDefinition, besides field: String? = nil) throws {
        try CodeRegister.create(in: db)
        let table = try table(layer)
        try db.execute(
            sql: """
                DELETE FROM miaopu_assigned WHERE layer = ? AND NOT EXISTS (
                    SELECT 1 FROM \(table.name.quoted)
                    WHERE fid = miaopu_assigned.id AND \(ProvenanceColumn.hash) = miaopu_assigned.hash)
                """, arguments: [layer.id])
        for (id, column) in try CodeRegister.assignedFields(of: layer.id, in: db) where column != field {
            try table.setValue(.null, field: column, of: id)
            try db.execute(sql: "DELETE FROM miaopu_assigned WHERE id = ?", arguments: [id])
        }
    }

    /// Makes the codes that the district gives those of the features.
    ///
    /// - Parameters:
    ///   - codes: by feature: all of them.
    ///   - standing: what `assignedCodes` told.
    /// - Throws: SQLite's error.
    public func setAssignedCodes(
        _ codes: [Int64: String], in field: String, of layer: LayerDefinition, standing: [Int64: String]
    ) throws {
        let table = try table(layer)
        for id in Set(codes.keys).union(standing.keys).sorted() where codes[id] != standing[id] {
            try table.setValue(codes[id]?.databaseValue ?? .null, field: field, of: id)
            guard let code = codes[id] else {
                try db.execute(sql: "DELETE FROM miaopu_assigned WHERE id = ?", arguments: [id])
                continue
            }
            try db.cachedStatement(
                sql: """
                    INSERT INTO miaopu_assigned (id, layer, field, code, hash)
                    SELECT fid, ?, ?, ?, \(ProvenanceColumn.hash) FROM \(table.name.quoted) WHERE fid = ?
                    ON CONFLICT (id) DO UPDATE SET code = excluded.code, hash = excluded.hash
                    """
            ).execute(arguments: [layer.id, field, code, id])
        }
    }

    /// Makes what is known of a layer's codes what was found now. What was known
    /// before stays as it is, so that change sets do not depend on each other.
    ///
    /// - Parameter records: all of them; their `rule` is set here.
    /// - Throws: SQLite's error.
    public func setCodeRecords(_ records: [SeamRecord], of layer: LayerDefinition) throws {
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM miaopu_seams WHERE layer = ? AND rule = ?", arguments: [layer.id, CodeRegister.rule])
        var left = Set(
            records.map { record in
                var record = record
                record.rule = CodeRegister.rule
                return record
            })
        for row in rows where left.remove(try SeamRecord(row)) == nil {
            try db.execute(sql: "DELETE FROM miaopu_seams WHERE id = ?", arguments: [try row.decode(Int64.self, forColumn: "id")])
        }
        try add(left.sorted { ($0.kind, $0.seam, $0.reason) < ($1.kind, $1.seam, $1.reason) }, [])
        if !left.isEmpty { settingsChanged = true }
    }

    /// How the cells of a layer stand.
    ///
    /// - Parameters:
    ///   - areaDigits: how many digits of a code are its area's.
    ///   - digits: how many a code has.
    /// - Throws: SQLite's error.
    public func codeSummary(
        of layer: LayerDefinition, field: String, areaDigits: Int, digits: Int, listing limit: Int
    ) throws -> CodeSummary {
        try CodeRegister.create(in: db)
        let (name, column) = (try SQLIdentifier(layer.id).quoted, try SQLIdentifier(field).quoted)
        let isCode = "length(code) = \(digits) AND code NOT GLOB '*[^0-9]*'"
        let cells = """
            SELECT nullif(f.\(column), '') AS code, a.id AS given FROM \(name) f
            LEFT JOIN miaopu_assigned a ON a.id = f.fid
            """
        let all = try Row.fetchOne(db, sql: "SELECT count(*), count(code), count(given) FROM (\(cells))")
        var summary = CodeSummary()
        if let all {
            summary.cells = try all.decode(atIndex: 0)
            summary.assigned = try all.decode(atIndex: 2)
            summary.delivered = try all.decode(Int.self, atIndex: 1) - summary.assigned
        }
        let given = try Row.fetchAll(
            db,
            sql: """
                SELECT substr(code, 1, \(areaDigits)), max(code), count(DISTINCT code) FROM miaopu_codes
                WHERE layer = ? AND \(isCode) AND \(CodeRegister.counts) GROUP BY 1 ORDER BY 1
                """, arguments: [layer.id])
        let standing = try Row.fetchAll(
            db,
            sql: """
                SELECT substr(code, 1, \(areaDigits)), count(*), count(given), count(DISTINCT code) FROM (\(cells))
                WHERE \(isCode) GROUP BY 1
                """
        ).map { row in
            (try row.decode(String.self, atIndex: 0), try (1...3).map { try row.decode(Int.self, atIndex: $0) })
        }
        let counts = Dictionary(standing) { first, _ in first }
        summary.areas = try given.map { row in
            let area: String = try row.decode(atIndex: 0)
            let now = counts[area] ?? [0, 0, 0]
            return CodeSummary.Area(
                code: area, cells: now[0], assigned: now[1], highest: try row.decode(atIndex: 1),
                withdrawn: max(0, try row.decode(Int.self, atIndex: 2) - now[2]))
        }
        summary.listed = try Row.fetchAll(
            db, sql: "SELECT id, code FROM miaopu_assigned WHERE layer = ? ORDER BY code, id LIMIT ?",
            arguments: [layer.id, limit]
        ).map { CodeSummary.Assigned(feature: try $0.decode(atIndex: 0), code: try $0.decode(atIndex: 1)) }
        return summary
    }
}
