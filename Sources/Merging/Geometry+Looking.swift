// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension Geometry {
    var firstCoordinate: Coordinate? {
        var first: Coordinate?
        forEachCoordinates { if first == nil { first = $0.first } }
        return first
    }

    var hasOnlyFiniteCoordinates: Bool {
        var finite = true
        forEachCoordinates { run in for coordinate in run where !coordinate.isFinite { finite = false } }
        return finite
    }
}
