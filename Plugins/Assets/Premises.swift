// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// A building, a part of one, or a piece of land that a collective can let.
struct Premises {
    var id: Int64
    var code: String
    var name: String
    var owner: String
    var ownerLevel: String
    var town: String?
    var use: String
    var areaInSquareMeters: Double
    var geometry: Geometry
    var envelope: Envelope
    var contracts: [Contract]

    static let ownerLevels = ["town", "village", "group"]
    static let uses = ["factory", "office", "shop", "warehouse", "housing", "land", "other"]
}

/// A lease.
struct Contract {
    var number: String
    var lessee: String
    var areaInSquareMeters: Double
    /// Yuan per m² and day.
    var rent: Double
    /// First and last day of the lease.
    var start: CalendarDay
    var end: CalendarDay

    /// Days of a year for which rent is counted.
    static let daysOfYear = 365.0

    var yearlyRentInYuan: Double { rent * areaInSquareMeters * Self.daysOfYear }

    func runs(on day: CalendarDay) -> Bool { start <= day && day <= end }
}

extension Contract {
    init(_ properties: AssetsDocument.Contract) throws {
        func refuse(_ reason: String) -> PluginError {
            PluginError(.invalid, "The contract \(properties.number) is refused: \(reason).")
        }
        guard !properties.number.isEmpty else { throw refuse("its number is empty") }
        guard properties.area_m2 > 0, properties.area_m2.isFinite else {
            throw refuse("its area is \(properties.area_m2) m²; more than 0 is accepted")
        }
        guard properties.rent >= 0, properties.rent.isFinite else {
            throw refuse("its rent is \(properties.rent) yuan per m² and day; 0 or more is accepted")
        }
        guard properties.start.day <= properties.end.day else {
            throw refuse("it ends on \(properties.end.day), before it starts on \(properties.start.day)")
        }
        self.init(
            number: properties.number, lessee: properties.lessee, areaInSquareMeters: properties.area_m2,
            rent: properties.rent, start: properties.start.day, end: properties.end.day)
    }
}

extension Premises {
    init(_ properties: PremisesProperties, geometry: Geometry, contracts: [Contract], id: Int64) throws {
        func refuse(_ reason: String) -> PluginError {
            PluginError(.invalid, "The premises \(properties.code) are refused: \(reason).")
        }
        guard !properties.code.isEmpty, properties.code.utf8.count <= 100 else {
            throw refuse("a code has 1 to 100 bytes")
        }
        switch geometry {
        case .point, .polygon, .multiPolygon: break
        default: throw refuse("premises are a Point, a Polygon or a MultiPolygon")
        }
        guard Self.ownerLevels.contains(properties.owner_level) else {
            throw refuse(
                "the owner_level is \(properties.owner_level); accepted are "
                    + Self.ownerLevels.joined(separator: ", "))
        }
        let use = properties.use ?? "other"
        guard Self.uses.contains(use) else {
            throw refuse("the use is \(use); accepted are \(Self.uses.joined(separator: ", "))")
        }
        guard properties.area_m2 > 0, properties.area_m2.isFinite else {
            throw refuse("the area is \(properties.area_m2) m²; more than 0 is accepted")
        }
        self.init(
            id: id, code: properties.code, name: properties.name, owner: properties.owner,
            ownerLevel: properties.owner_level, town: properties.town, use: use,
            areaInSquareMeters: properties.area_m2, geometry: geometry, envelope: geometry.envelope,
            contracts: contracts)
    }
}
