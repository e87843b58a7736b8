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
    var authority: String?

    @Flag(help: "All figures that were compared, not only those that differ.")
    var all = false

    @Flag(help: "Print them as JSON.")
    var json = false

    /// A figure with what it was before.
    private struct Document: Encodable {
        var figure: Figure
        /// The change set since which it stands so, and when that was committed.
        var since: Int64
        var sinceTime: String?
        /// What it was before that, the latest first.
        var before: [Figure]

        /// - Parameter history: the latest first.
        init?(_ history: [Figure]) {
            guard let figure = history.first else { return nil }
            self.figure = figure
            // Sources that differ may deliver the same again.
            let same = history.prefix { $0.state == figure.state && $0.values == figure.values }
            since = same.last?.changeSet ?? figure.changeSet
            sinceTime = same.last?.committedAt
            before = Array(history.dropFirst(same.count))
        }
    }

    func run() throws {
        let loaded = try District.load(from: district.directory)
        let store = try DistrictStore(opening: Merger.store(of: loaded))
        let figures = try store.figures()
        if let authority {
            let named = loaded.layers.ids.flatMap { loaded.layers[$0]?.authorities.map(\.authority) ?? [] }
            let known = Set(named).union(figures.map(\.authority))
            guard known.contains(authority) else {
                let list = known.isEmpty ? "no field has one" : "there are \(known.sorted().joined(separator: ", "))"
                throw ValidationError("“\(authority)” is the authority of no field in layer.yaml; \(list).")
            }
        }
        let wanted = figures.filter { figure in
            guard authority == nil || figure.authority == authority else { return false }
            return figure.state == .differs || (all && figure.state != .single)
        }
        let documents = try wanted.compactMap { Document(try store.history(of: $0)) }
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
        let state = Self.state(figure, since: document.since, document.sinceTime)
        var lines = ["\(figure.layer) \(figure.feature), \(figure.field) (\(figure.authority)): \(state)"]
        lines += figure.answers.map { answer in
            let day = answer.asOf.map { ", as of \($0)" } ?? ""
            let isShown = answer.hasAuthority && answer.value == figure.value
            let mark = (answer.hasAuthority ? "   the authority" : "") + (isShown ? ", shown on the map" : "")
            return "    \(answer.value)   \(answer.path), record \(answer.row), source \(answer.source)\(day)\(mark)"
        }
        for before in document.before {
            let values = before.answers.map { "\($0.source) \($0.value)" }.joined(separator: ", ")
            lines.append("  before: \(Self.state(before, since: before.changeSet, before.committedAt))\(values.isEmpty ? "" : ": \(values)")")
        }
        return lines.joined(separator: "\n")
    }

    private static func state(_ figure: Figure, since changeSet: Int64, _ time: String?) -> String {
        let day = time.map { " of \($0.prefix(10))" } ?? ""
        return "\(figure.state.words) since change set \(changeSet)\(day)"
    }
}

extension Figure {
    /// Who says what.
    fileprivate var values: [[String]] { answers.map { [$0.source, $0.value] } }
}
