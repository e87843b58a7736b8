// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import SimpleFeatures

/// Proposes which new records may be features that went, and says what became of
/// what people have decided; see docs/merging.md.
///
/// All of it is told from `matches/`, the features and their past, so that a
/// merge in which nothing changed says the same again.
struct MatchStage {
    /// What a merge has to say of one source.
    struct Outcome {
        var report: MergeReport.Matches
        /// Sentences for the source: to know, and to act on.
        var notes: [String] = []
        var needs: [String] = []
        /// What is to be added to the source's file.
        var proposals: [(entry: MatchList.Entry, remark: String)] = []
    }

    /// Proposals that one delivery makes at most: nobody reviews more.
    static let mostProposals = 1_000
    /// Sentences of one kind about one file; the rest is counted.
    private static let mostSentences = 20

    private let district: District
    private let transaction: MergeTransaction

    init(_ district: District, _ transaction: MergeTransaction) {
        self.district = district
        self.transaction = transaction
    }

    /// - Parameters:
    ///   - lists: by source, of all sources whose file could be read.
    ///   - unmatched: by source, of those that this merge has written.
    /// - Returns: of the sources with something to say, in the order of ids.
    func run(_ lists: [String: MatchList], _ unmatched: [String: UnmatchedFeatures]) throws -> [Outcome] {
        let stored = try transaction.sources()
        return try district.sources.sorted { $0.id < $1.id }.compactMap { source in
            guard let record = stored[source.id], let list = lists[source.id],
                let manifest = district.layers[source.layer], record.layer == source.layer
            else { return nil }
            let candidates = try unmatched[source.id].map {
                try self.candidates($0, LayerDefinition(manifest), key: source.key ?? manifest.key)
            }
            guard candidates?.isEmpty == false || !list.entries.isEmpty else { return nil }
            let outcome = try outcome(source, record, manifest, list, candidates)
            return outcome.hasSomethingToSay ? outcome : nil
        }
    }

    private func outcome(
        _ source: SourceDefinition, _ record: SourceRecord, _ manifest: LayerManifest, _ list: MatchList,
        _ candidates: Candidates?
    ) throws -> Outcome {
        let layer = LayerDefinition(manifest)
        let identities = try transaction.identities(of: record, in: layer)
        let holders = Dictionary(identities.map { ($0.value, $0.key) }) { min($0, $1) }
        var outcome = Outcome(report: .init(source: source.id, layer: source.layer, file: list.path))
        try judge(list, identities, holders, source: source.id, &outcome)

        // What was proposed before and is still open stands beside what is new.
        let waiting = list.entries.filter { $0.isAccepted == nil && identities[$0.feature] == nil }
        for entry in waiting {
            guard let present = holders[entry.content] else { continue }
            let former = try transaction.comparablePast([entry.feature], in: layer)
            let now = try transaction.comparable([present], in: layer)
            guard let former = former.first, let now = now.first,
                let likeness = try MatchFinder().likeness(of: former, now)
            else { continue }
            outcome.report.add(.init(entry, record: now.row, present: present, likeness))
        }
        if let candidates { try propose(candidates, identities, known: list, &outcome) }
        return outcome
    }

    /// Features without a key that went, and those that came.
    private struct Candidates {
        var former: [ComparableFeature] = []
        var present: [ComparableFeature] = []
        /// What those that went were known by.
        var identities: [Int64: Int64] = [:]
        /// Why they are not compared.
        var obstacle: String?

        var isEmpty: Bool { obstacle == nil && (former.isEmpty || present.isEmpty) }
    }

    private func candidates(
        _ unmatched: UnmatchedFeatures, _ layer: LayerDefinition, key: [String]
    ) throws -> Candidates {
        let (missing, inserted) = (unmatched.missing.keys.sorted(), unmatched.inserted)
        guard !missing.isEmpty, !inserted.isEmpty else { return Candidates() }
        guard max(missing.count, inserted.count) <= MatchFinder.mostFeatures else {
            guard key.isEmpty else { return Candidates() }
            return Candidates(
                obstacle: "\(missing.count) features went and \(inserted.count) came, too many to compare; with a "
                    + "`key:` features are followed from delivery to delivery.")
        }
        func hasNoKey(_ feature: ComparableFeature) -> Bool { key.allSatisfy { feature.attributes[$0] == nil } }
        let former = try transaction.comparablePast(missing, in: layer).filter(hasNoKey)
        guard !former.isEmpty else { return Candidates() }
        return Candidates(
            former: former, present: try transaction.comparable(inserted, in: layer).filter(hasNoKey),
            identities: unmatched.missing)
    }

    private func propose(
        _ candidates: Candidates, _ identities: [Int64: Int64], known: MatchList, _ outcome: inout Outcome
    ) throws {
        if let obstacle = candidates.obstacle { return outcome.notes.append(obstacle) }
        var finder = try MatchFinder()
        finder.find(candidates.former, candidates.present)
        let before = Set(known.entries.map(ReviewedMatch.init))
        let pairs = finder.pairs.compactMap { pair -> (pair: MatchFinder.Pair, entry: MatchList.Entry)? in
            guard let content = identities[pair.present.id], let was = candidates.identities[pair.former.id] else {
                return nil
            }
            let entry = MatchList.Entry(feature: pair.former.id, was: was, content: content, isAccepted: nil)
            return before.contains(ReviewedMatch(entry)) ? nil : (pair, entry)
        }
        for (pair, entry) in pairs.prefix(min(Self.mostProposals, MatchList.mostEntries - known.entries.count)) {
            outcome.proposals.append(
                (entry, "record \(pair.present.row), now feature \(pair.present.id): \(pair.likeness.words)"))
            outcome.report.add(
                .init(entry, record: pair.present.row, present: pair.present.id, pair.likeness))
        }
        let left = pairs.count - outcome.proposals.count
        if left > 0 {
            outcome.notes.append(
                "\(MergeReport.count(left, "more feature")) may have changed, more than one reviews; with a `key:` "
                    + "features are followed from delivery to delivery.")
        }
        if finder.ambiguous > 0 {
            let (have, what) = finder.ambiguous == 1 ? ("has", "it is") : ("have", "they are")
            outcome.notes.append(
                "\(MergeReport.count(finder.ambiguous, "feature")) that went \(have) several records that could be "
                    + "\(finder.ambiguous == 1 ? "it" : "one of them"), so \(what) not proposed.")
        }
    }

    /// Says what became of each accepted entry.
    private func judge(
        _ list: MatchList, _ identities: [Int64: Int64], _ holders: [Int64: Int64], source: String,
        _ outcome: inout Outcome
    ) throws {
        let accepted = list.entries.filter { $0.isAccepted == true }
        let former = try transaction.formerFeatures(accepted.map(\.feature), of: source)
        let delivered = Dictionary(grouping: accepted.filter { holders[$0.content] != nil }) {
            [$0.feature, $0.was]
        }
        let served = Set(accepted.filter { identities[$0.feature] == $0.content }.map(\.feature))
        outcome.report.accepted = served.count
        var notes: [String] = []
        var needs: [String] = []
        for entry in accepted where identities[entry.feature] != entry.content {
            let place = "\(list.path)" + (entry.line.map { ":\($0)" } ?? "") + ": "
            let content = MatchList.Entry.text(ofContent: entry.content)
            if let rivals = delivered[[entry.feature, entry.was]], rivals.count > 1, rivals.contains(entry) {
                let lines = rivals.compactMap { rival in rival.line.map(String.init) }
                needs.append(
                    "\(place)feature \(entry.feature) is accepted for \(rivals.count) records of one delivery "
                        + "(lines \(lines.joined(separator: ", "))), so none of them is taken for it; leave one.")
            } else if let present = holders[entry.content] {
                if identities[entry.feature] == entry.was {
                    needs.append(
                        "\(place)feature \(entry.feature) is delivered itself, so the record \(content) is not it but "
                            + "feature \(present); take the entry out or write `accept: false`.")
                } else if identities[entry.feature] == nil, former.contains(entry.feature) {
                    notes.append(
                        "\(place)the record \(content) is feature \(present) until “\(source)” is merged again.")
                } else {
                    notes.append(
                        "\(place)the district has not had such a feature \(entry.feature), so the record \(content) "
                            + "is feature \(present).")
                }
            } else if !served.contains(entry.feature) {
                notes.append("\(place)no record of the delivery is \(content); an entry that has served may be taken out.")
            }
        }
        outcome.notes += Self.first(notes)
        outcome.needs += Self.first(needs)
    }

    private static func first(_ sentences: [String]) -> [String] {
        guard sentences.count > mostSentences else { return sentences }
        return sentences.prefix(mostSentences) + ["And \(sentences.count - mostSentences) more of this kind."]
    }
}

extension ReviewedMatch {
    init(_ entry: MatchList.Entry) {
        self.init(feature: entry.feature, formerIdentity: entry.was, identity: entry.content)
    }
}

extension MatchStage.Outcome {
    fileprivate var hasSomethingToSay: Bool {
        report.accepted + report.openCount > 0 || !notes.isEmpty || !needs.isEmpty
    }
}

extension Merger {
    /// Writes proposals where a person can answer them.
    ///
    /// - Throws: `MergingError` of kind `.system`; the merge is done.
    func propose(_ proposals: [String: [(entry: MatchList.Entry, remark: String)]]) throws {
        for source in district.sources {
            guard let proposals = proposals[source.id] else { continue }
            do {
                try MatchList.append(proposals, for: source, in: district.directory)
            } catch {
                throw MergingError(
                    .system, "The merge is done, but its proposals cannot be written: \(error.description)")
            }
        }
    }
}
