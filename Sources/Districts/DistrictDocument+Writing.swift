// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

extension DistrictDocument {
    /// The text of `district.yaml`.
    public var text: String {
        var lines: [String] = []
        lines += notes.flatMap(Self.comment)
        if !lines.isEmpty { lines.append("") }
        lines.append("name: \(YAMLText.scalar(name))")
        let grid = "{ crs: \(YAMLText.quoted(grid.crs)), precision: \(grid.precision) }"
        lines.append("grid: \(grid)    # metres; every stored coordinate is a multiple")
        if let policy { lines.append("policy: { gcj02: \(policy.gcj02.rawValue) }") }
        lines += ["", "towns:"]
        for town in towns {
            lines.append("  - { code: \(YAMLText.quoted(town.code)), name: \(YAMLText.scalar(town.name)) }")
        }
        if towns.isEmpty { lines.append("  # - { code: \"310112108\", name: 梅陇镇 }") }
        lines += ["", "sources:"]
        for (index, source) in sources.enumerated() {
            if index > 0 { lines.append("") }
            lines += source.lines
        }
        if !plugins.isEmpty {
            lines += ["", "plugins:"]
            for plugin in plugins {
                let hosting = plugin.hosting.map { " { hosting: \($0.rawValue) }" } ?? ""
                lines.append("  \(YAMLText.scalar(plugin.id)):\(hosting)")
            }
        }
        if !skipped.isEmpty {
            lines += ["", "# Left out:"]
            for (file, reason) in skipped { lines.append("#   \(YAMLText.comment("\(file): \(reason)"))") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes `district.yaml` into a folder in one step: the file is there wholly
    /// or not at all.
    ///
    /// - Throws: the system's error when the folder cannot be written to.
    public func write(to directory: URL) throws {
        try Data(text.utf8).write(to: directory.appendingPathComponent(District.fileName), options: .atomic)
    }

    /// A sentence as comment lines of at most 80 columns.
    static func comment(_ sentence: String) -> [String] {
        var lines: [String] = []
        var line = "#"
        for word in YAMLText.comment(sentence).split(separator: " ") {
            if line.count + 1 + word.count > 80, line != "#" {
                lines.append(line)
                line = "#"
            }
            line += " \(word)"
        }
        return lines + [line]
    }
}

extension SourceProposal {
    /// The source as an element of the list, indented by two.
    fileprivate var lines: [String] {
        var lines = notes.flatMap(DistrictDocument.comment).map { "  " + $0 }
        lines.append("  - id: \(YAMLText.scalar(id))")
        func add(_ key: String, _ proposal: Proposal?, quoted: Bool = false) {
            guard let proposal else { return }
            let value = quoted ? YAMLText.quoted(proposal.value) : YAMLText.scalar(proposal.value)
            lines.append(Self.line("    ", key, value, proposal.comment, isCommentedOut: proposal.isCommentedOut))
        }
        add("town", town, quoted: true)
        if !isDrawing { add("layer", layer) }
        lines.append("    path: \(YAMLText.scalar(path))")
        if let crs, let fittedFrom, crs.value.hasPrefix("fit:") {
            let points = YAMLText.scalar(String(crs.value.dropFirst(4)))
            let value = "{ fit: \(points), from: \(YAMLText.quoted(fittedFrom)) }"
            lines.append(Self.line("    ", "crs", value, crs.comment, isCommentedOut: crs.isCommentedOut))
        } else {
            add("crs", crs)
        }
        add("encoding", encoding)
        if from != SourceSelection() { lines.append("    from: { \(from.flow) }") }
        if let asOf {
            let value = CalendarDate(asOf.value)?.description ?? YAMLText.quoted(asOf.value)
            lines.append(Self.line("    ", "as_of", value, asOf.comment, isCommentedOut: asOf.isCommentedOut))
        }
        if let drawing { lines.append("    drawing: { \(drawing.flow) }") }
        lines += drawingLines
        if !isDrawing { lines += fieldLines + valueLines }
        if authority != 0 { lines.append("    authority: \(authority)") }
        return lines
    }

    private var drawingLines: [String] {
        if drawingTable.isEmpty { return [] }
        let head = isDrawing ? ["    drawing:", "      table:"] : ["    # drawing:", "    #   table:"]
        return head
            + drawingTable.map { row in
                let names = row.from.map(YAMLText.scalar).joined(separator: ", ")
                let tail = row.comment.map { "    # \(YAMLText.comment($0))" } ?? ""
                let start = isDrawing ? "        \(row.isCommentedOut ? "# " : "")" : "    #     "
                return "\(start)- { layer: \(row.layer ?? "…"), from: [\(names)] }\(tail)"
            }
    }

    private var fieldLines: [String] {
        if fields.isEmpty { return [] }
        var lines = [fields.allSatisfy(\.isCommentedOut) ? "    # fields:" : "    fields:"]
        for field in fields {
            let from = YAMLText.scalar(field.from)
            let value = field.unit.map { "{ from: \(from), unit: \(YAMLText.scalar($0)) }" } ?? from
            let key = field.field.map(YAMLText.scalar) ?? "…"
            lines.append(Self.line("      ", key, value, field.comment, isCommentedOut: field.isCommentedOut))
        }
        return lines
    }

    private var valueLines: [String] {
        var lines: [String] = []
        for (field, words) in values where !words.isEmpty {
            let isEmpty = words.allSatisfy { $0.code == nil }
            lines.append("      \(isEmpty ? "# " : "")\(YAMLText.scalar(field)):")
            for word in words {
                lines.append(
                    Self.line(
                        "        ", YAMLText.scalar(word.word), word.code.map(YAMLText.scalar) ?? "…", word.comment,
                        isCommentedOut: word.code == nil))
            }
        }
        if lines.isEmpty { return [] }
        let isEmpty = values.allSatisfy { $0.words.allSatisfy { $0.code == nil } }
        return [isEmpty ? "    # values:" : "    values:"] + lines
    }

    private static func line(
        _ indent: String, _ key: String, _ value: String, _ comment: String?, isCommentedOut: Bool
    ) -> String {
        let tail = comment.map { "    # \(YAMLText.comment($0))" } ?? ""
        return "\(indent)\(isCommentedOut ? "# " : "")\(key): \(value)\(tail)"
    }
}

extension SourceSelection {
    /// As the inside of a flow mapping.
    fileprivate var flow: String {
        let entries = [("layer", layer), ("where", condition), ("x", x), ("y", y), ("address", address)]
        return entries.compactMap { key, value in value.map { "\(key): \(YAMLText.scalar($0))" } }
            .joined(separator: ", ")
    }
}

extension DrawingSelection {
    /// As the inside of a flow mapping; `close_m` and `arc_m` only where they are
    /// not the usual ones.
    fileprivate var flow: String {
        func list(_ names: [String]) -> String { "[\(names.map(YAMLText.quoted).joined(separator: ", "))]" }
        var entries = ["from: \(list(layers))"]
        if !labels.isEmpty {
            let words = labels.map { label in
                let several = label.several == .none ? "" : ", several: \(label.several.rawValue)"
                return "\(YAMLText.scalar(label.field)): { from: \(list(label.layers))\(several) }"
            }
            entries.append("labels: { \(words.joined(separator: ", ")) }")
        }
        if closing != Self.defaultClosing { entries.append("close_m: \(closing)") }
        if arcTolerance != Self.defaultArcTolerance { entries.append("arc_m: \(arcTolerance)") }
        return entries.joined(separator: ", ")
    }
}
