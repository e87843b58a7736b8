// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// How premises are let on one day.
struct Letting {
    /// Whether anything is free.
    enum Vacancy: String, CaseIterable {
        /// All of the area is let.
        case full = "let"
        case partly
        case vacant
    }

    var contracts: [Contract]
    var areaLet: Double
    var areaVacant: Double
    var vacancy: Vacancy
    /// Contracts cover more than there is: a fault in the ledger.
    var isOverlet: Bool
    /// Yuan per m² and day, weighted by area; nil when nothing is let.
    var meanRent: Double?
    var yearlyRentInYuan: Double
    /// The last day of the contract that ends first.
    var nextEnd: CalendarDay?

    /// Areas are ledger figures of two decimals: less than this is rounding.
    private static let toleranceInSquareMeters = 0.01

    init(_ premises: Premises, on day: CalendarDay) {
        contracts = premises.contracts.filter { $0.runs(on: day) }
        areaLet = contracts.reduce(0) { $0 + $1.areaInSquareMeters }
        let area = premises.areaInSquareMeters
        areaVacant = max(0, area - areaLet)
        isOverlet = areaLet > area + Self.toleranceInSquareMeters
        vacancy =
            if contracts.isEmpty { .vacant } else if areaVacant > Self.toleranceInSquareMeters { .partly } else {
                .full
            }
        let dailyRent = contracts.reduce(0) { $0 + $1.rent * $1.areaInSquareMeters }
        meanRent = areaLet > 0 ? dailyRent / areaLet : nil
        yearlyRentInYuan = contracts.reduce(0) { $0 + $1.yearlyRentInYuan }
        nextEnd = contracts.map(\.end).min()
    }
}
