// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension PluginData {
    /// Twenty-nine stations in 马桥, each with three days of samples.
    func water() throws -> String {
        var random = RandomSource(seed: truth.seed, part: "water")
        guard let town = truth.partition.towns.firstIndex(where: { $0.code == "310112112" }) else {
            return Self.document([Self.collection("stations", []), Self.list("samples", [])])
        }
        let places = stations(in: town, count: 29)
        var features: [String] = []
        var samples: [String] = []
        for (index, place) in places.enumerated() {
            let station = "MQ-\(DemoTruth.padded(index + 1, to: 2))"
            let isPond = place.name.isEmpty
            features.append(
                try feature(
                    index + 1, .point(Point(place.position)),
                    [
                        "code": .text(station), "name": .text("马桥\(index + 1)号"),
                        "water": isPond ? .null : .text(place.name), "town": code(town),
                        "body": .text(isPond ? "lake" : "river"), "target_class": .integer(index % 4 == 0 ? 3 : 4),
                        "owner": .text("马桥镇水务站"),
                    ]))
            samples += Self.samples(of: station, foulness: random.real(0...1), &random)
        }
        return Self.document([Self.collection("stations", features), Self.list("samples", samples)])
    }

    /// Along the town's canals, then at its ponds.
    private func stations(in town: Int, count: Int) -> [Place] {
        var places: [Place] = []
        for river in truth.rivers[town] {
            guard case .lineString(let line) = river.geometry, case .text(let name) = river.values[1] else { continue }
            for index in stride(from: 4, to: line.coordinates.count, by: 9) {
                places.append(Place(position: line.coordinates[index], town: town, name: name))
            }
        }
        let ponds = truth.ponds(of: town).map {
            Place(position: $0.geometry.envelope.center.onGrid, town: town, name: "")
        }
        let some = Self.spread(places, count - min(4, ponds.count))
        return Array((some + ponds).prefix(count))
    }

    private static func samples(of station: String, foulness: Double, _ random: inout RandomSource) -> [String] {
        stride(from: 72, through: 0, by: -4).map { hours in
            let wave = Turn.wave(Double(hours) / 24)
            func around(_ value: Double, _ share: Double = 0.08) -> Double {
                value * (1 + random.real(-share...share))
            }
            let temperature = 26 + 1.8 * wave
            let items: [(String, Double, Int)] = [
                ("temperature", temperature, 1), ("pH", around(7.4, 0.03), 2),
                ("DO", max(0.4, around(8.2 - 5.6 * foulness + 0.9 * wave)), 2),
                ("CODMn", around(2.6 + 8.5 * foulness), 2),
                ("NH3N", around(0.18 + 1.7 * foulness * foulness), 3), ("TP", around(0.06 + 0.3 * foulness), 3),
                ("TN", around(1.2 + 2.6 * foulness), 2),
            ]
            // A sensor is being calibrated now and then.
            let isCalibrating = random.happens(0.03)
            let values = items.map { ($0.0, AttributeValue.real(rounded($0.1, digits: $0.2))) }
            let time = hours == 0 ? "now-25m" : "now-\(hours)h"
            let flags = isCalibrating ? ", \"flags\": {\"TP\": \"C\"}" : ""
            return "{\"station\": \"\(station)\", \"time\": \"\(time)\", \"values\": \(object(values))\(flags)}"
        }
    }
}
