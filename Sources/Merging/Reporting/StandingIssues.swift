// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import SimpleFeatures

/// What stands in the district after a merge, whichever merge found it: taken
/// from the store, so that a merge in which nothing changes says the same as the
/// one before.
struct StandingIssues {
    /// How many issues of one kind in one layer a report lists; all are counted.
    static let listedOfEach = 200

    private(set) var issues: [MergeReport.Issue] = []
    private(set) var totals: [MergeReport.IssueTotal] = []
    /// Of the seams among the issues, on the district grid.
    private(set) var outlines: [MergeReport.Issue: Geometry] = [:]
    private let seamTotals: [SeamTotal]
    private let movements: [MovementTotal]

    init(_ transaction: MergeTransaction) throws {
        let sources = try transaction.sources()
        seamTotals = try transaction.seamTotals()
        movements = try transaction.movementTotals()
        for standing in try transaction.standingIssues(ofEach: Self.listedOfEach) {
            guard let source = sources[standing.source] else { continue }
            issues.append(MergeReport.Issue(standing.issue, of: source))
        }
        for seam in try transaction.standingSeams(ofEach: Self.listedOfEach) {
            let issue = MergeReport.Issue(seam, sources: sources)
            outlines[issue] = seam.geometry
            issues.append(issue)
        }
        var counts: [Group: (count: Int, area: Double?)] = [:]
        for source in sources.values {
            for total in source.account.issues {
                let group = Group(outcome: .init(total.kind), kind: total.name, layer: source.layer)
                counts[group, default: (0, nil)].count += total.count
            }
        }
        for total in seamTotals {
            let group = Group(
                outcome: .init(total.kind, total.isRepaired, total.rule), kind: total.kind, layer: total.layer)
            let before = counts[group]
            counts[group] = (total.count + (before?.count ?? 0), total.area + (before?.area ?? 0))
        }
        finish(counts)
    }

    /// Adds the sources of this merge that were not merged.
    mutating func add(_ quarantined: [MergeReport.Source]) {
        guard !quarantined.isEmpty else { return }
        var counts = Dictionary(
            uniqueKeysWithValues: totals.map {
                (Group(outcome: $0.outcome, kind: $0.kind, layer: $0.layer), ($0.count, $0.areaInSquareMeters))
            })
        for source in quarantined {
            for need in source.needs {
                issues.append(
                    .init(
                        .quarantined, kind: "quarantined", layer: source.layer, town: source.town,
                        sources: [source.id], reason: need))
            }
            let group = Group(outcome: .quarantined, kind: "quarantined", layer: source.layer)
            counts[group, default: (0, nil)].0 += source.needs.count
        }
        finish(counts)
    }

    private struct Group: Hashable {
        var outcome: MergeReport.IssueOutcome
        var kind: String
        var layer: String
    }

    private mutating func finish(_ counts: [Group: (count: Int, area: Double?)]) {
        issues.sort { $0.precedes($1) }
        var listed: [Group: Int] = [:]
        for issue in issues {
            listed[Group(outcome: issue.outcome, kind: issue.kind, layer: issue.layer), default: 0] += 1
        }
        totals = counts.map { group, sum in
            MergeReport.IssueTotal(
                severity: group.outcome.severity, outcome: group.outcome, kind: group.kind,
                title: IssueAdvice.title(of: group.kind), layer: group.layer, count: sum.count,
                listed: listed[group] ?? 0, areaInSquareMeters: sum.area,
                advice: IssueAdvice.of(kind: group.kind, group.outcome))
        }.sorted { ($0.outcome.rank, $0.kind, $0.layer) < ($1.outcome.rank, $1.kind, $1.layer) }
    }

    /// What is known of the seams of each layer, those that this merge did not
    /// look at too.
    ///
    /// - Parameter found: by this merge; counts what the store keeps only in part.
    func seams(_ found: [MergeReport.Seams]) -> [MergeReport.Seams] {
        var seams = Dictionary(found.map { ($0.layer, $0) }) { first, _ in first }
        for layer in Set(seamTotals.map(\.layer) + movements.map(\.layer)) {
            let moved = movements.first { $0.layer == layer }
            var standing = MergeReport.Seams(layer: layer, seamTotals.filter { $0.layer == layer }, moved)
            for index in standing.totals.indices {
                let total = standing.totals[index]
                let counted = seams[layer]?.totals.first {
                    $0.kind == total.kind && $0.isRepaired == total.isRepaired && $0.reason == total.reason
                        && $0.rule == total.rule
                }
                standing.totals[index].count = max(total.count, counted?.count ?? 0)
            }
            seams[layer] = standing
        }
        // That nothing was found in a layer is said by no merge.
        return seams.values.filter { !$0.sentences.isEmpty }.sorted { $0.layer < $1.layer }
    }
}

extension MergeReport.IssueOutcome {
    /// The worst first.
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    fileprivate init(_ kind: String, _ isRepaired: Bool, _ rule: String?) {
        let isOpen = MergeReport.Seams.needPerson(kind: kind, isRepaired: isRepaired, rule: rule)
        self = isRepaired ? .closed : isOpen ? .open : .noted
    }
}

extension MergeReport.Issue {
    fileprivate init(_ issue: RecordIssue, of source: SourceRecord) {
        self.init(
            .init(issue.kind), kind: issue.name, layer: source.layer, town: source.town, sources: [source.id],
            reason: issue.message)
        record = issue.row
        x = issue.x
        y = issue.y
    }

    fileprivate init(_ seam: SeamRecord, sources: [String: SourceRecord]) {
        let towns = Set(seam.sources.map { sources[$0]?.town })
        let what = seam.kind.split(separator: "-").joined(separator: " ")
        let size =
            seam.area > 0
            ? "\(what) of \(seam.area.rounded(toPlaces: 2)) m², \(seam.width.rounded(toPlaces: 3)) m wide" : what
        let outcome =
            seam.rule.map { "against the rule “\($0)”" }
            ?? (seam.isRepaired ? "mended" : "left as it is, \(seam.reason)")
        let isSentence = seam.rule != nil && !seam.reason.isEmpty
        self.init(
            .init(seam.kind, seam.isRepaired, seam.rule), kind: seam.kind, layer: seam.layer,
            town: towns.count == 1 ? towns.first ?? nil : nil, sources: seam.sources,
            reason: isSentence ? seam.reason : "\(size): \(outcome).")
        features = seam.features
        x = seam.place.x.rounded(toPlaces: 3)
        y = seam.place.y.rounded(toPlaces: 3)
        widthInMeters = seam.width.rounded(toPlaces: 3)
        lengthInMeters = seam.length.rounded(toPlaces: 3)
        areaInSquareMeters = seam.area.rounded(toPlaces: 3)
        confidence = seam.confidence.rounded(toPlaces: 3)
    }

    /// The order of a report: the worst first, then what belongs together; within
    /// one kind the largest first.
    fileprivate func precedes(_ other: MergeReport.Issue) -> Bool {
        if outcome != other.outcome { return outcome.rank < other.outcome.rank }
        if kind != other.kind { return kind < other.kind }
        if layer != other.layer { return layer < other.layer }
        let (area, otherArea) = (areaInSquareMeters ?? 0, other.areaInSquareMeters ?? 0)
        if area != otherArea { return area > otherArea }
        if sources != other.sources { return sources.lexicographicallyPrecedes(other.sources) }
        if record != other.record { return (record ?? 0) < (other.record ?? 0) }
        return (x ?? 0, y ?? 0, reason) < (other.x ?? 0, other.y ?? 0, other.reason)
    }
}
