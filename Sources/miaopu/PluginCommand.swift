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

struct PluginListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Loads the district's plugins and lists them with version, contract version and layers.",
        discussion: "Exits with 1 when a plugin was refused.")

    @OptionGroup var district: DistrictOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let configuration = PluginHostConfiguration(try District.load(from: district.directory))
        let host = PluginHost(configuration)
        defer { host.stop() }
        let descriptions = host.descriptions
        let admissions = PluginAdmissions(stateFolder: configuration.stateFolder)
        let reliability = PluginReliabilityText(stateFolder: configuration.stateFolder)
        let entries = descriptions.map { Entry($0, reliability, waiver: admissions.waiver(of: $0.library)) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(entries), as: UTF8.self))
        } else {
            for (description, entry) in zip(descriptions, entries) {
                print(Self.text(of: description, entry, reliability))
            }
            if descriptions.isEmpty { print("There are no plugins.") }
        }
        if descriptions.contains(where: { if case .refused = $0.state { true } else { false } }) {
            throw ExitStatus.needsPerson
        }
    }

    private static func text(
        of plugin: PluginDescription, _ entry: Entry, _ reliability: PluginReliabilityText
    ) -> String {
        let title = plugin.titles["zh"].map { "  \($0)" } ?? ""
        var lines = ["\(plugin.id) \(plugin.version)\(title)"]
        switch plugin.state {
        case .running:
            lines[0] += "  contract \(plugin.contractVersion.map(String.init) ?? "?")"
            if plugin.hosting == .process { lines[0] += "  in a process of its own" }
        case .off: lines[0] += "  off: district.yaml does not name it"
        case .refused(let reason): lines = ["\(plugin.id): refused: \(reason)"]
        }
        if let waiver = entry.waiver {
            lines.append("  let in by \(waiver.by) on \(waiver.time.prefix(10)): \(waiver.reason)")
        }
        lines += entry.layers.map { "  layer \($0.id)  \($0.title)" }
        if let note = plugin.note { lines.append("  \(note)") }
        lines += reliability.lines(of: plugin.id).map { "  \($0)" }
        return lines.joined(separator: "\n")
    }

    private struct Entry: Encodable {
        struct Layer: Encodable {
            var id: String
            var title: String
        }
        var id: String
        var titles: [String: String]
        var version: String
        var contract: UInt32?
        var state: String
        var hosting: String?
        var reason: String?
        var layers: [Layer]
        var note: String?
        var reliability: PluginReliabilityText.Entry?
        var waiver: PluginAdmissions.Waiver?

        init(_ plugin: PluginDescription, _ figures: PluginReliabilityText, waiver: PluginAdmissions.Waiver?) {
            self.waiver = waiver
            note = plugin.note
            reliability = figures.entry(of: plugin.id)
            id = plugin.id
            titles = plugin.titles
            version = plugin.version
            contract = plugin.contractVersion
            hosting = plugin.hosting?.rawValue
            layers = plugin.layers.map { Layer(id: $0.id, title: $0.titles["zh"] ?? $0.id) }
            switch plugin.state {
            case .running: state = "running"
            case .off: state = "off"
            case .refused(let sentence):
                state = "refused"
                reason = sentence
            }
        }
    }
}

struct PluginImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Hands a file to a plugin's import.",
        discussion:
            "The plugin's README says what it takes. What the plugin held before is replaced, or stays when the file is refused."
    )

    @OptionGroup var district: DistrictOption

    @Argument(help: "The plugin's id.")
    var plugin: String

    @Argument(help: "The file.")
    var file: String

    func run() throws {
        let host = PluginHost(PluginHostConfiguration(try District.load(from: district.directory)))
        defer { host.stop() }
        try PluginImporting(host: host).load(URL(fileURLWithPath: file), into: plugin)
    }
}

struct PluginTrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Lifts the quarantine of a plugin that crashed too often.",
        discussion: "Its next call starts it again, also in a server that is running.")

    @OptionGroup var district: DistrictOption

    @Argument(help: "The plugin's id.")
    var plugin: String

    func run() throws {
        let configuration = PluginHostConfiguration(try District.load(from: district.directory))
        print(
            try PluginQuarantine(stateFolder: configuration.stateFolder).lift(plugin)
                ? "The quarantine of the plugin \(plugin) is lifted."
                : "The plugin \(plugin) is not in quarantine.")
    }
}
