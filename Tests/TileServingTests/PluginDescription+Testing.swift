// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

@testable import PluginHosting

extension PluginDescription {
    /// A plugin that runs and has nothing to show.
    static func running(_ id: String, folder: String? = nil) -> PluginDescription {
        PluginDescription(
            id: id, titles: [:], summaries: [:], version: "1.0.0", contractVersion: 1, library: "/libs/\(id).so",
            state: .running, hosting: .inProcess, permissions: [], pages: [], exports: [], layers: [],
            note: nil, folder: folder)
    }
}
