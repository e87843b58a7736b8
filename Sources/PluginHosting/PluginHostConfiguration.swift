// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// What a plugin host is given.
public struct PluginHostConfiguration: Sendable {
    /// Where a plugin runs.
    public enum Hosting: String, Hashable, Sendable, CaseIterable {
        /// In this process.
        case inProcess = "in-process"
        /// In a child of this program.
        case process
    }

    /// Where libraries are looked for, in order; the first of an id wins.
    public var folders: [PluginFolder]
    /// By plugin id, what the district asks for; no hosting: that of the folder.
    /// Nil: every plugin that is found.
    public var plugins: [String: Hosting?]?
    /// The one plugin that is started of those; nil: all.
    var only: String?
    /// The folder of the plugins' databases, `<id>.sqlite` each.
    public var stateFolder: String
    /// How a library is tried before it is loaded.
    public var probe: PluginProbe
    /// The version of the host, for the plugins.
    public var hostVersion: String
    /// Languages of the district, the first preferred.
    public var languages: [String]
    /// Whether calls of plugins in this process are written down, so that one that
    /// takes it down is known at the next start; and what earlier processes left
    /// is read. Signals of faults are then handled by this module.
    public var keepsJournal = false
    /// The rectangle of the district's features in OGC:CRS84, for the check of
    /// plugins; nil when there are none. Asked only when a plugin is checked.
    public var districtExtent: @Sendable () -> Envelope? = { nil }
    /// What a call of a plugin may cost.
    public var budget = CallBudget()
    /// By plugin id, what its calls may cost where that is not `budget`.
    public var budgets: [String: CallBudget] = [:]
    /// Whether this is the host that serves the district, and no command that looks
    /// at something: its calls count in the plugins' public figures, and it writes
    /// down what plugins it has, for commands beside it.
    public var servesDistrict = false

    /// Describes a host.
    public init(
        folders: [PluginFolder], plugins: [String: Hosting?]? = nil, stateFolder: String,
        probe: PluginProbe = .child(executable: nil), hostVersion: String = "1.0.0", languages: [String] = ["zh", "en"]
    ) {
        self.folders = folders
        self.plugins = plugins
        self.stateFolder = stateFolder
        self.probe = probe
        self.hostVersion = hostVersion
        self.languages = languages
    }

    /// What calls of a plugin may cost; of one that is not known yet, the usual.
    func budget(of id: String?) -> CallBudget {
        id.flatMap { budgets[$0] } ?? budget
    }

    /// The check that plugins have to pass.
    var check: PluginCheck {
        var check = PluginCheck(executable: probe.executable)
        check.districtExtent = districtExtent()
        return check
    }

    /// Whether a plugin is to run.
    func wants(_ id: String) -> Bool {
        (only ?? id) == id && (plugins?.keys.contains(id) ?? true)
    }
}
