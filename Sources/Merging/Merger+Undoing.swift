// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation

extension Merger {
    /// What taking a change set back did.
    public struct Undoing: Sendable, Codable {
        /// The change set that was taken back.
        public var undone: Int64
        /// The change set that took it back; nil when there was nothing to do.
        public var changeSet: Int64?
        public var layers: [MergeReport.Layer]
        /// Sources whose features became others. A merge of everything leaves
        /// what was taken back alone.
        public var sources: [String]
    }

    /// Takes a change set back, as a change set of its own, which can be taken
    /// back in turn.
    ///
    /// - Throws: `DistrictStoresError` of kind `.unknown` when there is no such
    ///   change set or it cannot be taken back, `MergingError` when another merge
    ///   is at work. The store is then as it was before.
    public func undo(changeSet: Int64) throws -> Undoing {
        let lock = try MergeLock(in: district.directory.appendingPathComponent(".miaopu"))
        return try withExtendedLifetime(lock) {
            let store = Self.store(of: district)
            // Opening says what is wrong with a store that is none; a merge would make one.
            _ = try DistrictStore(opening: store)
            let (sources, changes) = try DistrictStore.merge(
                at: store, grid: try storeReferenceSystem(), summary: { _ in "took back \(changeSet)" }
            ) { try $0.undo(changeSet: changeSet) }
            return Undoing(
                undone: changeSet, changeSet: changes.id, layers: changes.layers.map(MergeReport.Layer.init),
                sources: sources)
        }
    }
}
