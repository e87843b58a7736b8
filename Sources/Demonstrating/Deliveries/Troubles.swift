// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The mistakes that a real delivery has: made here on purpose, and the same
/// ones every time.
enum Troubles {
    /// What the town delivers of a feature; `number` counts from 1.
    static func spoil(_ feature: DemoFeature, layer: String, town: String, number: Int) -> (DemoFeature, isEmpty: Bool)
    {
        guard town == "310112501", layer == "buildings" else { return (feature, false) }
        var spoilt = feature
        if number % 310 == 7 { spoilt.geometry = crossed(feature.geometry) }
        if number % 690 == 41 { spoilt.values[1] = .text(number % 1380 == 41 ? "待定" : "在建") }
        return (spoilt, number % 520 == 90)
    }

    /// How far a ring that crosses itself lies from the one that was meant: the
    /// edges at both swapped corners turn about their other ends.
    static func reach(of ring: [Coordinate]) -> Double {
        ring.count >= 3 ? (ring[1] - ring[2]).length : 0
    }

    /// The same corners with two of them in the wrong order, so that the ring
    /// crosses itself.
    private static func crossed(_ geometry: Geometry) -> Geometry {
        guard case .polygon(var polygon) = geometry, polygon.exteriorRing.coordinates.count >= 5 else {
            return geometry
        }
        polygon.exteriorRing.coordinates.swapAt(1, 2)
        return .polygon(polygon)
    }
}
