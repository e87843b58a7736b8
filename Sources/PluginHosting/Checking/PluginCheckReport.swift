// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One thing that was looked at in a plugin.
public struct PluginFinding: Hashable, Sendable, Codable {
    /// How it looked.
    public enum Outcome: String, Hashable, Sendable, Codable {
        case ok
        /// Could not be looked at, or only worth knowing.
        case note
        /// Works, and should be better.
        case warning
        case failed
    }

    /// What was looked at, in one or two words: `stamp`, `styles`.
    public let check: String
    /// How it looked.
    public let outcome: Outcome
    /// What was found.
    public let sentence: String
    /// What to do about it; nil when there is nothing to do.
    public let cure: String?
    /// Whether a person may let the plugin in all the same. Never when it could
    /// not be loaded at all, or crashed before it served anything.
    public let canBeWaived: Bool

    init(_ check: String, _ outcome: Outcome, _ sentence: String, cure: String? = nil, canBeWaived: Bool = true) {
        self.check = check
        self.outcome = outcome
        self.sentence = sentence
        self.cure = cure
        self.canBeWaived = canBeWaived
    }
}

/// What the check of one plugin found, in the order in which it looked.
public struct PluginCheckReport: Hashable, Sendable, Codable {
    /// The file or folder.
    public let file: String
    /// The plugin's id; nil when it never said.
    public internal(set) var plugin: String?
    /// Its version; nil when it never said.
    public internal(set) var version: String?
    /// Everything that was looked at.
    public internal(set) var findings: [PluginFinding] = []

    init(file: String) {
        self.file = file
    }

    /// What the plugin may not be let in with.
    public var failures: [PluginFinding] { findings.filter { $0.outcome == .failed } }

    mutating func add(_ finding: PluginFinding) {
        findings.append(finding)
    }

    mutating func ok(_ check: String, _ sentence: String) {
        add(PluginFinding(check, .ok, sentence))
    }

    mutating func note(_ check: String, _ sentence: String) {
        add(PluginFinding(check, .note, sentence))
    }

    mutating func warn(_ check: String, _ sentence: String, cure: String) {
        add(PluginFinding(check, .warning, sentence, cure: cure))
    }

    mutating func fail(_ check: String, _ sentence: String, cure: String, canBeWaived: Bool = true) {
        add(PluginFinding(check, .failed, sentence, cure: cure, canBeWaived: canBeWaived))
    }
}
