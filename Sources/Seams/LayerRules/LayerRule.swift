// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Something that must hold between the features of two layers. Nothing is ever
/// moved for it.
public enum LayerRule: Hashable, Sendable, Codable {
    /// Each feature lies in one feature of the other layer: a building in a
    /// parcel. `share` is how much of its area must, 0 to 1.
    case withinExactlyOne(share: Double)
    /// Each feature lies in the areas of its own owner: a delivery in its town.
    /// `tolerance` is how far it may reach out, in metres.
    case insideOwnersArea(tolerance: Double)
    /// No feature crosses one of the other layer on more than `tolerance`
    /// metres: a road through water, unless an attribute of it, such as
    /// `bridge`, has one of the values.
    case mustNotCross(tolerance: Double, unless: String? = nil, values: [String] = [])
}

/// A feature as rules between layers see it.
public struct RuleFeature: Hashable, Sendable {
    /// Unique in its layer.
    public var id: Int64
    public var owner: Int64
    /// Valid; x east, y north, in metres.
    public var geometry: Geometry
    public var attributes: [String: String]

    public init(id: Int64, owner: Int64, geometry: Geometry, attributes: [String: String] = [:]) {
        self.id = id
        self.owner = owner
        self.geometry = geometry
        self.attributes = attributes
    }
}

/// A feature that breaks a rule.
public struct LayerRuleRecord: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, Codable {
        case withinNone = "within-none"
        case acrossSeveral = "across-several"
        case withinSeveral = "within-several"
        case outsideItsOwner = "outside-its-town"
        case crossing
    }

    public var kind: Kind
    public var feature: Int64
    /// Of the other layer, in rising order.
    public var others: [Int64]
    /// In metres.
    public var place: Coordinate
    /// The share that lies in the best one for `within…`; metres otherwise.
    public var measure: Double
}
