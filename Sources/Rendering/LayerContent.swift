// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Snapshots

/// Where the features of a layer come from, for one tile.
public enum LayerContent: Sendable {
    /// Merged data, cut for the tile matrix set that is drawn.
    case snapshot(Snapshot)
    /// Live features in OGC:CRS84: longitude and latitude in degrees. Hand over
    /// those near the tile; the rest is passed over, which costs time.
    case features([Feature])

    /// What the completeness record states as version.
    var dataVersion: String {
        switch self {
        case .snapshot(let snapshot): snapshot.dataVersion
        case .features: "live"
        }
    }
}
