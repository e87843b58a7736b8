// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import GRDB
import PluginMessages
import SimpleFeatures
import SwiftProtobuf

/// Something that a plugin wants people to look at.
public struct PluginAlert: Hashable, Sendable {
    /// How serious it is: the four colours are the grades of Chinese warnings.
    public enum Level: String, Hashable, Sendable, CaseIterable {
        case info, blue, yellow, orange, red
    }

    /// The plugin's id.
    public let plugin: String
    /// Unique in the plugin.
    public let id: String
    /// How serious it is.
    public let level: Level
    /// By language tag.
    public let titles: [String: String]
    /// By language tag; empty texts are left out.
    public let texts: [String: String]
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let time: Int64
    /// When it is over; nil: when it is dismissed.
    public let until: Int64?
    /// `<plugin>.<layer>`; nil: none.
    public let layer: String?
    /// A feature of the layer.
    public let feature: Int64?
    /// Where, in OGC:CRS84; nil: nowhere in particular.
    public let envelope: Envelope?
}

/// A plugin's alerts that stand, in its own database: they outlive the host.
enum AlertTable {
    static func create(in db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS miaopu_alerts (
                    id TEXT PRIMARY KEY, time INTEGER NOT NULL, until INTEGER, message BLOB NOT NULL
                )
                """)
    }

    /// - Parameter now: milliseconds; what is over by then makes room.
    /// - Throws: `.invalid` for what is no alert, `.tooLarge` for one too many.
    static func raise(_ message: WireAlert, plugin: String, now: Int64, in db: Database) throws {
        func refuse(_ kind: PluginHostingError.Kind, _ reason: String) -> PluginHostingError {
            PluginHostingError(
                kind, plugin, "The alert \"\(message.id.prefix(40))\" of the plugin \(plugin) is not raised: \(reason).")
        }
        guard (1...200).contains(message.id.utf8.count) else { throw refuse(.invalid, "an id has 1 to 200 bytes") }
        guard !message.title.titles.isEmpty else { throw refuse(.invalid, "it has no title") }
        let words = [message.title.zh, message.title.en, message.text.zh, message.text.en]
        guard words.allSatisfy({ $0.utf8.count <= 4000 }) else {
            throw refuse(.tooLarge, "its texts are longer than 4,000 bytes")
        }
        if message.hasUntil, message.until < message.time { throw refuse(.invalid, "it is over before it begins") }
        try db.execute(sql: "DELETE FROM miaopu_alerts WHERE until <= ?", arguments: [now])
        let others = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM miaopu_alerts WHERE id <> ?", arguments: [message.id])
        guard others ?? 0 < PluginContract.maxAlerts else {
            throw refuse(.tooLarge, "\(PluginContract.maxAlerts) stand already; dismiss some")
        }
        let bytes: Data = try message.serializedBytes()
        try db.execute(
            sql: "INSERT OR REPLACE INTO miaopu_alerts (id, time, until, message) VALUES (?, ?, ?, ?)",
            arguments: [message.id, message.time, message.hasUntil ? message.until : nil, bytes])
    }

    static func dismiss(_ message: WireAlertDismissal, in db: Database) throws {
        try db.execute(sql: "DELETE FROM miaopu_alerts WHERE id = ?", arguments: [message.id])
    }

    /// The alerts that stand at a time, the newest first. Rows that are no alert
    /// are left out: the plugin can write to this table too.
    static func standing(plugin: String, now: Int64, in db: Database) throws -> [PluginAlert] {
        try Data.fetchAll(
            db,
            sql: """
                SELECT CAST(message AS BLOB) FROM miaopu_alerts WHERE until IS NULL OR until > ?
                ORDER BY time DESC, id LIMIT ?
                """, arguments: [now, PluginContract.maxAlerts]
        ).compactMap { bytes in
            (try? WireAlert(serializedBytes: bytes)).map { PluginAlert($0, plugin: plugin) }
        }
    }
}

extension PluginAlert {
    init(_ message: WireAlert, plugin: String) {
        self.init(
            plugin: plugin, id: message.id, level: Level(message.level), titles: message.title.titles,
            texts: message.text.titles, time: message.time, until: message.hasUntil ? message.until : nil,
            layer: message.layer.isEmpty ? nil : "\(plugin).\(message.layer)",
            feature: message.hasFeature ? message.feature : nil,
            envelope: message.hasEnvelope ? message.envelope.envelope : nil)
    }
}

extension PluginAlert.Level {
    /// A level that this version does not know counts as the most serious.
    fileprivate init(_ level: WireAlertLevel) {
        self =
            switch level {
            case .info: .info
            case .blue: .blue
            case .yellow: .yellow
            case .orange: .orange
            case .red, .UNRECOGNIZED: .red
            }
    }
}
