// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The work on one verdict: reads the columns in each candidate and weighs what
/// comes out.
struct EncodingDeliberation {
    /// A column with text beyond ASCII.
    struct Part {
        /// −1 for names.
        var index: Int
        var column: TextSample.Column
        /// What is said of this column alone.
        var claim: String?
    }

    let question: EncodingJudge.Question
    let words: WordList
    var parts: [Part]
    var candidates: [EncodingCandidate] = []
    /// By candidate, then by part.
    var readings: [[CandidateReading]] = []
    /// By candidate.
    var decoders: [TextDecoder] = []
    /// The candidate that is said; nil when nothing is.
    var claimed: Int?

    init(_ sample: TextSample, _ question: EncodingJudge.Question, _ words: WordList) {
        self.question = question
        self.words = words
        parts = sample.columns.enumerated().map {
            Part(index: $0.offset, column: $0.element, claim: question.columnClaims[$0.offset])
        }
        parts.append(Part(index: -1, column: sample.names, claim: nil))
        parts.removeAll { $0.column.values.isEmpty }
    }

    mutating func verdict() -> EncodingVerdict {
        guard !parts.isEmpty else {
            return EncodingVerdict(
                question.claim, conclusion: .anyASCII, name: question.claim.name ?? "UTF-8")
        }
        if let evident = evident() { return evident }
        prepareAll()
        return weighed()
    }

    // MARK: Candidates

    private mutating func add(_ candidate: EncodingCandidate) {
        guard let decoder = TextDecoder(encoding: candidate.decoderName) else { return }
        candidates.append(candidate)
        decoders.append(decoder)
        readings.append(parts.map { CandidateReading($0.column, decoder, words: words) })
    }

    /// The usual ones, under the name that is said where it is one of them.
    private mutating func prepareAll() {
        (candidates, decoders, readings, claimed) = ([], [], [], nil)
        let said = question.claim.name.map { ($0, EncodingJudge.family($0)) }
        for var candidate in EncodingCandidate.all {
            let isSaid = said?.1 == EncodingJudge.family(candidate.name)
            if isSaid, let said { candidate.name = said.0 }
            add(candidate)
            if isSaid { claimed = candidates.count - 1 }
        }
        for name in [question.claim.name].compactMap({ $0 }) + parts.compactMap(\.claim)
        where candidate(named: name) == nil { add(.claimed(name)) }
        if claimed == nil, let name = question.claim.name { claimed = candidate(named: name) }
    }

    func candidate(named name: String) -> Int? {
        candidates.firstIndex { EncodingJudge.family($0.name) == EncodingJudge.family(name) }
    }

    /// The verdict where what is said, or UTF-8, reads so well that nothing else
    /// needs to be tried.
    private mutating func evident() -> EncodingVerdict? {
        guard !question.ranksAll, question.columnClaims.isEmpty else { return nil }
        let name = question.claim.name ?? "UTF-8"
        guard var candidate = EncodingCandidate.all.first(where: { $0.isSame(as: name) }), candidate.isDecidable
        else { return nil }
        candidate.name = name
        add(candidate)
        let all = Array(parts.indices)
        guard readings.count == 1, all.allSatisfy({ isEvident(candidate: 0, part: $0) }) else { return nil }
        var verdict = EncodingVerdict(question.claim, conclusion: .known(name), name: name)
        if question.claim.name == nil { verdict.conclusion = .inferred(inference(of: 0, over: nil, all)) }
        verdict.candidates = [ranked(0, behind: 0, all)]
        verdict.samples = samples(0, nil)
        verdict.notes = notes(chosen: Dictionary(uniqueKeysWithValues: all.map { ($0, 0) }))
        return verdict
    }

    private func isEvident(candidate: Int, part: Int) -> Bool {
        let reading = readings[candidate][part]
        guard reading.unreadable.isEmpty, reading.characters >= 2 else { return false }
        let (script, _) = reading.best(of: candidates[candidate].scripts)
        guard script == .simplified || script == .traditional else { return false }
        let share = Double(reading.ordinary(in: script)) / Double(reading.characters)
        guard share >= EncodingJudge.evidentScore else { return false }
        if candidates[candidate].isSame(as: "UTF-8") { return true }
        return reading.meanCost(in: script) <= EncodingJudge.evidentCost
    }

    // MARK: Sums over parts

    /// −ln of the probability of some parts in a candidate.
    func cost(_ candidate: Int, _ among: [Int]) -> Double {
        candidates[candidate].scripts.map { script in
            among.reduce(script.prior) { $0 + readings[candidate][$1].costs[script.rawValue] }
        }.min() ?? .infinity
    }

    func score(_ candidate: Int, _ among: [Int]) -> Double {
        let characters = among.reduce(0) { $0 + readings[candidate][$1].characters }
        let ordinary =
            candidates[candidate].scripts.map { script in
                among.reduce(0) { $0 + readings[candidate][$1].ordinary(in: script) }
            }.max() ?? 0
        return characters == 0 ? 0 : Double(ordinary) / Double(characters)
    }

    func unreadable(_ candidate: Int, _ among: [Int]) -> Int {
        among.reduce(0) { $0 + readings[candidate][$1].unreadable.count }
    }

    func values(_ among: [Int]) -> Int { among.reduce(0) { $0 + parts[$1].column.values.count } }

    /// Whether bytes may decide for a candidate at all.
    func isPlausible(_ candidate: Int, _ among: [Int]) -> Bool {
        guard candidates[candidate].isDecidable else { return false }
        let share = Double(unreadable(candidate, among)) / Double(max(1, values(among)))
        // What is well-formed UTF-8 in all its values is nothing else by chance,
        // be it ordinary or not.
        let isUTF8 = candidates[candidate].isSame(as: "UTF-8")
        if isUTF8 && share <= 0.1 { return true }
        return share <= EncodingJudge.unreadableShare && score(candidate, among) >= EncodingJudge.plausibleScore
    }

    private func readsAlike(_ first: Int, _ second: Int, _ among: [Int]) -> Bool {
        among.allSatisfy { readings[first][$0].fingerprint == readings[second][$0].fingerprint }
    }

    /// Candidates by cost, those that read like a better one left out.
    func ranking(_ among: [Int]) -> [(candidate: Int, cost: Double)] {
        let sorted = candidates.indices.map { ($0, cost($0, among)) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        var kept: [(candidate: Int, cost: Double)] = []
        for (candidate, cost) in sorted where !kept.contains(where: { readsAlike($0.candidate, candidate, among) }) {
            kept.append((candidate, cost))
        }
        return kept
    }
}

extension EncodingCandidate {
    func isSame(as other: String) -> Bool { EncodingJudge.family(name) == EncodingJudge.family(other) }
}
