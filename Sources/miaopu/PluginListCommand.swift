// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import Foundation
import PluginHosting

struct PluginListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the district's plugins with version, contract version, layers and figures.",
        discussion: """
            While the district is served nothing is started: it says what the server has. Otherwise the plugins are \
            started as a server would start them. Exits with 1 when a plugin was refused or is in quarantine.
            """)

    @OptionGroup var district: DistrictOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let configuration = PluginHostConfiguration(try District.load(from: district.directory))
        let (standings, isServed) = try Self.standings(configuration)
        let admissions = PluginAdmissions(stateFolder: configuration.stateFolder)
        let reliability = PluginReliabilityText(stateFolder: configuration.stateFolder)
        let entries = standings.map { Entry($0, reliability, waiver: admissions.waiver(of: $0.library)) }
        if json {
            print(try jsonText(entries))
        } else {
            for (standing, entry) in zip(standings, entries) { print(Self.text(of: standing, entry, reliability)) }
            if standings.isEmpty { print("There are no plugins.") }
            if isServed { print("The district is served; this is what the server has.") }
        }
        if standings.contains(where: \.needsPerson) { throw ExitStatus.needsPerson }
    }

    /// The server's, or those of plugins that are started for it; another command
    /// that has them is waited for.
    private static func standings(
        _ configuration: PluginHostConfiguration
    ) throws -> (standings: [PluginStanding], isServed: Bool) {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if let served = try ServedPlugins(configuration) { return (served.standings, true) }
            if let turn = PluginTurn(stateFolder: configuration.stateFolder) {
                return withExtendedLifetime(turn) {
                    let host = PluginHost(configuration)
                    defer { host.stop() }
                    return (host.descriptions.map { PluginStanding($0).with(host.reliability(of: $0.id)) }, false)
                }
            }
            usleep(100_000)
        }
        throw CommandError(
            .needsPerson, "Another command has had the district's plugins for 60 s; try again when it has ended.")
    }

    private static func text(
        of plugin: PluginStanding, _ entry: Entry, _ reliability: PluginReliabilityText
    ) -> String {
        let title = plugin.titles["zh"].map { "  \($0)" } ?? ""
        let reason = plugin.reason ?? ""
        var lines = ["\(plugin.id) \(plugin.version)\(title)"]
        switch plugin.state {
        case .running:
            lines[0] += "  contract \(plugin.contractVersion.map(String.init) ?? "?")"
            if plugin.hosting == PluginHostConfiguration.Hosting.process.rawValue {
                lines[0] += "  in a process of its own"
            }
        case .off: lines[0] += "  off: \(reason)"
        case .waiting: lines = ["\(plugin.id): waits: \(reason)"]
        case .refused: lines = ["\(plugin.id): refused: \(reason)"]
        case .quarantined: lines = ["\(plugin.id): in quarantine: \(reason)"]
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

        init(_ plugin: PluginStanding, _ figures: PluginReliabilityText, waiver: PluginAdmissions.Waiver?) {
            self.waiver = waiver
            note = plugin.note
            reliability = figures.entry(of: plugin.id)
            id = plugin.id
            titles = plugin.titles
            version = plugin.version
            contract = plugin.contractVersion
            hosting = plugin.hosting
            layers = plugin.layers.map { Layer(id: $0.id, title: $0.titles["zh"] ?? $0.id) }
            state = plugin.state.rawValue
            reason = plugin.reason
        }
    }
}
