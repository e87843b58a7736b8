// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts

extension MergeReport {
    /// Records of one source that may be features which the district already had.
    public struct Matches: Sendable, Codable {
        /// A record and the feature that it may be.
        public struct Match: Sendable, Codable, Hashable {
            /// The feature that went.
            public var feature: Int64
            /// What stood for its geometry and values: sixteen hexadecimal digits.
            public var was: String
            /// What stands for the record in `matches/`: sixteen hexadecimal digits.
            public var content: String
            /// The record's number in the file.
            public var record: Int64
            /// The feature that the record is as long as nobody accepts the match.
            public var present: Int64
            /// Of areas: the share of their joint area that both cover.
            public var overlap: Double?
            /// Of lines and points.
            public var distanceInMeters: Double?
            /// Filled fields that hold the same, and the names of those that do not.
            public var equalFields: Int
            public var otherFields: [String]
        }

        public var source: String
        public var layer: String
        /// Where a person answers: `matches/meilong-ponds.yaml`.
        public var file: String
        /// Features that are the same by a person's word.
        public var accepted = 0
        public var openCount = 0
        /// The first that nobody has decided, by id of the feature.
        public var open: [Match] = []

        static let mostListed = 200
        static let mostShown = 10

        init(source: String, layer: String, file: String) {
            (self.source, self.layer, self.file) = (source, layer, file)
        }

        mutating func add(_ match: Match) {
            openCount += 1
            let place = open.firstIndex { ($0.feature, $0.content) > (match.feature, match.content) }
            open.insert(match, at: place ?? open.count)
            if open.count > Self.mostListed { open.removeLast() }
        }
    }

    func appendMatches(to lines: inout [String]) {
        guard !matches.isEmpty else { return }
        lines += ["", "Records that may be features which the district already had"]
        for source in matches {
            lines.append("  \(source.sentence)")
            lines += source.open.prefix(Matches.mostShown).map { "    \($0.sentence)" }
            let more = source.openCount - Matches.mostShown
            if more > 0 { lines.append("    and \(more) more") }
        }
    }
}

extension MergeReport.Matches {
    var sentence: String {
        var parts: [String] = []
        if openCount > 0 {
            parts.append("\(MergeReport.count(openCount, "match", "matches")) to review: write `accept: true` or `false` into \(file)")
        }
        if accepted > 0 { parts.append("\(MergeReport.count(accepted, "feature")) followed by the word of \(file)") }
        return "\(source): \(parts.joined(separator: "; "))."
    }
}

extension MergeReport.Matches.Match {
    init(_ entry: MatchList.Entry, record: Int64, present: Int64, _ likeness: MatchLikeness) {
        self.init(
            feature: entry.feature, was: MatchList.Entry.text(ofContent: entry.was),
            content: MatchList.Entry.text(ofContent: entry.content), record: record,
            present: present, overlap: likeness.overlap?.rounded(toPlaces: 4),
            distanceInMeters: likeness.distance?.rounded(toPlaces: 3), equalFields: likeness.equalFields,
            otherFields: likeness.otherFields)
    }

    var likeness: MatchLikeness {
        MatchLikeness(
            overlap: overlap, distance: distanceInMeters, equalFields: equalFields, otherFields: otherFields)
    }

    var sentence: String { "feature \(feature) may be record \(record) (\(content)): \(likeness.words)" }
}

extension ReportPage {
    /// What may be the same feature, a table for each source.
    static func matches(_ matches: [MergeReport.Matches], title: (String) -> HTML) -> HTML {
        let blocks: [HTML] = matches.map { source in
            let rows: [HTML] = source.open.prefix(MergeReport.Matches.mostShown).map { match in
                """
                <tr><td class="n">\(String(match.feature))</td><td class="n">\(String(match.record))</td>\
                <td><code>\(match.content)</code></td><td>\(match.likeness.words)</td></tr>
                """
            }
            let table: HTML = """
                <table><thead><tr><th class="n">原要素 <span class="en">Feature that went</span></th>\
                <th class="n">记录 <span class="en">Record</span></th><th>content</th>\
                <th>相同之处 <span class="en">In common</span></th></tr></thead><tbody>\(rows)</tbody></table>
                """
            return "<h3>\(title(source.layer))</h3><p>\(source.sentence)</p>\(HTML.when(!rows.isEmpty, table))"
        }
        return """
            <p class="hint">没有关键字段的来源再次交付时，变化的记录会成为新要素。属于同一要素的，请在所列文件中写 accept: true。 \
            <span class="en">Without a key a changed record becomes another feature. Where it is the same one, write \
            accept: true into the file that is named.</span></p>\(blocks)
            """
    }
}
