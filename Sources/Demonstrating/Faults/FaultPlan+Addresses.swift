// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import SimpleFeatures

extension FaultPlan {
    private struct Door {
        var road: String
        /// Without 号.
        var number: String
    }

    /// Lists of firms that have addresses and no coordinates.
    mutating func plantAddressTables() throws {
        for town in ["xinhong", "wujing", "pujiang"] { try plantAddressTable(of: town) }
    }

    private mutating func plantAddressTable(of slug: String) throws {
        guard let town = truth.partition.towns.firstIndex(where: { $0.slug == slug }) else { return }
        let doors = try doors(of: town)
        let numbers = Dictionary(grouping: doors, by: \.road).mapValues { Set($0.map(\.number)).sorted() }
        guard doors.count > 8, let road = numbers.filter({ $0.value.count > 1 }).keys.min(), let pair = numbers[road]
        else { return }
        let id = "\(slug)-firms"
        var lines = ["名称,地址"]
        func line(_ address: String) { lines.append("\(slug)第\(lines.count)合作社,\(address)") }
        func told(
            _ kind: PlantedFault.Kind, _ accepts: PlantedFault.Outcome, _ address: String, _ note: String
        ) -> PlantedFault {
            line(address)
            return PlantedFault(kind: kind, sources: [id], records: [lines.count - 1], accepts: [accepts], note: note)
        }

        for door in doors.prefix(3) { line("闵行区\(door.road)\(door.number)号") }
        let wide = String(
            String.UnicodeScalarView(doors[3].number.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) }))
        addDecoy(told(.misspeltRoad, .silent, "上海市闵行区\(doors[3].road)\(wide)号", "digits as wide as characters"))
        addDecoy(told(.misspeltRoad, .silent, "\(doors[4].road) \(doors[4].number) 号", "an address with spaces"))
        add(told(.misspeltRoad, .reported, "闵行区\(Self.misspelt(doors[5].road))\(doors[5].number)号", "a misspelt road"))
        add(told(.ambiguousNumber, .reported, "闵行区\(road)\(pair[0])、\(pair[1])号", "two doors"))
        add(told(.missingAddress, .reported, "", "no address"))

        var source = SourceProposal(
            id: id, town: Proposal(truth.partition.towns[town].code), layer: Proposal("points"),
            path: "maps/\(slug)/firms.csv", encoding: Proposal("UTF-8"), asOf: Proposal(TownHabit.all[town].asOf),
            notes: ["A list with addresses alone."])
        source.from.address = "地址"
        source.fields = [.init("name", from: "名称"), .init("address", from: "地址")]
        extras.append(
            ExtraDelivery(
                path: source.path, text: lines.map { $0 + "\n" }.joined(), source: source, layer: "points",
                count: lines.count - 1))
    }

    /// In an order that the seed gives; none that something was planted in.
    private mutating func doors(of town: Int) throws -> [Door] {
        let key = Key(town: town, layer: "addresses")
        var doors: [Door] = []
        var seen: Set<String> = []
        for (index, feature) in try features(key).enumerated() where !isTaken(index, key) {
            guard case .text(let road) = feature.values[0], case .text(let number) = feature.values[1],
                seen.insert(road + number).inserted
            else { continue }
            doors.append(Door(road: road, number: number.replacing("号", with: "")))
        }
        doors.shuffle(using: &random)
        return doors
    }

    /// With another first character, as one that sounds alike.
    private static func misspelt(_ road: String) -> String { "锌" + road.dropFirst() }
}
