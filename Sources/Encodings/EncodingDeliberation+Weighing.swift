// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension EncodingDeliberation {
    /// The verdict after all candidates were tried.
    func weighed() -> EncodingVerdict {
        let open = parts.indices.filter { parts[$0].claim == nil }
        let judged = open.isEmpty ? Array(parts.indices) : open
        let (best, strangers) = settled(judged)
        let common = judged.filter { strangers[$0] == nil }
        let ranking = ranking(common)
        let margin = ranking.count > 1 ? ranking[1].cost - ranking[0].cost : .infinity
        let isDecisive = margin >= EncodingJudge.decisiveMargin && isPlausible(best, common)
        let runnerUp = ranking.count > 1 ? ranking[1].candidate : nil

        var verdict = EncodingVerdict(question.claim, conclusion: .unknown, name: candidates[best].name)
        verdict.candidates = ranking.map { ranked($0.candidate, behind: $0.cost - ranking[0].cost, common) }
        let inference = inference(of: best, over: runnerUp, common, isDecisive: isDecisive)
        var other = runnerUp
        if let claimed {
            verdict.name = candidates[claimed].name
            verdict.conclusion = .known(verdict.name)
            let behind = cost(claimed, common) - cost(best, common)
            if isDecisive, claimed != best, behind >= EncodingJudge.decisiveMargin {
                other = claimed
                verdict.conclusion = .inferred(inference)
                verdict.doubts.append(contradiction(best, common))
                let isOrder = question.claim.origin == .request || question.isChecked
                if !isOrder { verdict.name = candidates[best].name }
            }
        } else {
            if isPlausible(best, common) || margin < EncodingJudge.decisiveMargin {
                verdict.conclusion = .inferred(inference)
            }
            if !isDecisive {
                verdict.doubts.append(
                    .init(
                        mustBeQuarantined: true, suggestion: isPlausible(best, common) ? candidates[best].name : nil,
                        sentence: "Nobody says in which encoding its text is, and the bytes do not decide it: "
                            + "\(inference.reason)"))
            }
        }
        let used = candidate(named: verdict.name) ?? best
        var chosen: [Int: Int] = [:]
        for part in parts.indices { chosen[part] = parts[part].claim.flatMap(candidate(named:)) ?? used }
        take(strangers, used: used, into: &verdict, &chosen)
        takeDeclared(into: &verdict)
        let isSettled = claimed != nil && verdict.refusal != nil
        for (part, candidate) in chosen.sorted(by: { $0.key < $1.key }) where !isSettled {
            // Before “the bytes do not decide it”, which it explains.
            if let doubt = mixture(part, candidate) { verdict.doubts.insert(doubt, at: 0) }
        }
        verdict.samples = samples(used, used == best ? other : best)
        verdict.notes = notes(chosen: chosen)
        if question.isChecked, question.claim.name != nil || !question.columnClaims.isEmpty {
            let name = question.claim.name == nil ? "declared" : verdict.name
            for index in verdict.doubts.indices where verdict.doubts[index].mustBeQuarantined {
                verdict.doubts[index].mustBeQuarantined = false
                verdict.doubts[index].sentence += " Read as \(name) all the same, as `encoding_checked` says."
            }
        }
        return verdict
    }

    /// The candidate for most columns, and by part those that decidedly are in
    /// another one.
    private func settled(_ judged: [Int]) -> (best: Int, strangers: [Int: Int]) {
        var best = ranking(judged).first?.candidate ?? 0
        var strangers = strangers(judged, to: best)
        // Where some columns are what is said, the others are the strangers.
        if let claimed, strangers.values.contains(claimed) { return (claimed, self.strangers(judged, to: claimed)) }
        let rest = judged.filter { strangers[$0] == nil }
        if !strangers.isEmpty, !rest.isEmpty {
            best = ranking(rest).first?.candidate ?? best
            strangers = self.strangers(judged, to: best)
        }
        return strangers.count == judged.count ? (best, [:]) : (best, strangers)
    }

    private func strangers(_ judged: [Int], to best: Int) -> [Int: Int] {
        var found: [Int: Int] = [:]
        for part in judged {
            let ranking = ranking([part])
            guard let first = ranking.first, first.candidate != best, isPlausible(first.candidate, [part]),
                cost(best, [part]) - first.cost >= EncodingJudge.decisiveMargin,
                ranking.count < 2 || ranking[1].cost - first.cost >= EncodingJudge.decisiveMargin
            else { continue }
            found[part] = first.candidate
        }
        return found
    }

    /// Columns that are decidedly in another encoding than is used.
    private func take(
        _ strangers: [Int: Int], used: Int, into verdict: inout EncodingVerdict, _ chosen: inout [Int: Int]
    ) {
        for (part, candidate) in strangers.sorted(by: { $0.key < $1.key }) where candidate != used {
            let name = columnName(part, candidate)
            let column = EncodingVerdict.Column(
                index: parts[part].index, name: name, encoding: candidates[candidate].name, isDeclared: false)
            let what = parts[part].index < 0 ? "The names of columns are" : "Column “\(name)” is"
            let counts =
                "\(percent(candidate, [part])) of its characters beyond ASCII are ordinary in it, as "
                + "\(candidates[used].name) \(percent(used, [part]))"
            let isDeclared = claimed != nil
            verdict.doubts.append(
                .init(
                    mustBeQuarantined: isDeclared, suggestion: nil,
                    sentence: "\(what) in \(column.encoding) and the rest in \(candidates[used].name): \(counts)."
                        + (isDeclared ? remedy(part, column, used) : "")))
            // A person's word, and what is refused anyway, is read as it is said.
            if isDeclared && (question.claim.origin == .request || question.isChecked) { continue }
            chosen[part] = candidate
            verdict.columns.append(column)
        }
    }

    private func remedy(_ part: Int, _ column: EncodingVerdict.Column, _ used: Int) -> String {
        guard parts[part].index >= 0 else { return " Ask the town for one encoding." }
        return " If that is right, write `encoding: { file: \(candidates[used].name), columns: { \(column.name): "
            + "\(column.encoding) } }`."
    }

    private func takeDeclared(into verdict: inout EncodingVerdict) {
        for (part, said) in parts.enumerated().compactMap({ item in item.element.claim.map { (item.offset, $0) } }) {
            let candidate = candidate(named: said) ?? 0
            verdict.columns.append(
                .init(index: parts[part].index, name: columnName(part, candidate), encoding: said, isDeclared: true))
            let ranking = ranking([part])
            guard let first = ranking.first, first.candidate != candidate, isPlausible(first.candidate, [part]),
                cost(candidate, [part]) - first.cost >= EncodingJudge.decisiveMargin
            else { continue }
            verdict.doubts.append(
                .init(
                    mustBeQuarantined: !question.isChecked, suggestion: nil,
                    sentence: "Column “\(columnName(part, first.candidate))” is declared to be in \(said) and reads as "
                        + "\(candidates[first.candidate].name)."
                        + (question.isChecked ? " Read as \(said) all the same, as `encoding_checked` says." : "")))
        }
    }

    func columnName(_ part: Int, _ candidate: Int) -> String {
        guard parts[part].index >= 0 else { return "names of columns" }
        let bytes = parts[part].column.name
        // The name may be in another encoding than the values.
        let names = parts.firstIndex { $0.index < 0 }
        let own = names.flatMap { ranking([$0]).first?.candidate } ?? candidate
        return bytes.withUnsafeBytes { decoders[own].decodeCut($0).text }
    }

    private func contradiction(_ best: Int, _ among: [Int]) -> EncodingVerdict.Doubt {
        let claimed = claimed ?? best
        let said =
            switch question.claim.origin {
            case .format: "its format prescribes \(candidates[claimed].name)"
            case .request: "\(candidates[claimed].name) is declared"
            case .codePageFile: "the .cpg file says \(candidates[claimed].name)"
            case .header: "the file's header says \(candidates[claimed].name)"
            case .byteOrderMark: "the byte order mark says \(candidates[claimed].name)"
            case .nobody: "nobody says so"
            }
        let broken = unreadable(claimed, among)
        let bytes =
            broken > 0
            ? ", and \(broken) of \(values(among)) values hold bytes that mean nothing in that" : ""
        return EncodingVerdict.Doubt(
            mustBeQuarantined: true, suggestion: candidates[best].name,
            sentence: "Its text is in \(candidates[best].name), although \(said): \(percent(best, among)) of the "
                + "characters beyond ASCII are ordinary, as \(candidates[claimed].name) "
                + "\(percent(claimed, among))\(bytes).")
    }

    /// Values of one column in two encodings.
    private func mixture(_ part: Int, _ used: Int) -> EncodingVerdict.Doubt? {
        let broken = readings[used][part].unreadable
        let values = parts[part].column.values
        guard broken.count >= EncodingJudge.leastMixed,
            Double(broken.count) >= Double(values.count) * EncodingJudge.unreadableShare
        else { return nil }
        var rest = parts[part].column
        rest.values = broken.map { values[$0] }
        for other in candidates.indices where other != used && candidates[other].isDecidable {
            let reading = CandidateReading(rest, decoders[other], words: words)
            let (script, _) = reading.best(of: candidates[other].scripts)
            let share = Double(reading.ordinary(in: script)) / Double(max(1, reading.characters))
            guard reading.unreadable.isEmpty, share >= EncodingJudge.plausibleScore else { continue }
            let what = parts[part].index < 0 ? "The names of columns are" : "Column “\(columnName(part, used))” is"
            return EncodingVerdict.Doubt(
                mustBeQuarantined: true, suggestion: nil,
                sentence: "\(what) a mixture: of \(values.count) values looked at, \(broken.count) are in "
                    + "\(candidates[other].name) and the rest in \(candidates[used].name); ask for one encoding.")
        }
        return nil
    }
}
