// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension PluginData {
    private struct Facility {
        var code: String
        var kind: String
        var name: String
        var place: Place
        var properties: [String: AttributeValue]
        /// Of its readings: what is usual, and how far it moves.
        var level: Double
        var swing: Double
        var digits: Int
    }

    func flood() throws -> String {
        var random = RandomSource(seed: truth.seed, part: "flood")
        let facilities = underpasses(&random) + waterworks(&random) + gauges(&random) + shelters(&random)
        var features: [String] = []
        var readings: [String] = []
        for (index, facility) in facilities.enumerated() {
            var properties = facility.properties
            properties["code"] = .text(facility.code)
            properties["kind"] = .text(facility.kind)
            properties["name"] = .text(facility.name)
            properties["town"] = code(facility.place.town)
            features.append(try feature(index + 1, .point(Point(facility.place.position)), properties))
            readings += Self.readings(of: facility, &random)
        }
        features += try walls(after: features.count)
        return Self.document([Self.collection("facilities", features), Self.list("readings", readings)])
    }

    /// A day of readings, newest last. A few sensors fell silent hours ago, and
    /// a few places stand under water.
    private static func readings(of facility: Facility, _ random: inout RandomSource) -> [String] {
        if facility.properties["stale_after_minutes"] == .integer(0) { return [] }
        let silent = random.happens(0.06)
        let isWet = random.happens(0.25)
        let step = facility.kind == "shelter" ? 360 : 30
        let peak = random.integer(0...150)
        return stride(from: 24 * 60, through: silent ? 300 : 0, by: -step).map { minutes in
            let age = max(3, minutes)
            // A storm that came a few hours ago and is going.
            let storm =
                isWet ? max(0, 1 - abs(Double(minutes - peak)) / 260) : max(0, 0.25 - abs(Double(minutes - peak)) / 800)
            let tide = facility.kind == "tide_station" ? Turn.wave(Double(minutes) / 745) : 0
            let value = facility.level + facility.swing * (storm + tide + random.real(-0.02...0.02))
            return object([
                ("facility", .text(facility.code)), ("time", .text("now-\(age)m")),
                ("value", .real(rounded(max(0, value), digits: facility.digits))),
            ])
        }
    }

    /// Where big roads dive below railways and motorways.
    private func underpasses(_ random: inout RandomSource) -> [Facility] {
        let ways = (truth.ways.railways.filter { $0.code == "rail" } + truth.ways.motorways).map { ($0.name, $0.line) }
        let streets = truth.streets.eastward.indices.filter { truth.streets.eastward[$0].road == .primary }
        let lines = streets.map { row in
            (truth.streets.eastward[row].name, truth.streets.northward.indices.map { truth.streets.crossing($0, row) })
        }
        return Self.spread(crossings(of: ways, with: lines), 24).enumerated().map { index, place in
            Facility(
                code: "UP-\(DemoTruth.padded(index + 1, to: 3))", kind: "underpass", name: place.name + "下立交",
                place: place,
                properties: [
                    "owner": .text("闵行区市政养护中心"), "contact": .text("021-64\(random.integer(100_000...999_999))"),
                    "quantity": .text("level"), "unit": .text("cm"), "datum": .text("invert"), "warning": .integer(1),
                    "alarm": .integer(25), "minimum": .integer(0), "maximum": .integer(400),
                    "stale_after_minutes": .integer(60),
                ], level: 0, swing: random.real(6...44), digits: 1)
        }
    }

    /// Pump stations, gates and tide stations, all on the water.
    private func waterworks(_ random: inout RandomSource) -> [Facility] {
        var ends: [Place] = []
        var middles: [Place] = []
        for (town, rivers) in truth.rivers.enumerated() {
            for river in rivers {
                guard case .lineString(let line) = river.geometry, line.coordinates.count > 6,
                    case .text(let name) = river.values[1]
                else { continue }
                for end in [line.coordinates[0], line.coordinates[line.coordinates.count - 1]]
                where truth.ways.isRiver(end, margin: 120) {
                    ends.append(Place(position: end, town: town, name: name))
                }
                middles.append(Place(position: line.coordinates[line.coordinates.count / 2], town: town, name: name))
            }
        }
        func level(_ kind: String, _ code: String, _ suffix: String, _ places: [Place], warning: Double) -> [Facility] {
            places.enumerated().map { index, place in
                Facility(
                    code: "\(code)-\(DemoTruth.padded(index + 1, to: 3))", kind: kind, name: place.name + suffix,
                    place: place,
                    properties: [
                        "owner": .text(shortName(place.town) + "水务站"), "quantity": .text("level"), "unit": .text("m"),
                        "datum": .text("Wusong"), "warning": .real(warning), "alarm": .real(warning + 0.4),
                        "minimum": .real(0.5), "maximum": .real(6.5), "stale_after_minutes": .integer(60),
                    ], level: 2.55, swing: random.real(0.5...1.3), digits: 2)
            }
        }
        let bank = truth.partition.riverBanks[1]
        let tides = (1...4).compactMap { part -> Place? in
            let position = bank[bank.count * part / 5]
            return truth.locator.town(of: position).map { Place(position: position, town: $0, name: "黄浦江") }
        }
        return level("pump_station", "PS", "泵站", Self.spread(middles, 26), warning: 3.2)
            + level("gate", "SG", "水闸", Self.spread(ends, 18), warning: 3.4)
            + level("tide_station", "TD", "潮位站", tides, warning: 3.9)
    }

    /// A rain gauge in every town, and the places where water gathers.
    private func gauges(_ random: inout RandomSource) -> [Facility] {
        var facilities: [Facility] = []
        for town in truth.partition.towns.indices {
            let blocks = truth.plan.blocks.filter { $0.town == town && !$0.isAtBorder }
            for block in Self.spread(blocks, 1) {
                let place = Place(position: block.place(0.5, 0.5).onGrid, town: town, name: shortName(town))
                facilities.append(
                    Facility(
                        code: "RG-\(DemoTruth.padded(town + 1, to: 3))", kind: "rain_gauge", name: place.name + "雨量站",
                        place: place,
                        properties: [
                            "owner": .text("闵行区水文站"), "quantity": .text("rain_1h"), "unit": .text("mm"),
                            "warning": .integer(16), "alarm": .integer(35), "minimum": .integer(0),
                            "maximum": .integer(200), "stale_after_minutes": .integer(60),
                        ], level: 0, swing: random.real(4...46), digits: 1))
            }
            let homes = blocks.filter { $0.use == .housing || $0.use == .village }
            for (index, block) in Self.spread(homes, 2).enumerated() {
                let place = Place(position: block.place(0.5, 0.02).onGrid, town: town, name: block.name)
                facilities.append(
                    Facility(
                        code: "PP-\(DemoTruth.padded(town * 2 + index + 1, to: 3))", kind: "ponding_point",
                        name: place.name + "易积水点", place: place,
                        properties: [
                            "owner": .text(shortName(town) + "城运中心"), "warning": .integer(5), "alarm": .integer(15),
                            "minimum": .integer(0), "maximum": .integer(150), "stale_after_minutes": .integer(60),
                        ], level: 0, swing: random.real(3...24), digits: 1))
            }
        }
        return facilities
    }

    private func shelters(_ random: inout RandomSource) -> [Facility] {
        let schools = truth.plan.blocks.filter { $0.use == .school && !$0.isAtBorder }
        return Self.spread(schools, 30).enumerated().map { index, block in
            let hasSensor = index % 5 != 4
            let capacity = random.integer(4...30) * 50
            return Facility(
                code: "SH-\(DemoTruth.padded(index + 1, to: 3))", kind: "shelter", name: block.name + "避灾安置点",
                place: Place(position: block.place(0.4, 0.4).onGrid, town: block.town, name: block.name),
                properties: [
                    "owner": .text(shortName(block.town) + "应急办"), "capacity": .integer(Int64(capacity)),
                    "warning": .real(Double(capacity) * 0.8), "alarm": .integer(Int64(capacity)),
                    "stale_after_minutes": .integer(hasSensor ? 720 : 0),
                ], level: Double(random.integer(0...capacity / 4)), swing: Double(capacity) * 0.4, digits: 0)
        }
    }

    /// The flood walls along both banks, in reaches of about a kilometre.
    private func walls(after count: Int) throws -> [String] {
        var features: [String] = []
        for bank in truth.partition.riverBanks {
            for piece in truth.locator.cut(bank) {
                for start in stride(from: 0, to: piece.line.count - 2, by: 22) {
                    let reach = Array(piece.line[start...min(piece.line.count - 1, start + 22)])
                    let number = features.count + 1
                    let crest = number % 7 == 0 ? 5.6 : 6.1 + Double(number % 5) * 0.15
                    features.append(
                        try feature(
                            count + number, .lineString(LineString(reach)),
                            [
                                "code": .text("FW-\(DemoTruth.padded(number, to: 3))"), "kind": .text("flood_wall"),
                                "name": .text("黄浦江防汛墙\(shortName(piece.town))\(number)段"), "town": code(piece.town),
                                "owner": .text("闵行区水务局"), "crest_m": .real(Self.rounded(crest, digits: 2)),
                            ]))
                }
            }
        }
        return features
    }
}
