// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import Foundation
import PluginHosting

struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "Looks after plugins.",
        subcommands: [
            PluginListCommand.self, PluginNewCommand.self, PluginCheckCommand.self, PluginWaiveCommand.self,
            PluginInstallCommand.self, PluginRemoveCommand.self, PluginRollbackCommand.self, PluginImportCommand.self,
            PluginExportCommand.self, PluginTrustCommand.self, PluginReplayCommand.self,
        ])
}

struct PluginImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Hands a file to a plugin's import.",
        discussion:
            "The plugin's README says what it takes. What the plugin held before is replaced, or stays when the file is refused. While the district is served it is the server's plugin that takes it."
    )

    @OptionGroup var district: DistrictOption

    @Argument(help: "The plugin's id.")
    var plugin: String

    @Argument(help: "The file.")
    var file: String

    func run() throws {
        let configuration = PluginHostConfiguration(try District.load(from: district.directory))
        try PluginImporting(configuration: configuration).load(URL(fileURLWithPath: file), into: plugin)
    }
}

struct PluginTrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Lifts the quarantine of a plugin that crashed too often.",
        discussion: "A server that is running starts it again.")

    @OptionGroup var district: DistrictOption

    @Argument(help: "The plugin's id.")
    var plugin: String

    func run() throws {
        let configuration = PluginHostConfiguration(try District.load(from: district.directory))
        // Before it is lifted: that changes what the server has.
        let standing = try? ServedPlugins(configuration)?.standings.first { $0.id == plugin }
        guard try PluginQuarantine(stateFolder: configuration.stateFolder).lift(plugin) else {
            return print("The plugin \(plugin) is not in quarantine.")
        }
        print("The quarantine of the plugin \(plugin) is lifted.")
        guard let standing else { return }
        print("The server that runs \(standing.isLoaded ? "starts it at its next call" : "loads it within seconds").")
    }
}
