// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures

extension CoordinateReferenceSystem {
    /// For tests, where a text that does not parse is a failure.
    static func named(_ text: String) throws -> CoordinateReferenceSystem {
        try CoordinateReferenceSystem(parsing: text)
    }
}

func transform(_ source: String, _ target: String, area: Envelope? = nil) throws -> CoordinateTransform {
    try CoordinateTransform(from: .named(source), to: .named(target), areaOfInterest: area)
}

/// Xinzhuang, the reference point of the tables.
let xinzhuang = Coordinate(x: 121.3817, y: 31.1128)
let minhang = Envelope(minX: 121.25, minY: 30.97, maxX: 121.60, maxY: 31.25)
