// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// What a snapshot is made from.
public struct SnapshotFeature: Sendable {
    /// Unique within the layer.
    public var id: Int64
    /// In the reference system of the tile matrix set, x east and y north.
    public var geometry: Geometry?
    /// One value for each field of the schema, in its order.
    public var values: [AttributeValue]

    public init(id: Int64, geometry: Geometry?, values: [AttributeValue]) {
        self.id = id
        self.geometry = geometry
        self.values = values
    }
}
