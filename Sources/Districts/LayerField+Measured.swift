// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// What the merge itself fills in a field, beside a value that a town has said.
public enum FieldMeasure: String, Hashable, Sendable, Codable, CaseIterable {
    /// Square metres on the district grid, of the feature as it was delivered.
    case planarArea = "planar_m2"
    /// Square metres on the ellipsoid.
    case ellipsoidalArea = "ellipsoidal_m2"
    /// What the heights of the record are counted from: a `VerticalDatum`.
    case verticalDatum = "vertical_datum"

    var field: LayerField {
        switch self {
        case .planarArea:
            Self.field(rawValue, .real, zh: "平面面积", en: "Planar area", unit: MeasurementUnit(named: "m²"), self)
        case .ellipsoidalArea:
            Self.field(rawValue, .real, zh: "椭球面积", en: "Ellipsoidal area", unit: MeasurementUnit(named: "m²"), self)
        case .verticalDatum: Self.field(rawValue, .text, zh: "高程基准", en: "Vertical datum", unit: nil, self)
        }
    }

    private static func field(
        _ name: String, _ type: FieldType, zh: String, en: String, unit: MeasurementUnit?, _ measure: FieldMeasure
    ) -> LayerField {
        var field = LayerField(Field(name, type, titles: ["zh": zh, "en": en], unit: unit?.symbol), unit: unit)
        field.measure = measure
        return field
    }
}

extension LayerManifest {
    /// The fields of heights.
    public var heights: [LayerField] { fields.filter(\.isHeight) }

    /// The fields with those that stand beside registered areas and heights.
    static func withMeasures(_ fields: [LayerField], _ value: YAMLValue?) -> [LayerField] {
        var measures: [FieldMeasure] = []
        let registered = fields.filter { $0.registeredScale != nil }
        if registered.count > 1 { value?.refuse("only one field of a layer can be its registered area") }
        if !registered.isEmpty { measures += [.planarArea, .ellipsoidalArea] }
        if fields.contains(where: \.isHeight) { measures.append(.verticalDatum) }
        for measure in measures where fields.contains(where: { $0.field.name == measure.rawValue }) {
            value?.refuse("the field \"\(measure.rawValue)\" is filled by the merge in this layer; leave it out")
        }
        return fields + measures.map(\.field)
    }

    /// `registered: true`, or `registered: { scale: 500 }`: of the map that the
    /// areas were determined on, for the tolerance.
    static func readRegistered(_ value: YAMLValue, _ type: FieldType?, _ unit: MeasurementUnit?) -> Int? {
        guard type == .real, let unit, let square = MeasurementUnit(named: "m²"), unit.isConvertible(to: square) else {
            value.refuse("a registered area is of the type real and has a unit of area")
            return nil
        }
        if value.isMapping {
            guard let mapping = value.mapping("a registered area", known: ["scale"]) else { return nil }
            return mapping.required("scale", "the denominator of the map's scale, as in 500")?.integer(in: 100...100_000)
        }
        return value.boolean() == true ? LayerField.defaultScale : nil
    }

    static func readHeight(_ value: YAMLValue, _ type: FieldType?, _ unit: MeasurementUnit?) -> Bool {
        guard value.boolean() == true else { return false }
        guard type == .real, let unit, let metre = MeasurementUnit(named: "m"), unit.isConvertible(to: metre) else {
            value.refuse("a height is of the type real and has a unit of length")
            return false
        }
        return true
    }
}
