// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import DistrictStores
import Foundation
import Merging

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Lists the change sets of the district, the last one first.")

    @OptionGroup var district: DistrictOption

    @Option(name: .customLong("limit"), help: "How many at most.")
    var limit = 20

    @Flag(help: "Print the log as JSON.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is a number of change sets, 1 or more.") }
    }

    func run() throws {
        let loaded = try District.load(from: district.directory)
        let changeSets = try DistrictStore(opening: Merger.store(of: loaded)).changeSets(limit: limit)
        if json {
            print(try jsonText(changeSets))
            return
        }
        print(changeSets.isEmpty ? "The log is empty." : changeSets.map(Self.text).joined(separator: "\n"))
    }

    private static func text(_ changeSet: LoggedChangeSet) -> String {
        var lines = ["\(changeSet.id)  \(changeSet.committedAt)  \(changeSet.summary)"]
        lines += changeSet.layers.map { layer in
            "    \(layer.layer): \(layer.inserted) inserted, \(layer.updated) updated, \(layer.deleted) deleted"
        }
        if let undo = changeSet.undoneBy { lines.append("    taken back by change set \(undo)") }
        if let obstacle = changeSet.obstacle { lines.append("    cannot be taken back: \(obstacle)") }
        return lines.joined(separator: "\n")
    }
}
