// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The seven concrete types of Simple Features, and `geometry` for a column
/// that may hold any of them. Raw values are the names in WKT and GeoPackage.
public enum GeometryType: String, Hashable, Sendable, Codable, CaseIterable {
    case geometry = "GEOMETRY"
    case point = "POINT"
    case lineString = "LINESTRING"
    case polygon = "POLYGON"
    case multiPoint = "MULTIPOINT"
    case multiLineString = "MULTILINESTRING"
    case multiPolygon = "MULTIPOLYGON"
    case geometryCollection = "GEOMETRYCOLLECTION"

    /// The type's number in WKB.
    public var wkbCode: UInt32 {
        switch self {
        case .geometry: 0
        case .point: 1
        case .lineString: 2
        case .polygon: 3
        case .multiPoint: 4
        case .multiLineString: 5
        case .multiPolygon: 6
        case .geometryCollection: 7
        }
    }

    /// 0 for points, 1 for lines, 2 for areas; nil where it differs by value.
    public var dimension: Int? {
        switch self {
        case .point, .multiPoint: 0
        case .lineString, .multiLineString: 1
        case .polygon, .multiPolygon: 2
        case .geometry, .geometryCollection: nil
        }
    }
}

extension Geometry {
    /// The type of this value; never `.geometry`.
    public var type: GeometryType {
        switch self {
        case .point: .point
        case .lineString: .lineString
        case .polygon: .polygon
        case .multiPoint: .multiPoint
        case .multiLineString: .multiLineString
        case .multiPolygon: .multiPolygon
        case .geometryCollection: .geometryCollection
        }
    }
}
