// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts

/// What keeps a delivery out until a person has said that it is meant so.
extension Merger {
    /// - Throws: `MergingError` of kind `.sourceRefused` when the delivery
    ///   describes an earlier day than the one that the district holds.
    func refuseOlder(_ source: SourceDefinition, than stored: SourceRecord?) throws {
        guard !options.accepted.contains(source.id), let held = stored?.asOf else { return }
        guard let asOf = source.asOf else {
            throw doubt(
                source, "The district holds this source as of \(held), and the entry no longer says `as_of`.")
        }
        // Days are written yyyy-mm-dd, which sorts as text.
        guard asOf.description < held else { return }
        throw doubt(source, "The delivery is of \(asOf), older than what the district holds, which is of \(held).")
    }

    /// - Throws: `MergingError` of kind `.sourceRefused` when most of what the
    ///   last delivery had is gone.
    func refuseShrunken(
        _ source: SourceDefinition, _ counts: SourceRecord.Counts, after previous: SourceRecord?
    ) throws {
        guard !options.accepted.contains(source.id), let before = previous?.counts.taken,
            before >= Self.leastToDoubt, counts.taken * 2 <= before
        else { return }
        let now = counts.taken == 0 ? "none" : "only \(counts.taken)"
        throw doubt(
            source, "The last delivery had \(MergeReport.count(before, "feature")) and this one has \(now).")
    }

    /// Below this many features the loss of half of them is nothing unusual.
    private static let leastToDoubt = 10

    private func doubt(_ source: SourceDefinition, _ sentence: String) -> MergingError {
        MergingError(.sourceRefused, "\(sentence) If it is meant so: miaopu merge --accept \(source.id)")
    }
}

extension SourceRecord.Counts {
    /// Records that became features.
    var taken: Int { accepted + repaired }
}
