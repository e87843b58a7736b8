// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The plugins of a district that a server serves at the moment, as that server
/// has them. No plugin is asked or started.
public struct ServedPlugins: Sendable {
    /// In the server's order; then files that lie there and that it has not taken
    /// up yet.
    public let standings: [PluginStanding]

    /// Reads what the server wrote down.
    ///
    /// - Returns: nil when no server serves the district.
    /// - Throws: `.failed` when one does, and what it wrote cannot be read.
    public init?(_ configuration: PluginHostConfiguration) throws(PluginHostingError) {
        let state = configuration.stateFolder
        guard ServingRecord.isHeld(stateFolder: state) else { return nil }
        let content: ServingRecord.Content
        do {
            content = try ServingRecord.read(stateFolder: state)
        } catch {
            throw PluginHostingError(
                .failed, state,
                "A server serves the district, and what plugins it has cannot be read from "
                    + "\(ServingRecord.file(in: state)): \(error.localizedDescription); its /catalog says it.")
        }
        let known = Set(content.libraries)
        let waiting = configuration.folders.flatMap { $0.candidates() }.filter { candidate in
            // Beside the program lie libraries that are no plugins.
            !known.contains(candidate.library)
                && (candidate.mustBePlugin || (try? PluginStamp(library: candidate.library)) != nil)
        }
        standings =
            content.standings.map { $0.with(try? PluginReliability(of: $0.id, stateFolder: state)) }
            + waiting.map(PluginStanding.init(waiting:))
    }
}
