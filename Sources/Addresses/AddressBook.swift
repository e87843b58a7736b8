// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import SimpleFeatures

/// The doors of a district with their places, found by their addresses.
///
/// Only an address that is equal after both were brought into one spelling is a
/// match. What comes near is named as a candidate and never taken.
public struct AddressBook: Sendable {
    /// One door.
    public struct Entry: Hashable, Sendable, Codable {
        /// As `Address.key` spells it.
        public var key: String
        public var road: String
        /// The last number of the address, by which neighbours are found.
        public var number: Int
        /// On the district grid.
        public var x: Double
        public var y: Double
        /// The code of the town whose delivery it stands in.
        public var town: String?

        public init(_ address: Address, x: Double, y: Double, town: String?) {
            key = address.key
            road = address.road
            number = address.numbers.first?.number ?? address.lanes.last?.number ?? 0
            self.x = x
            self.y = y
            self.town = town
        }
    }

    /// What was found.
    public enum Match: Hashable, Sendable {
        case found(Coordinate)
        /// Several doors, or one that contradicts what the address says.
        case ambiguous(String, candidates: [String])
        case missing(String, candidates: [String])
    }

    private let entries: [Entry]
    private let byKey: [String: [Int]]
    private let byRoad: [String: [Int]]
    private let parser: AddressParser
    private let district: String
    private let townCodes: [String: String]
    private var similar: [String: [String]] = [:]

    /// Candidates that are named.
    private static let named = 3

    /// - Parameter towns: names by code.
    public init(_ entries: [Entry], district: String, towns: [String: String]) {
        self.entries = entries
        var byKey: [String: [Int]] = [:]
        var byRoad: [String: [Int]] = [:]
        for (index, entry) in entries.enumerated() {
            byKey[entry.key, default: []].append(index)
            byRoad[entry.road, default: []].append(index)
        }
        self.byKey = byKey
        self.byRoad = byRoad
        self.district = district
        parser = AddressParser(district: district, towns: Array(towns.values))
        townCodes = Dictionary(towns.map { ($0.value, $0.key) }) { first, _ in first }
    }

    /// How many doors there are.
    public var count: Int { entries.count }

    /// The place of an address.
    ///
    /// - Parameter town: the code of the town that delivers it, for addresses that
    ///   do not name one.
    /// - Throws: what the text lacks.
    public mutating func match(_ text: String, town: String?) throws(Address.Fault) -> Match {
        let address = try parser.parse(text)
        if let other = address.district, other != district, district.hasSuffix("区") || district.hasSuffix("县") {
            return .missing("is in \(other), not in \(district)", candidates: [])
        }
        let hits = byKey[address.key] ?? []
        if hits.isEmpty {
            let parts = address.numbers.count > 1 ? address.parts.map(\.key).filter { byKey[$0] != nil } : []
            guard parts.isEmpty else {
                return .ambiguous("names several doors, and a record has one place", candidates: parts)
            }
            return .missing("is not among the \(entries.count) addresses of the district", candidates: near(address))
        }
        let said = address.town.flatMap { townCodes[$0] }
        guard address.town == nil || said != nil else {
            return .ambiguous("names a town that the district does not have", candidates: labels(hits))
        }
        var chosen = hits
        if let said {
            chosen = hits.filter { entries[$0].town == nil || entries[$0].town == said }
            guard !chosen.isEmpty else {
                return .ambiguous("names a town that it does not lie in", candidates: labels(hits))
            }
        } else if let town, Set(hits.map { entries[$0].town }).count > 1 {
            let own = hits.filter { entries[$0].town == town }
            if !own.isEmpty { chosen = own }
        }
        let places = Set(chosen.map { Coordinate(x: entries[$0].x, y: entries[$0].y) })
        guard places.count == 1, let place = places.first else {
            return .ambiguous("stands \(places.count) times among the addresses of the district", candidates: labels(chosen))
        }
        return .found(place)
    }

    private func labels(_ indexes: [Int]) -> [String] {
        indexes.prefix(Self.named).map { index in
            let entry = entries[index]
            return entry.key + (entry.town.map { " (\($0))" } ?? "")
        }
    }

    /// The nearest numbers on the road, or roads that are called alike.
    private mutating func near(_ address: Address) -> [String] {
        if let doors = byRoad[address.road] {
            let wanted = address.numbers.first?.number ?? address.lanes.last?.number ?? 0
            let lane = address.lanes.isEmpty ? nil : address.road + "\(address.lanes[0])弄"
            func distance(_ index: Int) -> (Int, Int, String) {
                let entry = entries[index]
                return (lane.map { entry.key.hasPrefix($0) ? 0 : 1 } ?? 0, abs(entry.number - wanted), entry.key)
            }
            // A full sort of a long road for each miss would be the most expensive part.
            var best: [(rank: (Int, Int, String), index: Int)] = []
            for index in doors {
                let rank = distance(index)
                guard best.count < Self.named || rank < best[best.count - 1].rank else { continue }
                best.append((rank, index))
                best.sort { $0.rank < $1.rank }
                if best.count > Self.named { best.removeLast() }
            }
            return best.map { entries[$0.index].key }
        }
        if let known = similar[address.road] { return known }
        // Names for so many unknown roads help nobody.
        guard similar.count < 10_000 else { return [] }
        let name = Array(address.road)
        let roads = Array(byRoad.keys.filter { Self.differInOne(name, Array($0)) }.sorted().prefix(Self.named))
        similar[address.road] = roads
        return roads
    }

    /// Whether one character was changed, left out or added.
    private static func differInOne(_ first: [Character], _ second: [Character]) -> Bool {
        let (short, long) = first.count <= second.count ? (first, second) : (second, first)
        guard long.count - short.count <= 1, short.count >= 2 else { return false }
        let head = zip(short, long).prefix { $0 == $1 }.count
        let tail = zip(short.reversed(), long.reversed()).prefix { $0 == $1 }.count
        return head + tail >= long.count - 1
    }
}
