// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// The kinds of facilities of the district's flood control.
enum FacilityKind: String, CaseIterable {
    case underpass
    case pumpStation = "pump_station"
    case gate
    case rainGauge = "rain_gauge"
    case tideStation = "tide_station"
    case pondingPoint = "ponding_point"
    case shelter
    case floodWall = "flood_wall"

    var title: Title {
        switch self {
        case .underpass: Title(zh: "下立交", en: "Underpass")
        case .pumpStation: Title(zh: "泵站", en: "Pump station")
        case .gate: Title(zh: "水闸", en: "Gate")
        case .rainGauge: Title(zh: "雨量站", en: "Rain gauge")
        case .tideStation: Title(zh: "潮位站", en: "Tide station")
        case .pondingPoint: Title(zh: "易积水点", en: "Ponding point")
        case .shelter: Title(zh: "避灾安置点", en: "Shelter")
        case .floodWall: Title(zh: "防汛墙", en: "Flood wall")
        }
    }

    /// What is measured, in which unit, above which zero.
    var measurement: (quantity: String?, unit: String?, datum: String?) {
        switch self {
        case .underpass: ("level", "cm", "invert")
        case .pondingPoint: ("level", "cm", "ground")
        case .pumpStation, .gate, .tideStation: ("level", "m", "Wusong")
        case .rainGauge: ("rain_1h", "mm", nil)
        case .shelter: ("persons", "persons", nil)
        case .floodWall: (nil, nil, nil)
        }
    }

    /// Shanghai closes an underpass to traffic at 25 cm above its lowest point,
    /// and shows "slow" as soon as it is wet.
    var thresholds: (warning: Double?, alarm: Double?) {
        self == .underpass ? (1, 25) : (nil, nil)
    }
}

/// One facility.
struct Facility {
    var id: Int64
    var code: String
    var kind: FacilityKind
    var name: String
    var town: String?
    var owner: String?
    var contact: String?
    var quantity: String?
    var unit: String?
    var datum: String?
    var warning: Double?
    var alarm: Double?
    var minimum: Double?
    var maximum: Double?
    /// 0: there is no sensor.
    var staleAfterMinutes: Int64
    var capacity: Int64?
    var crestInMeters: Double?
    var geometry: Geometry
    var envelope: Envelope
}

extension Facility {
    /// Fills in what the kind says by itself, and refuses what cannot be.
    init(_ properties: FacilityProperties, geometry: Geometry, id: Int64) throws {
        func refuse(_ reason: String) -> PluginError {
            PluginError(.invalid, "The facility \(properties.code) is refused: \(reason).")
        }
        guard let kind = FacilityKind(rawValue: properties.kind) else {
            let kinds = FacilityKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw refuse("\(properties.kind) is no kind; accepted are \(kinds)")
        }
        guard !properties.code.isEmpty, properties.code.utf8.count <= 100 else {
            throw refuse("a code has 1 to 100 bytes")
        }
        switch (kind, geometry) {
        case (.floodWall, .lineString), (.floodWall, .multiLineString): break
        case (.floodWall, _): throw refuse("a flood wall is a LineString")
        case (_, .point): break
        default: throw refuse("a \(kind.rawValue) is a Point")
        }
        let stale = properties.stale_after_minutes ?? 30
        guard stale >= 0 else { throw refuse("stale_after_minutes is \(stale); 0 or more is accepted") }
        if let warning = properties.warning, let alarm = properties.alarm, warning > alarm {
            throw refuse("its warning \(warning) is above its alarm \(alarm)")
        }
        if let minimum = properties.minimum, let maximum = properties.maximum, minimum > maximum {
            throw refuse("its minimum \(minimum) is above its maximum \(maximum)")
        }
        let hasThresholds = properties.warning != nil || properties.alarm != nil
        self.init(
            id: id, code: properties.code, kind: kind, name: properties.name, town: properties.town,
            owner: properties.owner, contact: properties.contact,
            quantity: properties.quantity ?? kind.measurement.quantity,
            unit: properties.unit ?? kind.measurement.unit, datum: properties.datum ?? kind.measurement.datum,
            warning: hasThresholds ? properties.warning : kind.thresholds.warning,
            alarm: hasThresholds ? properties.alarm : kind.thresholds.alarm, minimum: properties.minimum,
            maximum: properties.maximum, staleAfterMinutes: stale, capacity: properties.capacity,
            crestInMeters: properties.crest_m, geometry: geometry, envelope: geometry.envelope)
    }
}
