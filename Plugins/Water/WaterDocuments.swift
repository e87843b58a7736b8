// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

// The JSON that README.md describes. Names are those of the document.

struct StationProperties: Decodable, Sendable {
    var code: String
    var name: String
    var water: String?
    var town: String?
    var body: String?
    var target_class: Int?
    var owner: String?
}

struct SamplesDocument: Decodable {
    struct Sample: Decodable {
        var station: String
        var time: ImportedTime
        var values: [String: Double]
        var flags: [String: String]?
    }

    var samples: [Sample]
}

struct WaterDocument: Decodable {
    var stations: FeatureCollection<StationProperties>
    var samples: [SamplesDocument.Sample]?
}

/// `GET /summary`
struct WaterSummary: Encodable {
    var stations: Int
    /// By class number; stations without any valid item under `unknown`.
    var classes: [String: Int] = [:]
    var worseThanTarget: [String] = []

    init(_ stations: [Station], samples: [String: Sample]) {
        self.stations = stations.count
        for station in stations {
            let assessment = samples[station.code].map { WaterAssessment($0.validValues, body: station.body) }
            let waterClass = assessment?.waterClass
            classes[waterClass.map(String.init) ?? "unknown", default: 0] += 1
            if let waterClass, let target = station.targetClass, waterClass > target {
                worseThanTarget.append(station.code)
            }
        }
    }
}

/// `GET /station`
struct StationReport: Encodable {
    struct Item: Encodable {
        var item: String
        var value: Double
        var waterClass: Int?
        var flagged: Bool
    }

    var code: String
    var name: String
    var water: String?
    var targetClass: Int?
    var time: String?
    var waterClass: Int?
    var className: String?
    var limitingItems: [String] = []
    var items: [Item] = []

    init(_ station: Station, sample: Sample?) {
        code = station.code
        name = station.name
        water = station.water
        targetClass = station.targetClass
        guard let sample else { return }
        time = sample.time.description
        let assessment = WaterAssessment(sample.validValues, body: station.body)
        waterClass = assessment.waterClass
        className = assessment.waterClass.map(nameOfClass)
        limitingItems = assessment.limitingItems
        items = sample.values.sorted { $0.key < $1.key }.map { item, value in
            Item(
                item: item, value: value, waterClass: assessment.classOfItem[item],
                flagged: sample.flagged.contains(item))
        }
    }
}

/// `GET /classify`
struct Classification: Encodable {
    var waterClass: Int?
    var className: String?
    var limitingItems: [String]
    var classOfItem: [String: Int]

    /// Every parameter but `body` is an item and its value.
    init(_ request: Request) throws {
        guard let body = WaterBody(rawValue: request.parameter("body") ?? "river") else {
            throw PluginError(.invalid, "body is river or lake.")
        }
        var values: [String: Double] = [:]
        for (name, text) in request.query where name != "body" {
            guard SurfaceWaterStandard.items.contains(name) else {
                let items = SurfaceWaterStandard.items.sorted().joined(separator: ", ")
                throw PluginError(.invalid, "\(name) is no item; accepted are \(items).")
            }
            guard let value = Double(text), value.isFinite else {
                throw PluginError(.invalid, "\(name) is \(text); a number is accepted.")
            }
            values[name] = value
        }
        let assessment = WaterAssessment(values, body: body)
        waterClass = assessment.waterClass
        className = assessment.waterClass.map(nameOfClass)
        limitingItems = assessment.limitingItems
        classOfItem = assessment.classOfItem
    }
}

/// `GET /limits`
struct LimitTable: Encodable {
    struct Row: Encodable {
        var item: String
        var zh: String
        var en: String
        var limits: [Double]
        var isLowerLimit: Bool
        var body: String?
    }

    var source = "GB 3838-2002, table 1"
    var unit = "mg/L"
    var rows: [Row]

    init() {
        func row(_ limit: SurfaceWaterStandard.Limit, body: String? = nil, isLowerLimit: Bool = false) -> Row {
            Row(
                item: limit.item, zh: limit.zh, en: limit.en, limits: limit.classes, isLowerLimit: isLowerLimit,
                body: body)
        }
        rows =
            [row(SurfaceWaterStandard.oxygen, isLowerLimit: true)]
            + SurfaceWaterStandard.common.map { row($0) }
            + [
                row(SurfaceWaterStandard.riverPhosphorus, body: "river"),
                row(SurfaceWaterStandard.lakePhosphorus, body: "lake"),
            ]
    }
}
