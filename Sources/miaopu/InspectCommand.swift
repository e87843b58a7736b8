// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Formats
import Foundation

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Says what is in a file: layers, counts, encoding, reference system, defects.",
        discussion: "Exits with 1 when a file is refused or a record in it cannot be read.")

    @Argument(help: "Files, and folders that end in .gdb.")
    var files: [String]

    @Option(help: "Read the text in this encoding (GBK, UTF-8 …) instead of the one that the file suggests.")
    var encoding: String?

    @Flag(help: "Print JSON: a list with one object for each file.")
    var json = false

    func run() throws {
        let interruption = Interruption()
        var inspections: [Inspection] = []
        var needsPerson = false
        for file in files {
            let path = URL(fileURLWithPath: file).standardizedFileURL.path
            do {
                let inspection = try Inspector.inspect(
                    DatasetRequest(path: path, encoding: encoding), isCancelled: { interruption.isRequested })
                inspections.append(inspection)
                needsPerson = needsPerson || inspection.hasDefects
                if !json { print(InspectionText(inspection).text) }
            } catch let error as FormatsError where error.kind != .system {
                if interruption.isRequested { throw ExitStatus.interrupted }
                needsPerson = true
                ExitStatus.say(error.description)
            }
        }
        if json {
            print(try jsonText(inspections))
        }
        if needsPerson { throw ExitStatus.needsPerson }
    }
}

extension Inspection {
    fileprivate var hasDefects: Bool {
        layers.contains { $0.stop != nil || ($0.balance?.rejected ?? 0) > 0 }
    }
}
