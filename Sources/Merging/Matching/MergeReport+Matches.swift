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
            let shown = source.open.prefix(MergeReport.Matches.mostShown)
            let rows: [HTML] = shown.map { match in
                """
                <tr><td class="n">\(String(match.feature))</td><td class="n">\(String(match.present))</td>\
                <td class="n">\(String(match.record))</td><td class="slip"><code>\(match.content)</code></td>\
                <td>\(place(of: match))</td><td class="n">\(String(match.equalFields))</td>\
                <td class="slip">\(match.otherFields.isEmpty ? "–" : match.otherFields.joined(separator: ", "))</td></tr>
                """
            }
            let table: HTML = """
                <table class="small"><thead><tr><th class="n">原要素<br><span class="en">feature that went</span></th>\
                <th class="n">现要素<br><span class="en">feature now</span></th>\
                <th class="n">记录<br><span class="en">record</span></th>\
                <th class="slip">文件中的 content<br><span class="en">content in the file</span></th>\
                <th>位置<br><span class="en">place</span></th>\
                <th class="n">相同字段<br><span class="en">fields alike</span></th>\
                <th class="slip">不同字段<br><span class="en">fields that differ</span></th></tr></thead>\
                <tbody>\(rows)</tbody></table>
                """
            let more = source.openCount - shown.count
            let rest: HTML = """
                <p class="more">另有 \(String(more)) 对，都在文件中 \
                <span class="en">and \(String(more)) more, all of them in the file</span></p>
                """
            return """
                <h3>\(title(source.layer)) <small><code>\(source.source)</code></small></h3>\
                <p>\(counts(of: source))</p>\
                \(HTML.when(!rows.isEmpty, table))\(HTML.when(more > 0, rest))
                """
        }
        return """
            <p class="hint">没有关键字段的来源再次交付时，变化的记录会成为新要素。属于同一要素的，请在所列文件中写 accept: true， \
            下次合并时沿用原要素的编号；不是的写 accept: false。 \
            <span class="en">Without a key a changed record becomes another feature. Where it is the same one, write \
            accept: true into the file that is named, and the next merge gives it the earlier id; where it is not, \
            accept: false.</span></p>\(blocks)
            """
    }

    /// A line for what is to be done next; nothing when nothing is to be reviewed.
    static func step(for matches: [MergeReport.Matches]) -> HTML {
        let open = matches.filter { $0.openCount > 0 }
        let count = open.reduce(0) { $0 + $1.openCount }
        let files = open.map(\.file).joined(separator: ", ")
        return HTML.when(
            count > 0,
            """
            <li><b>\(String(count)) × 可能是同一要素的记录 <span class="en">records that may be known features</span></b><br>\
            请在 <code>\(files)</code> 中回答 accept: true 或 false。 <span class="en">Answer accept: true or false there; \
            nothing is done until then.</span></li>
            """)
    }

    private static func counts(of source: MergeReport.Matches) -> HTML {
        let open: HTML = """
            待审 \(String(source.openCount)) 对，在 <code>\(source.file)</code> 中回答。 \
            <span class="en">\(MergeReport.count(source.openCount, "match", "matches")) to review, to be answered there.</span> \

            """
        let accepted: HTML = """
            已按该文件沿用 \(String(source.accepted)) 个要素的编号。 \
            <span class="en">\(MergeReport.count(source.accepted, "feature")) followed by its word.</span>
            """
        return "\(HTML.when(source.openCount > 0, open))\(HTML.when(source.accepted > 0, accepted))"
    }

    private static func place(of match: MergeReport.Matches.Match) -> HTML {
        if let overlap = match.overlap {
            let percent = String(Int((overlap * 100).rounded()))
            return "重合 \(percent) % <span class=\"en\">of their joint area</span>"
        }
        return match.distanceInMeters.map { "相距 \(number($0)) m <span class=\"en\">apart</span>" } ?? "–"
    }
}
