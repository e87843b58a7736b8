// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import Foundation
import Merging

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Brings changed sources onto the grid and into district.gpkg, and prints the report.",
        discussion: "The report is also written to .miaopu/reports. Nothing is changed unless all is done.")

    @OptionGroup var district: DistrictOption

    @Argument(help: "The ids of the sources to merge; left out: all, and those no longer named are taken out.")
    var sources: [String] = []

    @Option(
        name: .customLong("accept"),
        help: ArgumentHelp(
            "The id of a source that is taken although it is older or far smaller than what the district holds.",
            valueName: "source"))
    var accepted: [String] = []

    @Flag(help: "Do all the work, print what would change, and keep nothing of it.")
    var plan = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() throws {
        let loaded = try District.load(from: district.directory)
        let interruption = Interruption()
        var options = Merger.Options()
        options.sources = sources.isEmpty ? nil : Set(sources)
        options.accepted = Set(accepted)
        options.isPlan = plan
        options.isCancelled = { interruption.isRequested }
        let progress = ProgressLine(isQuiet: json)
        options.progress = { progress.show($0) }
        let report = try Merger(loaded, options: options).run()
        progress.clear()
        print(json ? try report.json() : report.text, terminator: json ? "\n" : "")
        if report.needsPerson { throw ExitStatus.needsPerson }
    }
}
