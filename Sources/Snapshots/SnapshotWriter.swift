// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TileMatrixSets

/// Writes a snapshot in one call. Use `SnapshotBuilder` when features come from
/// something that can fail on the way.
public enum SnapshotWriter {
    /// Writes the snapshot of a layer; the same bytes for the same features in
    /// whatever order they come.
    ///
    /// The file is written beside `url` under a temporary name, synchronised and
    /// renamed: readers find the old file or the new one, never a part.
    ///
    /// - Throws: as `SnapshotBuilder.add` and `SnapshotBuilder.write`.
    /// - Complexity: O(*n*) in positions and attributes, all of which are held in
    ///   memory.
    @discardableResult
    public static func write(
        features: some Sequence<SnapshotFeature>, schema: Schema, layer: String, tileMatrixSet: TileMatrixSet,
        dataVersion: String, to url: URL
    ) throws(SnapshotsError) -> SnapshotSummary {
        let builder = SnapshotBuilder(layer: layer, schema: schema, tileMatrixSet: tileMatrixSet)
        for feature in features { try builder.add(feature) }
        return try builder.write(dataVersion: dataVersion, to: url)
    }
}
