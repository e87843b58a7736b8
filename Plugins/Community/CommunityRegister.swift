// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// A residents' or villagers' committee.
struct Committee {
    var id: Int64
    /// The 12-digit statistical code.
    var code: String
    var name: String
    var town: String
    var geometry: Geometry
    var envelope: Envelope

    /// Statistical codes number residents' committees from 001 and villagers'
    /// from 200.
    var isVillagers: Bool { (Int(code.suffix(3)) ?? 0) >= 200 }
}

/// An estate that a committee looks after.
struct Estate {
    var id: Int64
    var code: String
    var name: String
    /// The committee's code.
    var committee: String
    /// Nil: not known.
    var households: Int64?
    var residents: Int64?
    var built: Int64?
    var geometry: Geometry
    var envelope: Envelope
}

/// Sums over estates, with how many of them stated the number.
struct CommunityTotals: Encodable {
    var estates = 0
    /// Estates that state their households.
    var estatesCounted = 0
    var households: Int64 = 0
    var residents: Int64 = 0

    mutating func add(_ estate: Estate) {
        estates += 1
        if let count = estate.households {
            estatesCounted += 1
            households += count
        }
        residents += estate.residents ?? 0
    }

    mutating func add(_ other: CommunityTotals) {
        estates += other.estates
        estatesCounted += other.estatesCounted
        households += other.households
        residents += other.residents
    }
}

/// All committees and estates.
struct CommunityRegister {
    var committees: [Committee]
    var estates: [Estate]
    private var totalsOfCommittee: [String: CommunityTotals] = [:]
    private var committeeOfCode: [String: Committee] = [:]

    init(committees: [Committee], estates: [Estate]) {
        self.committees = committees
        self.estates = estates
        for committee in committees { committeeOfCode[committee.code] = committee }
        for estate in estates { totalsOfCommittee[estate.committee, default: CommunityTotals()].add(estate) }
    }

    func totals(of committee: Committee) -> CommunityTotals { totalsOfCommittee[committee.code] ?? CommunityTotals() }

    func committee(of estate: Estate) -> Committee? { committeeOfCode[estate.committee] }
}

extension CommunityRegister {
    init(_ document: CommunityDocument) throws {
        var codes = Set<String>()
        let committees = try document.committees.features.enumerated().map { index, feature in
            let committee = try Committee(feature.properties, geometry: feature.geometry, id: Int64(index + 1))
            guard codes.insert(committee.code).inserted else {
                throw PluginError(.invalid, "The committee \(committee.code) is there twice; codes are unique.")
            }
            return committee
        }
        var estateCodes = Set<String>()
        let estates = try document.estates.features.enumerated().map { index, feature in
            let estate = try Estate(feature.properties, geometry: feature.geometry, id: Int64(index + 1))
            guard estateCodes.insert(estate.code).inserted else {
                throw PluginError(.invalid, "The estate \(estate.code) is there twice; codes are unique.")
            }
            guard codes.contains(estate.committee) else {
                throw PluginError(
                    .invalid, "The estate \(estate.code) is of \(estate.committee), which is no committee.")
            }
            return estate
        }
        self.init(committees: committees, estates: estates)
    }
}

extension Committee {
    init(_ properties: CommitteeProperties, geometry: Geometry, id: Int64) throws {
        func refuse(_ reason: String) -> PluginError {
            PluginError(.invalid, "The committee \(properties.code) is refused: \(reason).")
        }
        guard geometry.type.dimension == 2 else { throw refuse("a committee is a Polygon or a MultiPolygon") }
        let code = properties.code
        guard code.utf8.count == 12, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let last = Int(code.suffix(3)), (1...399).contains(last)
        else { throw refuse("a code has 12 digits and ends in 001 to 399") }
        self.init(
            id: id, code: code, name: properties.name, town: properties.town ?? String(code.prefix(9)),
            geometry: geometry, envelope: geometry.envelope)
    }
}

extension Estate {
    init(_ properties: EstateProperties, geometry: Geometry, id: Int64) throws {
        func refuse(_ reason: String) -> PluginError {
            PluginError(.invalid, "The estate \(properties.code) is refused: \(reason).")
        }
        switch geometry {
        case .point, .polygon, .multiPolygon: break
        default: throw refuse("an estate is a Point, a Polygon or a MultiPolygon")
        }
        guard !properties.code.isEmpty, properties.code.utf8.count <= 100 else {
            throw refuse("a code has 1 to 100 bytes")
        }
        for (name, count) in [("households", properties.households), ("residents", properties.residents)] {
            if let count, !(0...10_000_000).contains(count) {
                throw refuse("\(name) is \(count); 0 to 10000000 is accepted")
            }
        }
        self.init(
            id: id, code: properties.code, name: properties.name, committee: properties.committee,
            households: properties.households, residents: properties.residents, built: properties.built,
            geometry: geometry, envelope: geometry.envelope)
    }
}
