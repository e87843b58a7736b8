// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import PluginMessages
import SwiftProtobuf
import Testing

@testable import PluginHosting

/// A plugin in C that asks for migrations when it starts.
@Suite(.enabled(if: hasCompiler)) struct MigrationTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// What the host makes of a version of the plugin whose tables go through
    /// these steps.
    private func state(
        of steps: [[String]], permissions: [String] = ["tables"], isInStart: Bool = true
    ) throws -> PluginDescription.State? {
        var message = WireMigrations()
        message.migrations = steps.enumerated().map { index, statements in
            var step = WireMigration()
            step.version = UInt32(index + 1)
            step.statements = statements
            return step
        }
        var request = WireHostRequest()
        request.migrate = message
        let bytes: [UInt8] = try request.serializedBytes()
        let call = """
            {
                static const uint8_t request[] = {\(bytes.map(String.init).joined(separator: ","))};
                struct miaopu_bytes said = {0};
                int32_t status = host->call(host->context, request, sizeof request, &said);
                if (status != MIAOPU_OK) { *answer = said; return status; }
                if (said.release) said.release(said.owner);
                return give("", 0);
            }
            """
        var plugin = CPlugin()
        plugin.manifest.permissions = permissions
        if isInStart { plugin.start = call } else { plugin.handle = call }
        // A library of its own each time: one that is loaded is never closed.
        let name = "libtested-\(UUID().uuidString).so"
        let library = try plugin.build(in: folder, name: name)
        defer { try? FileManager.default.removeItem(atPath: library) }
        let host = folder.host()
        if !isInStart {
            let error = #expect(throws: PluginHostingError.self) {
                _ = try host.handle(plugin: "tested", PluginRequest(path: "/"))
            }
            return .refused(error?.description ?? "")
        }
        return host.descriptions.first?.state
    }

    private func expectRefusal(_ part: String, _ state: PluginDescription.State?) {
        guard case .refused(let sentence)? = state else {
            Issue.record("not refused: \(String(describing: state))")
            return
        }
        #expect(sentence.contains(part), "\(sentence)")
    }

    private var tables: [String] {
        get throws {
            let database = try DatabaseQueue(path: folder.url.appendingPathComponent("state/tested.sqlite").path)
            return try database.read { db in
                try String.fetchAll(
                    db,
                    sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'miaopu%' ORDER BY name")
            }
        }
    }

    @Test func `Only the steps that have not run yet do`() throws {
        let first = ["CREATE TABLE a (id INTEGER PRIMARY KEY)", "INSERT INTO a VALUES (1)"]
        #expect(try state(of: [first]) == .running)
        #expect(try state(of: [first]) == .running)
        #expect(try state(of: [first, ["CREATE TABLE b (id BIGINT)"], []]) == .running)
        #expect(try tables == ["a", "b"])
    }

    @Test func `A step that fails half-way changes nothing, and the version before starts again`() throws {
        let first = ["CREATE TABLE a (id INTEGER PRIMARY KEY)"]
        #expect(try state(of: [first]) == .running)
        expectRefusal(
            "migration 3 failed: no such table: nowhere",
            try state(of: [first, ["CREATE TABLE b (id BIGINT)"], ["DROP TABLE a", "DELETE FROM nowhere"]]))
        #expect(try tables == ["a"])
        #expect(try state(of: [first]) == .running)
    }

    @Test func `Steps that ran are never changed, and tables of a newer version are left alone`() throws {
        let steps = [["CREATE TABLE a (id BIGINT)"], ["CREATE TABLE b (id BIGINT)"]]
        #expect(try state(of: steps) == .running)
        expectRefusal("migration 2 is another one", try state(of: [steps[0], ["CREATE TABLE c (id BIGINT)"]]))
        expectRefusal("are of version 2, and this version of the plugin knows only 1", try state(of: [steps[0]]))
        #expect(try tables == ["a", "b"])
    }

    @Test func `Migrations are for start, and need the permission`() throws {
        let steps = [["CREATE TABLE a (id BIGINT)"]]
        expectRefusal("no permission \"tables\"", try state(of: steps, permissions: []))
        expectRefusal("outside of start", try state(of: steps, isInStart: false))
    }

    @Test(arguments: [
        ("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)", "says AUTOINCREMENT"),
        ("create table a (id text primary key) without rowid", "says WITHOUT"),
        ("INSERT OR REPLACE INTO a VALUES (1)", "begins with"),
        ("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END", "begins with"),
        ("CREATE VIRTUAL TABLE a USING fts5(b)", "begins with"),
        ("PRAGMA foreign_keys = off", "begins with"),
        ("ATTACH 'x' AS y", "begins with"),
        ("UPDATE a SET t = strftime('%s', 'now')", "says STRFTIME"),
        ("/* CREATE TABLE */ VACUUM", "begins with"),
    ])
    func `SQL that only SQLite reads is refused with what to write instead`(statement: String, part: String) throws {
        let error = #expect(throws: PluginHostingError.self) {
            try PortableSQL.check(statement, plugin: "tested", migration: 1)
        }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT DEFAULT 'WITHOUT ROWID')",
        "-- PRAGMA\nCREATE UNIQUE INDEX i ON a (\"strict\")", "ALTER TABLE a ADD COLUMN b DOUBLE PRECISION",
        "INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING", "DELETE FROM a WHERE t = 'it''s a PRAGMA'", "DROP INDEX i",
    ])
    func `Words in quotes and comments are nobody's`(statement: String) throws {
        try PortableSQL.check(statement, plugin: "tested", migration: 1)
    }
}
