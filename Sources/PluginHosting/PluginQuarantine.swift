// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages

/// The plugins that crashed too often and are not started.
public struct PluginQuarantine: Sendable {
    private let stateFolder: String

    /// Names the folder of `PluginHostConfiguration.stateFolder`.
    public init(stateFolder: String) {
        self.stateFolder = stateFolder
    }

    /// Lets a plugin be started again, with no crash to its name.
    ///
    /// - Returns: whether it was in quarantine.
    /// - Throws: `.invalid` for an id that is none, `.failed` when the state
    ///   folder cannot be written to.
    public func lift(_ plugin: String) throws(PluginHostingError) -> Bool {
        guard PluginContract.isIdentifier(plugin) else {
            throw PluginHostingError(
                .invalid, plugin,
                "\"\(plugin.prefix(40))\" is no plugin's id; an id is 1 to 32 of a-z, 0-9 and -, beginning with a letter."
            )
        }
        let inquest = HostInquest(stateFolder: stateFolder)
        // What there was no room for is written down first: the evidence of it
        // would bring the quarantine back.
        var complaint: String?
        if inquest.unwrittenHistory(of: plugin) != nil {
            inquest.hold { complaint = $1 }
            CrashFile.finish()
            guard inquest.unwrittenHistory(of: plugin) == nil else {
                throw PluginHostingError(
                    .failed, plugin, "The quarantine of \(plugin) cannot be lifted. \(complaint ?? "")")
            }
        }
        do {
            return try CrashLedger(plugin: plugin, stateFolder: stateFolder).trust()
        } catch {
            throw PluginHostingError(
                .failed, plugin, "The quarantine of \(plugin) cannot be lifted: \(error.localizedDescription)")
        }
    }

    /// The history of a plugin that is in quarantine, also when there was no room
    /// to write that down; nil for every other.
    func history(of plugin: String) -> CrashHistory? {
        let history = CrashLedger(plugin: plugin, stateFolder: stateFolder).history
        return history.isQuarantined ? history : HostInquest(stateFolder: stateFolder).unwrittenHistory(of: plugin)
    }
}
