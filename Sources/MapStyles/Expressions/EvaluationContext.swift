// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The attributes of the feature at which an evaluation looks.
///
/// A renderer keeps one reader for a layer and moves it from feature to
/// feature, so that nothing is allocated on the way.
public protocol FeatureRow: AnyObject {
    /// The value of a column; `.null` where the feature has none.
    func value(at column: Int) -> AttributeValue

    /// The value as an expression sees it; nil where the feature has none.
    func styleValue(at column: Int) -> StyleValue?

    /// The code of the column's value in a dictionary of the layer, where equal
    /// codes mean equal values; nil when the column is not coded. Results that
    /// depend on one coded column are computed once for each code.
    func dictionaryCode(at column: Int) -> Int?
}

extension FeatureRow {
    /// The value of a cell as it is.
    @inlinable
    public func styleValue(at column: Int) -> StyleValue? { StyleValue(value(at: column)) }

    /// Nil: no column is coded.
    @inlinable
    public func dictionaryCode(at column: Int) -> Int? { nil }
}

/// The kind of geometry that styles tell apart; multi geometries count as
/// their parts do.
public enum FeatureGeometryType: String, Hashable, Sendable, CaseIterable {
    case unknown = "Unknown"
    case point = "Point"
    case lineString = "LineString"
    case polygon = "Polygon"

    /// The kind of a Simple Features type; unknown for collections.
    public init(_ type: GeometryType) {
        switch type.dimension {
        case 0: self = .point
        case 1: self = .lineString
        case 2: self = .polygon
        default: self = .unknown
        }
    }
}

/// All that an expression may look at. One for each worker.
final class EvaluationContext {
    var zoom = 0.0
    var geometryType = FeatureGeometryType.unknown
    var id: StyleValue = .null
    var row: (any FeatureRow)?
    /// The column of each property that the style names; −1 where the layer
    /// has no such column.
    var columns: [Int] = []
    /// The names of all columns, for `["properties"]`.
    var columnNames: [String] = []
    /// The feature's geometry in CRS84 degrees, for `within` and `distance`.
    var geometry: (() -> Geometry?)?
    var globalState: [String: StyleValue] = [:]
    var featureState: [String: StyleValue] = [:]
    var availableImages: Set<String>?
    var elevation: Double?
    var lineProgress: Double?
    var heatmapDensity: Double?
    /// Values of `let` by slot, each computed when first asked for.
    var variables: [StyleValue?] = []

    /// A number by its slot in the style; nil where the feature has none or
    /// it is no number.
    @inline(__always)
    func number(_ slot: Int) -> Double? {
        guard slot < columns.count else { return nil }
        let column = columns[slot]
        guard column >= 0, let row else { return nil }
        switch row.value(at: column) {
        case .real(let number): return number
        case .integer(let number): return Double(number)
        case .null, .boolean, .text: return nil
        }
    }

    /// A text by its slot in the style; nil where the feature has none or it
    /// is no text.
    @inline(__always)
    func string(_ slot: Int) -> String? {
        guard slot < columns.count else { return nil }
        let column = columns[slot]
        guard column >= 0, let row, case .text(let text) = row.value(at: column) else { return nil }
        return text
    }

    /// The value of a property by its slot in the style.
    @inline(__always)
    func property(_ slot: Int) -> StyleValue? {
        guard slot < columns.count else { return nil }
        let column = columns[slot]
        guard column >= 0, let row else { return nil }
        return row.styleValue(at: column)
    }
}
