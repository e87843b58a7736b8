// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

// The JSON that README.md describes. Names are those of the document.

struct PremisesProperties: Decodable, Sendable {
    var code: String
    var name: String
    var owner: String
    var owner_level: String
    var town: String?
    var use: String?
    var area_m2: Double
}

struct AssetsDocument: Decodable {
    struct Contract: Decodable {
        var number: String
        var premises: String
        var lessee: String
        var area_m2: Double
        var rent: Double
        var start: ImportedDay
        var end: ImportedDay
    }

    var premises: FeatureCollection<PremisesProperties>
    var contracts: [Contract]?
}

/// `GET /summary`
struct AssetsSummary: Encodable {
    /// Totals of a group of premises.
    struct Group: Encodable {
        var premises = 0
        var areaInSquareMeters = 0.0
        var areaLetInSquareMeters = 0.0
        var yearlyRentInYuan = 0.0
        /// Yuan per m² and day over all that is let; nil when nothing is.
        var meanRent: Double?
        /// Share of the area that is let, at most 1.
        var occupancy: Double?

        mutating func add(_ letting: Letting, area: Double) {
            premises += 1
            areaInSquareMeters += area
            // What is let twice is not occupied twice.
            areaLetInSquareMeters += min(letting.areaLet, area)
            yearlyRentInYuan += letting.yearlyRentInYuan
            rentedArea += letting.areaLet
            meanRent = rentedArea > 0 ? yearlyRentInYuan / Contract.daysOfYear / rentedArea : nil
            occupancy = areaInSquareMeters > 0 ? areaLetInSquareMeters / areaInSquareMeters : nil
        }

        private var rentedArea = 0.0

        private enum CodingKeys: String, CodingKey {
            case premises, areaInSquareMeters, areaLetInSquareMeters, yearlyRentInYuan, meanRent, occupancy
        }
    }

    var day: String
    var total = Group()
    var owners: [String: Group] = [:]
    var towns: [String: Group] = [:]
    /// Codes of premises whose contracts cover more than there is.
    var overlet: [String] = []

    init(_ ledger: [Premises], on day: CalendarDay) {
        self.day = day.description
        for premises in ledger {
            let letting = Letting(premises, on: day)
            let area = premises.areaInSquareMeters
            total.add(letting, area: area)
            owners[premises.owner, default: Group()].add(letting, area: area)
            towns[premises.town ?? "unknown", default: Group()].add(letting, area: area)
            if letting.isOverlet { overlet.append(premises.code) }
        }
    }
}

/// `GET /premises`
struct PremisesReport: Encodable {
    struct Lease: Encodable {
        var number: String
        var lessee: String
        var areaInSquareMeters: Double
        var rent: Double
        var yearlyRentInYuan: Double
        var start: String
        var end: String
        var isRunning: Bool
    }

    var code: String
    var name: String
    var owner: String
    var use: String
    var areaInSquareMeters: Double
    var areaLetInSquareMeters: Double
    var vacancy: String
    var isOverlet: Bool
    var meanRent: Double?
    var contracts: [Lease]

    init(_ premises: Premises, on day: CalendarDay) {
        let letting = Letting(premises, on: day)
        code = premises.code
        name = premises.name
        owner = premises.owner
        use = premises.use
        areaInSquareMeters = premises.areaInSquareMeters
        areaLetInSquareMeters = letting.areaLet
        vacancy = letting.vacancy.rawValue
        isOverlet = letting.isOverlet
        meanRent = letting.meanRent
        contracts = premises.contracts.sorted { ($0.start, $0.number) < ($1.start, $1.number) }.map { contract in
            Lease(
                number: contract.number, lessee: contract.lessee, areaInSquareMeters: contract.areaInSquareMeters,
                rent: contract.rent, yearlyRentInYuan: contract.yearlyRentInYuan, start: contract.start.description,
                end: contract.end.description, isRunning: contract.runs(on: day))
        }
    }
}
