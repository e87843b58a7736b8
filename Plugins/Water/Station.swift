// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// A place where water is sampled.
struct Station {
    var id: Int64
    var code: String
    var name: String
    var water: String?
    var town: String?
    var body: WaterBody
    var targetClass: Int?
    var owner: String?
    /// OGC:CRS84.
    var position: Coordinate
}

extension Station {
    init(_ properties: StationProperties, geometry: Geometry, id: Int64) throws {
        func refuse(_ reason: String) -> PluginError {
            PluginError(.invalid, "The station \(properties.code) is refused: \(reason).")
        }
        guard case .point(let point) = geometry, let position = point.coordinate else {
            throw refuse("a station is a Point")
        }
        guard !properties.code.isEmpty, properties.code.utf8.count <= 100 else {
            throw refuse("a code has 1 to 100 bytes")
        }
        guard let body = WaterBody(rawValue: properties.body ?? "river") else {
            throw refuse("its body is \(properties.body ?? ""); river and lake are accepted")
        }
        if let target = properties.target_class, !(1...5).contains(target) {
            throw refuse("its target_class is \(target); 1 to 5 are accepted")
        }
        self.init(
            id: id, code: properties.code, name: properties.name, water: properties.water, town: properties.town,
            body: body, targetClass: properties.target_class, owner: properties.owner, position: position)
    }
}

/// What was measured at one station at one time.
struct Sample {
    var station: String
    var time: Timestamp
    var values: [String: Double]
    /// Items whose value a flag calls into question.
    var flagged: Set<String>

    /// The values that may be used.
    var validValues: [String: Double] { values.filter { !flagged.contains($0.key) } }
}

extension Sample {
    init(_ sample: SamplesDocument.Sample) throws {
        if let stray = sample.values.keys.sorted().first(where: { !SurfaceWaterStandard.items.contains($0) }) {
            let items = SurfaceWaterStandard.items.sorted().joined(separator: ", ")
            throw PluginError(
                .invalid, "A sample of \(sample.station) has the item \(stray); accepted are \(items).")
        }
        self.init(
            station: sample.station, time: sample.time.timestamp, values: sample.values,
            flagged: Set((sample.flags ?? [:]).filter { $0.value != "N" }.keys))
    }
}
