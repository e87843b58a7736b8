// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores

/// Why records that were taken are on the slip of their town all the same: their
/// border was moved, their code or a figure of theirs is doubtful.
struct SlipReasons {
    private let store: DistrictStore
    private let figures: [Figure]

    /// - Throws: `DistrictStoresError` when the store cannot be read.
    init(_ store: DistrictStore) throws {
        self.store = store
        figures = try store.figures().filter { $0.state == .differs }
    }

    /// Whether the slip of its town has anything of a source.
    ///
    /// - Throws: `DistrictStoresError` when the store cannot be read.
    func isOnSlip(_ source: SourceRecord) throws -> Bool {
        try source.counts.rejected + source.counts.repaired > 0 || !reasons(of: source).isEmpty
    }

    /// - Returns: by record.
    /// - Throws: `DistrictStoresError` when the store cannot be read.
    func reasons(of source: SourceRecord) throws -> [Int64: String] {
        let moved = try store.movedRecords(of: source)
        let codes = try store.codeFindings(
            of: source, kinds: GridCodeFinding.Kind.allCases.filter(\.isForTown).map(\.rawValue))
        var reasons = moved.mapValues { movement in
            "Its border was moved along the seam by up to \(movement.largestShift.rounded(toPlaces: 3)) m; "
                + "\(movement.areaGiven.rounded(toPlaces: 2)) m² were given, "
                + "\(movement.areaTaken.rounded(toPlaces: 2)) m² taken."
        }
        for (row, sentences) in codes.merging(differences(of: source), uniquingKeysWith: +) {
            reasons[row] = ((reasons[row].map { [$0] } ?? []) + sentences).joined(separator: " ")
        }
        return reasons
    }

    /// The figures of a source's records that others have otherwise, for the one that
    /// answers for them.
    private func differences(of source: SourceRecord) -> [Int64: [String]] {
        var sentences: [Int64: [String]] = [:]
        for figure in figures where figure.layer == source.layer {
            for answer in figure.answers where answer.source == source.id && answer.hasAuthority {
                var others = figure
                others.answers.removeAll { $0 == answer }
                sentences[answer.row, default: []].append(
                    "The figure \(figure.field) is “\(answer.value)” here, and \(others.said).")
            }
        }
        return sentences
    }
}
