// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import Foundation
import Merging

struct UndoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Takes one change set back, as a change set of its own.",
        discussion: """
            Every feature becomes what it was before. What is taken back is left alone by later merges until the town \
            delivers again or its source is merged by name. “miaopu log” lists the change sets.
            """)

    @OptionGroup var district: DistrictOption

    @Argument(help: "The number of the change set.")
    var changeSet: Int64

    @Flag(help: "Print what was done as JSON.")
    var json = false

    func run() throws {
        let loaded = try District.load(from: district.directory)
        let done = try Merger(loaded).undo(changeSet: changeSet)
        if json {
            print(try jsonText(done))
            return
        }
        let number = done.changeSet.map { " by change set \($0)" } ?? ""
        print("Change set \(done.undone) was taken back\(number).")
        for layer in done.layers {
            print("  \(layer.id): \(layer.inserted) inserted, \(layer.updated) updated, \(layer.deleted) deleted")
        }
        if !done.sources.isEmpty {
            print("Left alone by later merges until they are delivered again: \(MergeReport.list(done.sources)).")
        }
    }
}
