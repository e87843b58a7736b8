// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What became of one library that was found.
struct PluginOutcome: Sendable {
    /// The library in the state in which it was looked at last.
    var sighting: PluginSighting
    /// The copy that it was loaded from, or was to be.
    var copy = ""
    /// What the district said of the plugin when it was loaded.
    var settings: Settings?
    /// What it said when that was last looked at; it takes effect later where a
    /// plugin cannot be replaced.
    var seen: Settings?
    /// Nil: nobody said that it is a plugin, and it is none.
    var description: PluginDescription?
    /// Nil unless it runs.
    var plugin: LoadedPlugin?
    /// Why it does not run.
    var error: PluginHostingError?
    /// How the list of admissions was when it was refused by it; a person may let
    /// it in later.
    var admissions: String?
    /// Whether another library has its id: it may run when that one goes.
    var isTaken = false

    /// What the district says of one plugin.
    struct Settings: Hashable, Sendable {
        var isWanted: Bool
        var hosting: PluginHostConfiguration.Hosting
        var budget: CallBudget
    }

    var isRunning: Bool { plugin != nil }

    /// One that runs in this process cannot be replaced in it.
    var isInProcess: Bool { isRunning && settings?.hosting == .inProcess }

    var library: String { sighting.candidate.library }
}

extension PluginHostConfiguration {
    func settings(of id: String, _ candidate: PluginFolder.Candidate) -> PluginOutcome.Settings {
        PluginOutcome.Settings(
            isWanted: wants(id),
            hosting: candidate.isCommand ? .process : (plugins?[id] ?? nil) ?? candidate.hosting,
            budget: budget(of: id))
    }
}
