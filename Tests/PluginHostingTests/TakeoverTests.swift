// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import PluginMessages
import SwiftProtobuf
import Testing

@testable import PluginHosting

/// What becomes of a plugin's data when another version of it is started.
@Suite(.enabled(if: executable != nil && hasCompiler)) struct TakeoverTests {
    private let folder: ScratchFolder
    private let plugins: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        plugins = try ScratchFolder()
    }

    private var state: String { folder.url.appendingPathComponent("state").path }
    private var database: String { "\(state)/tested.sqlite" }

    private func host() -> PluginHost {
        PluginHost(
            PluginHostConfiguration(
                folders: [PluginFolder(path: plugins.path, holdsOnlyPlugins: true, hosting: .process, mayChange: true)],
                stateFolder: state, probe: .child(executable: executable)))
    }

    /// Puts a version in place that runs statements when it starts, each request
    /// in a transaction of its own, and then goes on with `end`.
    private func build(
        _ version: String, _ requests: [[String]], end: String = "return give(\"\", 0);"
    ) throws {
        var plugin = CPlugin(handle: CPlugin.page(version))
        plugin.manifest.version = version
        plugin.manifest.permissions = ["tables"]
        plugin.start = try requests.map(Self.call).joined(separator: "\n") + "\n" + end
        let library = try plugin.build(in: folder, name: "tested-\(version).so")
        #expect(rename(library, plugins.url.appendingPathComponent("tested.so").path) == 0)
    }

    /// Statements in C that have the host run statements in SQL.
    static func call(_ statements: [String]) throws -> String {
        var request = WireHostRequest()
        request.sql.statements = statements.map { text in
            var statement = WireSQLStatement()
            statement.text = text
            return statement
        }
        let bytes: [UInt8] = try request.serializedBytes()
        return """
            {
                static const uint8_t request[] = {\(bytes.map(String.init).joined(separator: ","))};
                struct miaopu_bytes said = {0};
                int32_t status = host->call(host->context, request, sizeof request, &said);
                if (status != MIAOPU_OK) { *answer = said; return status; }
                if (said.release) said.release(said.owner);
            }
            """
    }

    private func page(_ host: PluginHost) -> String? {
        try? String(decoding: host.handle(plugin: "tested", PluginRequest(path: "/")).body, as: UTF8.self)
    }

    private func follow(_ host: PluginHost, until isWanted: () -> Bool) -> Bool {
        for _ in 0..<1200 {
            host.follow()
            if isWanted() { return true }
            usleep(100_000)
        }
        return false
    }

    private func words(in file: String) throws -> [String] {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: file, configuration: configuration).read {
            try String.fetchAll($0, sql: "SELECT word FROM words ORDER BY rowid")
        }
    }

    private static let first = ["CREATE TABLE IF NOT EXISTS words (word TEXT)", "INSERT INTO words VALUES ('one')"]

    @Test func `a version that fails half-way leaves the data and the version before as they were`() throws {
        try build("1.0.0", [Self.first])
        let host = host()
        #expect(page(host) == "1.0.0")
        try build(
            "2.0.0", [["INSERT INTO words VALUES ('two')", "CREATE TABLE more (a)"], ["INSERT INTO nowhere VALUES (1)"]])
        #expect(follow(host) { host.descriptions.first?.note != nil })
        #expect(host.descriptions.first?.note?.contains("no such table: nowhere") == true)
        #expect(host.descriptions.first?.version == "1.0.0")
        #expect(page(host) == "1.0.0")
        #expect(try words(in: database) == ["one"])
        // The next host refuses it in the same way and changes nothing either.
        host.stop()
        let next = self.host()
        guard case .refused(let sentence)? = next.descriptions.first?.state else {
            Issue.record("a version that cannot start runs")
            return
        }
        #expect(sentence.contains("no such table: nowhere"))
        #expect(try words(in: database) == ["one"])
    }

    @Test func `a version that crashes half-way does, too`() throws {
        try build("1.0.0", [Self.first])
        let host = host()
        try build("2.0.0", [["DROP TABLE words"]], end: "abort();")
        #expect(follow(host) { host.descriptions.first?.note != nil })
        #expect(page(host) == "1.0.0")
        #expect(try words(in: database) == ["one"])
    }

    @Test func `a first version that fails leaves no database`() throws {
        try build("1.0.0", [Self.first], end: "return say(MIAOPU_FAILED, \"no\");")
        let host = host()
        #expect(host.descriptions.first?.state != .running)
        #expect(!FileManager.default.fileExists(atPath: database))
    }

    @Test func `a version that takes over has the data, and the data before are kept`() throws {
        try build("1.0.0", [Self.first])
        let host = host()
        try build("2.0.0", [["INSERT INTO words VALUES ('two')"]])
        #expect(follow(host) { page(host) == "2.0.0" })
        #expect(try words(in: database) == ["one", "two"])
        #expect(try words(in: "\(state)/backups/tested-1.0.0.sqlite") == ["one"])
        #expect(PluginVersions(plugin: "tested", stateFolder: state).last == "2.0.0")
    }

    @Test func `a backup is made at a start, too, and the newest three are kept`() throws {
        for minor in 0..<6 {
            try build("1.\(minor).0", [minor == 0 ? Self.first : ["INSERT INTO words VALUES ('\(minor)')"]])
            let host = host()
            #expect(page(host) == "1.\(minor).0")
            host.stop()
            // Times of files tell which is the newest, to the second.
            usleep(1_100_000)
        }
        let kept = try FileManager.default.contentsOfDirectory(atPath: "\(state)/backups").sorted()
        #expect(kept == ["tested-1.2.0.sqlite", "tested-1.3.0.sqlite", "tested-1.4.0.sqlite"])
        #expect(try words(in: "\(state)/backups/tested-1.4.0.sqlite") == ["one", "1", "2", "3", "4"])
        // The same version again is no reason for one.
        let again = host()
        #expect(page(again) == "1.5.0")
        #expect(!FileManager.default.fileExists(atPath: "\(state)/backups/tested-1.5.0.sqlite"))
    }

    @Test func `while another version starts the one before reads what it knows and writes nothing`() throws {
        let database = PluginDatabase(plugin: "tested", stateFolder: state)
        func run(_ text: String) throws -> [String] {
            var request = WireSQLRequest()
            var statement = WireSQLStatement()
            statement.text = text
            request.statements = [statement]
            return try database.run(request).results[0].rows.map { $0.values[0].text }
        }
        for statement in Self.first { _ = try run(statement) }
        let copy = "\(state)/copy.sqlite"
        try database.serve(fromCopy: copy) { try PluginVersions.copy(database.path, to: copy) }
        try DatabaseQueue(path: database.path).write { try $0.execute(sql: "DROP TABLE words") }
        #expect(try run("SELECT word FROM words") == ["one"])
        let error = #expect(throws: PluginHostingError.self) { _ = try run("INSERT INTO words VALUES ('x')") }
        #expect(error?.description.contains("try again in a moment") == true, "\(String(describing: error))")
        try PluginVersions(plugin: "tested", stateFolder: state).restore(from: copy)
        database.serveFromItself()
        _ = try run("INSERT INTO words VALUES ('two')")
        #expect(try run("SELECT word FROM words") == ["one", "two"])
    }

    @Test(arguments: [
        ("1.0.0", true), ("0.0.1-beta.2", true), ("1.0", false), ("", false), ("../1.0.0", false), ("1.0.0/..", false),
        ("1.0.0-", false), ("1.0.0-..", false), ("１.0.0", false), ("1.0.0\n", false),
    ])
    func `a version becomes the name of a file only when it is one`(_ text: String, _ isVersion: Bool) {
        #expect(PluginVersions.isVersion(text) == isVersion)
    }
}
