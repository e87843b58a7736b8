// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import PluginHosting

extension PluginHostConfiguration {
    /// What of a district cannot be made again.
    static func stateFolder(of district: URL) -> String {
        district.appendingPathComponent("state").path
    }

    /// The plugins of a district: its own folder first, then what was shipped
    /// beside the program.
    init(_ district: District) {
        var folders = [
            PluginFolder(
                path: district.directory.appendingPathComponent("plugins").path, holdsOnlyPlugins: true,
                hosting: .process, needsAdmission: true, mayChange: true)
        ]
        if let executable = InstalledFiles.runningExecutable {
            let beside = executable.deletingLastPathComponent()
            let installed = beside.deletingLastPathComponent().appendingPathComponent("lib/miaopu/plugins")
            folders.append(PluginFolder(path: installed.path, holdsOnlyPlugins: true))
            // Where a build puts them, among other libraries.
            folders.append(PluginFolder(path: beside.path, holdsOnlyPlugins: false))
        }
        var wanted: [String: Hosting?]?
        if !district.plugins.isEmpty {
            wanted = Dictionary(
                district.plugins.map { plugin in
                    (plugin.id, plugin.hosting.flatMap { Hosting(rawValue: $0.rawValue) })
                }, uniquingKeysWith: { first, _ in first })
        }
        self.init(
            folders: folders, plugins: wanted,
            stateFolder: Self.stateFolder(of: district.directory))
        keepsJournal = true
        districtExtent = { DistrictExtent(district).degrees }
        for plugin in district.plugins { budgets[plugin.id] = budget.with(plugin.budget) }
    }
}

extension CallBudget {
    /// The budget with what the district says of one plugin.
    func with(_ wishes: PluginBudget) -> CallBudget {
        var budget = self
        budget.features = wishes.featuresSeconds ?? features
        budget.handle = wishes.handleSeconds ?? handle
        budget.start = wishes.startSeconds ?? start
        budget.others = wishes.otherSeconds ?? others
        budget.stuck = wishes.stuckSeconds ?? stuck
        budget.addressSpaceBytes = wishes.memoryMegabytes.map { $0 << 20 } ?? addressSpaceBytes
        budget.answerBytes = wishes.answerMegabytes.map { $0 << 20 } ?? answerBytes
        return budget
    }
}
