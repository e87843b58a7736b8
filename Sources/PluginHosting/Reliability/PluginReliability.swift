// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages

/// What is public of how reliable a plugin is.
public struct PluginReliability: Hashable, Sendable {
    /// The newest crash card, without the call and without what the process
    /// wrote: those can hold what people sent.
    public struct Card: Hashable, Codable, Sendable {
        /// ISO 8601, UTC.
        public var time: String
        /// What happened, without a subject: “crashed (memory access fault, SIGSEGV)”.
        public var cause: String
        /// The same for the same fault; nil when the card has none.
        public var fingerprint: String?
    }

    /// What was counted.
    public let figures: ReliabilityFigures
    /// Nil: the plugin never crashed, or its cards are gone.
    public let lastCard: Card?
    /// Why it is kept from starting until a person lifts that, and how, without a
    /// subject; nil when it is not.
    let quarantineClause: String?

    /// Whether it is kept from starting until a person lifts that.
    public var isQuarantined: Bool { quarantineClause != nil }

    init(figures: ReliabilityFigures, ledger: CrashLedger) {
        self.figures = figures
        let history = ledger.history
        quarantineClause = history.isQuarantined ? history.quarantineClause(ledger.plugin) : nil
        lastCard = ledger.newestCard
    }

    /// What is written down of a plugin, without starting it; what a host that
    /// serves it counted in the last ten seconds may be missing.
    ///
    /// - Throws: `.invalid` for an id that is none.
    public init(of plugin: String, stateFolder: String) throws(PluginHostingError) {
        guard PluginContract.isIdentifier(plugin) else {
            throw PluginHostingError(.invalid, plugin, "\"\(plugin.prefix(40))\" is no plugin's id.")
        }
        self.init(
            figures: ReliabilityLedger(plugin: plugin, stateFolder: stateFolder).figures,
            ledger: CrashLedger(plugin: plugin, stateFolder: stateFolder))
    }
}

extension CrashLedger {
    /// What may be told of the newest card; nil when there is none that can be read.
    fileprivate var newestCard: PluginReliability.Card? {
        guard let newest = cards.last, let data = try? Data(contentsOf: newest) else { return nil }
        return try? JSONDecoder().decode(PluginReliability.Card.self, from: data)
    }
}
