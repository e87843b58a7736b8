// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores

extension MergeReport {
    /// The report as plain text, at most a hundred columns wide where names allow.
    public var text: String {
        var lines: [String] = []
        lines.append("\(district) on \(grid): \(headline)")
        if !sources.isEmpty {
            lines.append("")
            lines += countTable
        }
        if isPlan, !schema.isEmpty {
            lines += ["", "Fields, and what fills them"] + schemaLines
        }
        appendSentences("Shifted, or taken as equal", \.shiftSentences, to: &lines)
        appendSentences("To know", \.notesAndIssues, to: &lines)
        appendSeams(to: &lines)
        appendGridCodes(to: &lines)
        appendFigures(to: &lines)
        appendMatches(to: &lines)
        appendSentences("Needs a person", \.needs, to: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        let changed = layers.reduce(0) { $0 + $1.inserted + $1.updated + $1.deleted }
        let read = sources.filter { $0.outcome == .merged }.count
        let quarantined = sources.filter { $0.outcome == .quarantined }.count
        guard let changeSet else {
            let nothing = isPlan ? "nothing would change" : "nothing changed"
            return quarantined == 0
                ? "\(nothing)." : "\(nothing); \(Self.count(quarantined, "source")) quarantined."
        }
        let quarantine = quarantined == 0 ? "" : ", \(quarantined) quarantined"
        if isPlan {
            return "a plan; nothing was done. A merge would make change set \(changeSet): "
                + "\(Self.count(read, "source")) read\(quarantine), \(Self.count(changed, "feature")) changed."
        }
        return "change set \(changeSet), \(Self.count(read, "source")) read\(quarantine), "
            + "\(Self.count(changed, "feature")) changed."
    }

    private var countTable: [String] {
        let header = ["source", "layer", "", "read", "accepted", "repaired", "rejected", "skipped"]
        let rows = sources.map { source in
            [source.id, source.layer, source.outcome.rawValue]
                + [
                    source.counts.read, source.counts.accepted, source.counts.repaired, source.counts.rejected,
                    source.counts.skipped,
                ].map(String.init)
        }
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([header] + rows).map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column < 3 ? cell + padding : padding + cell
            }.joined(separator: "  ")
        }
    }

    private func appendSeams(to lines: inout [String]) {
        let found = seams.filter { !$0.sentences.isEmpty }
        guard !found.isEmpty else { return }
        lines += ["", "Where deliveries meet (each place is in the table miaopu_seams)"]
        for layer in found { lines += ["  \(layer.layer)"] + layer.sentences.map { "    \($0)" } }
    }

    private func appendSentences(
        _ title: String, _ sentences: (Source) -> [String], to lines: inout [String]
    ) {
        let groups = SentenceGroup.groups(of: sources.map { ($0.id, sentences($0)) })
        guard !groups.isEmpty else { return }
        lines.append("")
        lines.append(title)
        for group in groups {
            lines += group.heading(sources: sources.count).map { "  \($0)" } + group.sentences.map { "    \($0)" }
        }
    }

    /// Names for a sentence: all of a few, the first of many.
    public static func list(_ names: [String]) -> String {
        let listed = 8
        guard names.count > listed else { return names.joined(separator: ", ") }
        return names.prefix(listed).joined(separator: ", ") + " and \(names.count - listed) more"
    }

    static func count(_ count: Int, _ noun: String) -> String {
        Self.count(count, noun, "\(noun)s")
    }

    static func count(_ count: Int, _ noun: String, _ plural: String) -> String {
        "\(count) \(count == 1 ? noun : plural)"
    }
}

extension MergeReport.Source {
    fileprivate var shiftSentences: [String] {
        var sentences: [String] = []
        if let shift {
            sentences.append(
                "\(crs ?? "?"): moved by \(shift.mean.inMeters) on average "
                    + "(\(shift.smallest.inMeters) to \(shift.largest.inMeters)), accuracy "
                    + "\(accuracyInMeters.map(\.inMeters) ?? "unknown").")
        }
        return sentences + steps.filter { $0.contains("null") }
    }

    fileprivate var notesAndIssues: [String] {
        notes
            + issues.map { issue in
                "\(issue.name): \(MergeReport.count(issue.count, "record")) \(issue.kind.rawValue), "
                    + "such as: \(issue.example)"
            }
    }
}

extension Double {
    /// Metres with one decimal above a metre and three below.
    fileprivate var inMeters: String {
        let digits = abs(self) >= 1 ? 10.0 : 1000.0
        return "\((self * digits).rounded() / digits) m"
    }
}
