// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Demonstrating
import Districts
import Foundation
import PluginHosting

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Writes a complete demo district.",
        discussion: """
            Fourteen towns deliver in seven kinds of reference systems, three encodings and most formats that are \
            read, with the mistakes that towns make; the five shipped plugins get data. The same scale and seed give \
            the same files.
            """)

    @Argument(help: "The folder to write; made if it is not there.")
    var directory: String

    @Option(help: "1 is about 60,000 features, 16 about a million; up to 64.")
    var scale = 1

    @Option(help: "Another seed gives another district.")
    var seed: UInt64 = 1

    @Flag(help: "Plant faults for a merge to find, and write down which in truth.json.")
    var faults = false

    func run() throws {
        guard (1...64).contains(scale) else {
            throw CommandError(.wrongUse, "The scale \(scale) is not possible; 1 to 64 are accepted.")
        }
        let url = URL(fileURLWithPath: directory, isDirectory: true).standardizedFileURL
        let progress = ProgressLine(isQuiet: false)
        let summary: DemoDistrict.Summary
        do {
            summary = try DemoDistrict.write(to: url, scale: scale, seed: seed, withFaults: faults) {
                progress.show($0)
            }
        } catch let error as DemonstratingError {
            throw CommandError(.wrongUse, error.description)
        }
        progress.clear()
        try importPluginData(of: District.load(from: url))
        print(
            "\(summary.features) features of \(summary.sources) sources in \(directory). "
                + "Now: miaopu merge --district \(directory)")
    }

    private func importPluginData(of district: District) throws {
        let importing = PluginImporting(configuration: PluginHostConfiguration(district))
        for plugin in district.plugins {
            let file = district.url(of: "maps/plugins/\(plugin.id)/import.json")
            if FileManager.default.fileExists(atPath: file.path) { try importing.load(file, into: plugin.id) }
        }
    }
}
