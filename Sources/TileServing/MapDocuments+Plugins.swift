// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginHosting

/// The plugins of a host, as far as they may be told.
struct ShownPlugins: Sendable {
    /// In the host's order; those that run first.
    var plugins: [PluginDescription]
    /// Of a plugin by its id; may read files.
    var reliability: @Sendable (_ plugin: String) -> PluginReliability?
    /// Folders that are kept out of sentences.
    var folders: [String] = []

    /// Plugins that are listed: a folder may hold any number of files.
    static let most = 300

    init(_ gateway: PluginGateway, access: AccessRules) {
        let all = gateway.plugins() + gateway.outOfService()
        plugins = Array(all.filter { !access.hides($0) }.prefix(Self.most))
        reliability = gateway.reliability
        folders = gateway.folders
    }
}

extension AccessRules {
    /// Whether nothing of a plugin is told. One that never said its id is known
    /// by the name of its file, which says enough when the id stands in it.
    fileprivate func hides(_ plugin: PluginDescription) -> Bool {
        hidesPlugin(plugin.id) || (plugin.version.isEmpty && hidesPlugin(inName: plugin.id))
    }
}

extension MapDocuments {
    /// A plugin with its state. What it would put on the map, and where it would
    /// answer, is told while it runs.
    func entry(of plugin: PluginDescription, in shown: ShownPlugins) -> [String: Any] {
        let path = "\(base)/plugins/\(plugin.id)"
        let reliability = shown.reliability(plugin.id)
        let standing = PluginStanding(plugin).with(reliability)
        let isThere = plugin.state == .running
        var entry: [String: Any] = [
            "id": plugin.id, "titles": plugin.titles, "summaries": plugin.summaries, "version": plugin.version,
            "permissions": plugin.permissions, "state": standing.state.rawValue,
            "layers": plugin.layers.map(\.id).filter { !catalogue.access.hidesLayer($0) },
            "pages": (isThere ? plugin.pages : []).map {
                ["titles": $0.titles, "url": path + $0.path] as [String: Any]
            },
            "exports": (isThere ? plugin.exports : []).map {
                ["name": $0.name, "titles": $0.titles, "url": path + $0.path, "fileName": $0.fileName] as [String: Any]
            },
        ]
        let sentences = PublicSentence(
            folders: shown.folders + [(plugin.library as NSString).deletingLastPathComponent])
        entry["hosting"] = plugin.hosting?.rawValue
        entry["reason"] = standing.reason.map(sentences.text)
        entry["note"] = plugin.note.map(sentences.text)
        entry["reliability"] = reliability.map(figures)
        return entry
    }
}
