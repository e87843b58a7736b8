// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores

extension ReportPage {
    /// What was concluded on reference systems that nobody said, or that
    /// something speaks against: candidates with their evidence.
    static func verdicts(_ sources: [MergeReport.Source]) -> HTML {
        let blocks: [HTML] = sources.compactMap { source in
            source.verdict.flatMap { $0.isPlain ? nil : block(source.id, $0) }
        }
        return "\(blocks)"
    }

    private static func block(_ source: String, _ finding: ReferenceFinding) -> HTML {
        let rows: [HTML] = finding.candidates.map { candidate in
            let evidence: [HTML] = candidate.evidence.map { "<li>\($0.sentence)</li>" }
            return """
                <tr><td>\(candidate.name)</td><td class="n">\("\(candidate.score)")</td><td><ul>\(evidence)</ul></td></tr>
                """
        }
        let sentences: [HTML] = finding.sentences.map { "<li>\($0)</li>" }
        let table: HTML = """
            <table><thead><tr><th>候选 <span class="en">Candidate</span></th>\
            <th class="n">分值 <span class="en">Score</span></th><th>证据 <span class="en">Evidence</span></th></tr></thead>\
            <tbody>\(rows)</tbody></table>
            """
        return """
            <section class="group"><h4>\(wording(of: finding.state)) <i><code>\(source)</code></i></h4>\
            <ul>\(sentences)</ul>\(HTML.when(!rows.isEmpty, table))</section>
            """
    }

    private static func wording(of state: ReferenceFinding.State) -> MergeReport.Wording {
        switch state {
        case .known: .init("坐标系已知，存疑", "Reference system known, with a doubt")
        case .inferred: .init("坐标系为推断", "Reference system inferred")
        case .unknown: .init("坐标系未知", "Reference system unknown")
        }
    }
}

extension ReferenceFinding {
    /// Whether it is what was said, and nothing speaks against it.
    fileprivate var isPlain: Bool { state == .known && contradiction == nil && constantShift == nil }

    fileprivate var sentences: [String] {
        var sentences = contradiction.map { [$0.sentence] } ?? []
        if let reason, !sentences.contains(reason) { sentences.append(reason) }
        if let score, let system { sentences.append("\(system): \(score).") }
        if let runnerUp { sentences.append("Next best: \(runnerUp).") }
        sentences += constantShift?.resembles ?? []
        sentences += notes.filter { !sentences.contains($0) }
        if let wouldDecide { sentences.append("What would decide: \(wouldDecide)") }
        return sentences
    }
}
