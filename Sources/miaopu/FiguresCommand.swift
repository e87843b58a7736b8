// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import DistrictStores
import Foundation
import Merging

struct FiguresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figures",
        abstract: "Lists the figures on which sources differ, for those who answer for them.",
        discussion: """
            A figure is one field of one thing that several sources deliver. `authority:` of a field in layer.yaml \
            says who answers for it.
            """)

    @OptionGroup var district: DistrictOption

    @Argument(help: "Whose figures, as layer.yaml names the authority; everybody's unless told otherwise.")
    var owner: String?

    @Flag(help: "All figures that were compared, not only those that differ.")
    var all = false

    @Flag(help: "Print them as JSON.")
    var json = false

    /// A figure with what it was before.
    private struct Document: Encodable {
        var figure: Figure
        /// The latest first.
        var before: [Figure]
    }

    func run() throws {
        let loaded = try District.load(from: district.directory)
        let store = try DistrictStore(opening: Merger.store(of: loaded))
        let figures = try store.figures()
        if let owner {
            let named = loaded.layers.ids.flatMap { loaded.layers[$0]?.authorities.map(\.authority) ?? [] }
            let known = Set(named).union(figures.map(\.owner))
            guard known.contains(owner) else {
                let list = known.isEmpty ? "no field has one" : "there are \(known.sorted().joined(separator: ", "))"
                throw ValidationError("“\(owner)” is the authority of no field in layer.yaml; \(list).")
            }
        }
        let wanted = figures.filter { figure in
            (owner == nil || figure.owner == owner) && (figure.state == .differs || (all && figure.state != .single))
        }
        let documents = try wanted.map { Document(figure: $0, before: Array(try store.history(of: $0).dropFirst())) }
        if json {
            print(try jsonText(documents))
        } else if documents.isEmpty {
            print(all ? "No figure was compared." : "No figure differs.")
        } else {
            print(documents.map(Self.text).joined(separator: "\n"))
        }
    }

    private static func text(_ document: Document) -> String {
        let figure = document.figure
        var lines = ["\(figure.layer) \(figure.feature), \(figure.field) (\(figure.owner)): \(Self.state(figure))"]
        lines += figure.answers.map { answer in
            let day = answer.asOf.map { ", as of \($0)" } ?? ""
            let isShown = answer.hasAuthority && answer.value == figure.value
            let mark = (answer.hasAuthority ? "   the authority" : "") + (isShown ? ", shown on the map" : "")
            return "    \(answer.value)   \(answer.path), record \(answer.row), source \(answer.source)\(day)\(mark)"
        }
        for before in document.before {
            let values = before.answers.map { "\($0.source) \($0.value)" }.joined(separator: ", ")
            lines.append("  before: \(Self.state(before))\(values.isEmpty ? "" : ": \(values)")")
        }
        return lines.joined(separator: "\n")
    }

    private static func state(_ figure: Figure) -> String {
        let day = figure.committedAt.map { " of \($0.prefix(10))" } ?? ""
        return "\(figure.state.words) since change set \(figure.changeSet)\(day)"
    }
}
