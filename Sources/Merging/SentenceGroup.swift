// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Sentences of a report that are true of the same sources, so that each is said
/// once.
struct SentenceGroup: Hashable {
    /// In the report's order.
    var sources: [String]
    var sentences: [String]

    /// Every sentence once: first what several sources share, then what each has
    /// for itself, both in the order of their first source.
    static func groups(of sentencesOfSources: [(source: String, sentences: [String])]) -> [SentenceGroup] {
        var sourcesOfSentence: [String: [String]] = [:]
        var order: [String] = []
        for (source, sentences) in sentencesOfSources {
            for sentence in sentences {
                if sourcesOfSentence[sentence] == nil { order.append(sentence) }
                guard sourcesOfSentence[sentence]?.last != source else { continue }
                sourcesOfSentence[sentence, default: []].append(source)
            }
        }
        var groups: [SentenceGroup] = []
        var placeOfSources: [[String]: Int] = [:]
        for sentence in order {
            let sources = sourcesOfSentence[sentence] ?? []
            if let place = placeOfSources[sources] {
                groups[place].sentences.append(sentence)
            } else {
                placeOfSources[sources] = groups.count
                groups.append(SentenceGroup(sources: sources, sentences: [sentence]))
            }
        }
        return groups.filter { $0.sources.count > 1 } + groups.filter { $0.sources.count == 1 }
    }

    /// The sources by name, on lines of at most a hundred columns where names
    /// allow.
    ///
    /// - Parameter sources: how many the report has.
    func heading(sources total: Int) -> [String] {
        if sources.count > 1, sources.count == total { return ["all \(total) sources"] }
        var lines = [sources.count > 2 ? "\(sources.count) sources: " : ""]
        for (index, source) in sources.enumerated() {
            let word = index + 1 < sources.count ? "\(source)," : source
            let line = lines.removeLast()
            if line.isEmpty || line.hasSuffix(": ") {
                lines.append(line + word)
            } else if line.count + word.count < 98 {
                lines.append("\(line) \(word)")
            } else {
                lines += [line, word]
            }
        }
        return lines
    }
}
