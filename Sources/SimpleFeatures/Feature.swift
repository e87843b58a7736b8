// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A thing on the map that describes itself: what live layers and GeoJSON carry.
public struct Feature: Hashable, Sendable {
    /// Unique within its layer. At most 2^53 − 1, so that browsers keep it exact.
    public var id: Int64
    public var geometry: Geometry?
    public var properties: [String: AttributeValue]

    public init(id: Int64, geometry: Geometry?, properties: [String: AttributeValue] = [:]) {
        self.id = id
        self.geometry = geometry
        self.properties = properties
    }
}

/// A row of a layer whose `Schema` is known: what files, stores and snapshots
/// carry by the hundred thousand.
public struct FeatureRecord: Hashable, Sendable {
    /// Unique within its layer, at most 2^53 − 1.
    public var id: Int64
    public var geometry: Geometry?
    /// One value for each field of the schema, in its order.
    public var values: [AttributeValue]

    public init(id: Int64, geometry: Geometry?, values: [AttributeValue]) {
        self.id = id
        self.geometry = geometry
        self.values = values
    }
}
