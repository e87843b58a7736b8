// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import DistrictStores

extension MergeReport {
    /// How figures that several sources deliver stand, whichever merge compared them.
    public struct Figures: Sendable, Codable {
        /// The figures of one field, counted.
        public struct Total: Sendable, Codable, Hashable {
            public var layer: String
            public var field: String
            /// Who answers for it.
            public var authority: String
            public var state: Figure.State
            public var count: Int
        }

        public var totals: [Total] = []
        /// The first figures that differ, by layer, field and thing.
        public var differing: [Figure] = []
        /// Sentences about authorities that deliver nothing.
        public var withoutSource: [String] = []

        static let mostListed = 200
        static let mostShown = 20

        mutating func add(_ figures: [Figure]) {
            for figure in figures where figure.state != .single {
                let place = totals.firstIndex {
                    ($0.layer, $0.field, $0.authority, $0.state)
                        == (figure.layer, figure.field, figure.authority, figure.state)
                }
                if let place {
                    totals[place].count += 1
                } else {
                    totals.append(
                        .init(
                            layer: figure.layer, field: figure.field, authority: figure.authority, state: figure.state,
                            count: 1))
                }
                guard figure.state == .differs, differing.count < Self.mostListed else { continue }
                var listed = figure
                // A report says the same before and after the commit.
                listed.committedAt = nil
                differing.append(listed)
            }
            totals.sort {
                ($0.layer, $0.field, $0.state.rawValue, $0.authority)
                    < ($1.layer, $1.field, $1.state.rawValue, $1.authority)
            }
        }

        var isEmpty: Bool { totals.isEmpty && withoutSource.isEmpty }
    }

    func appendFigures(to lines: inout [String]) {
        guard !figures.isEmpty else { return }
        lines += ["", "One figure, one source (miaopu figures AUTHORITY lists what one should look at)"]
        lines += figures.withoutSource.map { "  \($0)" } + figures.totals.map { "  \($0.sentence)" }
        lines += figures.differing.prefix(Figures.mostShown).map { "    \($0.line)" }
        let differ = figures.totals.filter { $0.state == .differs }.reduce(0) { $0 + $1.count }
        if differ > Figures.mostShown { lines.append("    and \(differ - Figures.mostShown) more that differ") }
    }
}

extension MergeReport.Figures.Total {
    var sentence: String { "\(layer), \(field) (\(authority)): \(MergeReport.count(count, "figure")) \(state.words)." }
}

extension Figure.State {
    /// After a number of figures.
    public var words: String {
        switch self {
        case .agreesOnce: "compared once and the same"
        case .confirmed: "confirmed by a second delivery"
        case .differs: "different"
        case .settled: "settled after a difference"
        case .single: "from one source only"
        }
    }
}

extension Figure {
    /// Which figure, and what each source says.
    public var line: String { "feature \(feature), \(field): \(said)" }

    /// What each source says, and where.
    public var said: String {
        answers.map { answer in
            "“\(answer.value.prefix(60))” in \(answer.path), record \(answer.row)"
                + (answer.hasAuthority ? " (the authority)" : "")
        }.joined(separator: "; ")
    }
}

extension ReportPage {
    /// What stands of figures, and a table of those that differ.
    static func figures(_ figures: MergeReport.Figures, title: (String) -> HTML) -> HTML {
        let sentences: [HTML] = (figures.withoutSource + figures.totals.map(\.sentence)).map { "<li>\($0)</li>" }
        let rows: [HTML] = figures.differing.prefix(MergeReport.Figures.mostShown).map { figure in
            """
            <tr><td>\(title(figure.layer))</td><td><code>\(figure.field)</code></td><td>\(figure.authority)</td>\
            <td class="n">\(String(figure.feature))</td><td>\(figure.said)</td></tr>
            """
        }
        let table: HTML = """
            <table class="small"><thead><tr><th>图层 <span class="en">Layer</span></th>\
            <th>字段 <span class="en">Field</span></th><th>数源单位 <span class="en">Authority</span></th>\
            <th class="n">要素 <span class="en">Feature</span></th>\
            <th>各来源的值 <span class="en">What sources say</span></th></tr></thead><tbody>\(rows)</tbody></table>
            """
        return "<ul>\(sentences)</ul>\(HTML.when(!rows.isEmpty, table))"
    }
}
