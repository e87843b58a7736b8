// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The crashes of one plugin as files in the district's state folder: its
/// history, and a card for each.
struct CrashLedger: Sendable {
    let plugin: String
    let folder: URL

    init(plugin: String, stateFolder: String) {
        self.plugin = plugin
        folder = URL(fileURLWithPath: stateFolder, isDirectory: true).appendingPathComponent("crashes")
    }

    private var historyFile: URL { folder.appendingPathComponent("\(plugin).json") }

    /// Empty when there is none, and when it cannot be read: no plugin is put
    /// into quarantine on evidence that nobody can read.
    var history: CrashHistory {
        guard let data = try? Data(contentsOf: historyFile) else { return CrashHistory() }
        return (try? JSONDecoder().decode(CrashHistory.self, from: data)) ?? CrashHistory()
    }

    /// Writes the history, and the card of its newest crash.
    ///
    /// - Returns: the card's path.
    /// - Throws: when the state folder cannot be written to.
    @discardableResult
    func write(_ card: CrashCard, history: CrashHistory) throws -> String {
        try save(history)
        let name = "\(plugin)-\(card.time.filter { $0.isASCII && ($0.isNumber || $0.isLetter) }).card.json"
        let file = folder.appendingPathComponent(name)
        try encode(card, to: file)
        removeOldCards()
        return file.path
    }

    /// Replaces a card that is still there.
    ///
    /// - Throws: when the state folder cannot be written to.
    func rewrite(_ card: CrashCard, at path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        try encode(card, to: URL(fileURLWithPath: path))
    }

    /// Counts one more crash with a fingerprint.
    ///
    /// - Returns: how many there were, this one included.
    /// - Throws: when the state folder cannot be written to.
    func count(_ fingerprint: String) throws -> Int {
        let file = folder.appendingPathComponent("\(plugin).counts.json")
        let saved = try? JSONDecoder().decode([String: Int].self, from: Data(contentsOf: file))
        var counts = saved ?? [:]
        // One of a version that is long gone makes room.
        if counts.count >= Self.maxFingerprints, counts[fingerprint] == nil {
            counts = counts.filter { $0.value > 1 }
            if counts.count >= Self.maxFingerprints { counts = [:] }
        }
        let count = (counts[fingerprint] ?? 0).addingReportingOverflow(1).partialValue
        counts[fingerprint] = count
        try JSONEncoder().encode(counts).write(to: file, options: .atomic)
        return count
    }

    private static let maxFingerprints = 200

    private func encode(_ card: CrashCard, to file: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(card).write(to: file, options: .atomic)
        // The call that was in progress may hold what only the district may see.
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }

    /// Lifts the quarantine.
    ///
    /// - Returns: whether there was one.
    /// - Throws: when the state folder cannot be written to.
    func trust() throws -> Bool {
        var history = history
        guard history.isQuarantined else { return false }
        history.trust()
        try save(history)
        return true
    }

    /// Writes the history alone.
    ///
    /// - Throws: when the state folder cannot be written to.
    func save(_ history: CrashHistory) throws {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try JSONEncoder().encode(history).write(to: historyFile, options: .atomic)
    }

    /// Cards of one plugin that are kept: the newest.
    private static let kept = 20

    /// The plugin's cards, the newest last.
    var cards: [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        // A hyphen behind the id is one of a longer id.
        return names.filter {
            $0.hasPrefix("\(plugin)-") && $0.hasSuffix(".card.json") && !$0.dropFirst(plugin.count + 1).contains("-")
        }.sorted().map { folder.appendingPathComponent($0) }
    }

    private func removeOldCards() {
        for card in cards.dropLast(Self.kept) { try? FileManager.default.removeItem(at: card) }
    }
}
