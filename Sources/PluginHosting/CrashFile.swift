// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation

/// Writes crash cards: at once what is known at once, and the whole card when
/// its stack has names, for which nobody waits.
enum CrashFile {
    /// One after the other, since each counts those before it.
    private static let desk = DispatchQueue(label: "plugin.crash-cards", qos: .utility)

    /// Writes a card and its plugin's history.
    ///
    /// - Returns: the card's path. It is whole at any time.
    /// - Throws: when the state folder cannot be written to.
    static func write(
        _ card: CrashCard, _ report: CrashReport?, history: CrashHistory, in ledger: CrashLedger
    ) throws -> String {
        let path = try ledger.write(card, history: history)
        desk.async {
            var card = card
            card.name(report)
            // A state folder that has gone meanwhile, or is full, keeps the card
            // without names, or none.
            card.count = (try? ledger.count(card.fingerprint)) ?? 0
            try? ledger.rewrite(card, at: path)
        }
        return path
    }

    /// Waits until every card is whole.
    static func finish() {
        desk.sync {}
    }
}

extension CrashCard {
    /// Reads a card.
    ///
    /// - Throws: `.invalid` with one sentence for a file that is none.
    static func read(_ file: String) throws(PluginHostingError) -> CrashCard {
        let url = URL(fileURLWithPath: file)
        let type = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
        guard let type, type[.type] as? FileAttributeType == .typeRegular, let size = type[.size] as? NSNumber else {
            throw PluginHostingError(
                .invalid, file, "There is no crash card \(file); the cards of a district are in its state/crashes/.")
        }
        // A call of 32 MiB in base64, and what stands around it.
        guard size.intValue <= 64 << 20, let data = try? Data(contentsOf: url),
            let card = try? JSONDecoder().decode(CrashCard.self, from: data)
        else {
            throw PluginHostingError(
                .invalid, file, "\(file) is no crash card; the cards of a district are in its state/crashes/.")
        }
        return card
    }
}
