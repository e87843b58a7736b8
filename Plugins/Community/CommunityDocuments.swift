// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

// The JSON that README.md describes. Names are those of the document.

struct CommitteeProperties: Decodable, Sendable {
    var code: String
    var name: String
    var town: String?
}

struct EstateProperties: Decodable, Sendable {
    var code: String
    var name: String
    var committee: String
    var households: Int64?
    var residents: Int64?
    var built: Int64?
}

struct CommunityDocument: Decodable {
    var committees: FeatureCollection<CommitteeProperties>
    var estates: FeatureCollection<EstateProperties>
}

/// `GET /summary`
struct CommunitySummary: Encodable {
    struct Town: Encodable {
        var committees = 0
        var totals = CommunityTotals()
    }

    var committees: Int
    var totals = CommunityTotals()
    var towns: [String: Town] = [:]

    init(_ register: CommunityRegister) {
        committees = register.committees.count
        for committee in register.committees {
            let sums = register.totals(of: committee)
            totals.add(sums)
            towns[committee.town, default: Town()].committees += 1
            towns[committee.town]?.totals.add(sums)
        }
    }
}

/// `GET /committee`
struct CommitteeReport: Encodable {
    struct Member: Encodable {
        var code: String
        var name: String
        var households: Int64?
        var residents: Int64?
        var built: Int64?
    }

    var code: String
    var name: String
    var town: String
    var totals: CommunityTotals
    var estates: [Member]

    init(_ committee: Committee, _ register: CommunityRegister) {
        code = committee.code
        name = committee.name
        town = committee.town
        totals = register.totals(of: committee)
        estates = register.estates.filter { $0.committee == committee.code }.map {
            Member(
                code: $0.code, name: $0.name, households: $0.households, residents: $0.residents, built: $0.built)
        }
    }
}
