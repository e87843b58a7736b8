// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import Foundation
import Merging

struct SlipCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slip",
        abstract: "Writes what a town should correct: its rejected and altered records, with the reasons.",
        discussion: """
            The files are in the town's own format, encoding, reference system and fields, with the coordinates that \
            it delivered, and two columns more: mp_reason and mp_slip. A corrected slip goes into maps/ and under \
            `corrections:` of its source in district.yaml.
            """)

    @OptionGroup var district: DistrictOption

    @Argument(help: "The town's code or name.")
    var town: String

    @Option(name: .shortAndLong, help: "The folder to make; .miaopu/slips/TOWN unless told otherwise.")
    var output: String?

    @Flag(help: "Print what was written as JSON.")
    var json = false

    func run() throws {
        let loaded = try District.load(from: district.directory)
        let interruption = Interruption()
        var options = Merger.Options()
        options.isCancelled = { interruption.isRequested }
        let progress = ProgressLine(isQuiet: json)
        options.progress = { progress.show($0) }
        let folder = output.map { URL(fileURLWithPath: $0, isDirectory: true).standardizedFileURL }
        let report = try Merger(loaded, options: options).slip(of: town, to: folder)
        progress.clear()
        print(json ? try jsonText(report) : report.text, terminator: json ? "\n" : "")
        if !report.needs.isEmpty { throw ExitStatus.needsPerson }
    }
}
