// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import GRDB
import PluginMessages

/// Which migrations a plugin's tables went through, with their statements: one
/// that was changed after it ran would leave tables that no version describes.
enum MigrationTable {
    static func create(in db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS miaopu_migrations (
                    version INTEGER PRIMARY KEY, title TEXT NOT NULL, statements TEXT NOT NULL, time INTEGER NOT NULL
                )
                """)
    }

    /// Runs what has not run yet, in the transaction of the caller.
    ///
    /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z.
    /// - Throws: `.invalid` for migrations that contradict what ran before, and
    ///   with SQLite's sentence and the migration's number for one that fails;
    ///   the caller's transaction then takes everything back.
    static func run(
        _ message: WireMigrations, plugin: String, now: Int64, in db: Database
    ) throws -> WireMigrationsReply {
        func refuse(_ reason: String) -> PluginHostingError {
            PluginHostingError(.invalid, plugin, "The tables of the plugin \(plugin) are left as they are: \(reason).")
        }
        let migrations = message.migrations
        guard migrations.count <= PluginContract.maxMigrations,
            migrations.allSatisfy({ $0.statements.count <= PluginContract.maxMigrations })
        else {
            throw refuse(
                "there are more than \(PluginContract.maxMigrations) migrations, or as many statements in one")
        }
        for (index, migration) in migrations.enumerated() where migration.version != UInt32(index + 1) {
            throw refuse(
                "migration \(index + 1) of the list has the version \(migration.version); versions count from 1 "
                    + "without gaps")
        }
        var reply = WireMigrationsReply()
        let ran = try Row.fetchAll(db, sql: "SELECT version, statements FROM miaopu_migrations ORDER BY version")
        reply.before = UInt32(clamping: ran.count)
        reply.after = UInt32(clamping: max(ran.count, migrations.count))
        guard ran.count <= migrations.count else {
            throw refuse(
                "they are of version \(ran.count), and this version of the plugin knows only \(migrations.count); "
                    + "install the newer plugin again, or go back to the data from before it")
        }
        for (row, migration) in zip(ran, migrations) {
            let statements: String = try row.decode(forColumn: "statements")
            guard statements == text(of: migration) else {
                throw refuse(
                    "migration \(migration.version) is another one than the one that ran; a change needs a migration "
                        + "of its own")
            }
        }
        for migration in migrations.dropFirst(ran.count) {
            for statement in migration.statements {
                try PortableSQL.check(statement, plugin: plugin, migration: migration.version)
                do {
                    try db.execute(sql: statement)
                } catch let error as DatabaseError where error.resultCode != .SQLITE_FULL {
                    throw refuse(
                        "migration \(migration.version) failed: \(error.message ?? error.resultCode.description), in: "
                            + "\(statement.prefix(200))")
                }
            }
            try db.execute(
                sql: "INSERT INTO miaopu_migrations (version, title, statements, time) VALUES (?, ?, ?, ?)",
                arguments: [Int64(migration.version), migration.title, text(of: migration), now])
        }
        return reply
    }

    private static func text(of migration: WireMigration) -> String {
        migration.statements.joined(separator: ";\n")
    }
}
