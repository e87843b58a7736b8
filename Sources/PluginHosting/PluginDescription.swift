// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// What there is to say of a plugin that was found.
public struct PluginDescription: Sendable {
    /// Whether it runs.
    public enum State: Hashable, Sendable {
        /// Loaded and started.
        case running
        /// Not loaded or not started; one sentence says why.
        case refused(String)
        /// Found, but the district does not ask for it.
        case off
    }

    /// The plugin's id; for one that never said it, the name of its file, or of its
    /// folder when it is a command.
    public let id: String
    /// By language tag; empty when it is not known.
    public let titles: [String: String]
    /// By language tag; empty when there is none.
    public let summaries: [String: String]
    /// `major.minor.patch`; empty when it is not known.
    public let version: String
    /// Nil when it is not known.
    public let contractVersion: UInt32?
    /// The library's path; empty for one that the district asks for and that
    /// was not found.
    public let library: String
    /// Whether it runs.
    public let state: State
    /// Where it runs, or would run; nil when it was refused before that was known.
    public let hosting: PluginHostConfiguration.Hosting?
    /// What it may do beyond layers and pages of its own.
    public let permissions: [String]
    /// Its pages for the map viewer.
    public let pages: [PluginPage]
    /// The files that people can take away.
    public let exports: [PluginExport]
    /// The layers that it registered.
    public let layers: [LiveLayer]
    /// What a person should know of a plugin that runs: that another version of
    /// it waits, or was refused.
    public internal(set) var note: String?
    /// What kind of failure keeps it from running; nil when it runs, and for one
    /// that was not found.
    var refusal: PluginHostingError.Kind?
    /// The folder that it runs from; nil for a single library.
    public internal(set) var folder: String?
}

/// A page of a plugin.
public struct PluginPage: Hashable, Sendable {
    /// Below the plugin's own path, beginning with `/`.
    public let path: String
    /// By language tag.
    public let titles: [String: String]
}

/// A file that a plugin makes.
public struct PluginExport: Hashable, Sendable {
    /// Unique in the plugin.
    public let name: String
    /// By language tag.
    public let titles: [String: String]
    /// Below the plugin's own path, beginning with `/`.
    public let path: String
    /// What the file is called when it is kept.
    public let fileName: String
}

extension PluginDescription {
    /// What is known of a plugin, most of it by its manifest.
    init(
        _ manifest: WireManifest?, id: String, library: String, state: State,
        hosting: PluginHostConfiguration.Hosting?, layers: [LiveLayer] = []
    ) {
        self.init(
            id: manifest?.id ?? id, titles: manifest?.title.titles ?? [:], summaries: manifest?.summary.titles ?? [:],
            version: manifest?.version ?? "", contractVersion: manifest?.contractVersion, library: library,
            state: state, hosting: hosting, permissions: manifest?.permissions ?? [],
            pages: manifest?.pages.map { PluginPage(path: $0.path, titles: $0.title.titles) } ?? [],
            exports: manifest?.exports.map {
                PluginExport(name: $0.name, titles: $0.title.titles, path: $0.path, fileName: $0.fileName)
            } ?? [], layers: layers)
    }
}
