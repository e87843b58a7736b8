// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// What the host looks for in the library.
@c(miaopu_plugin_v1)
public func entry(_ host: HostTable?, _ plugin: PluginTable?) -> Int32 {
    WaterPlugin.open(host, plugin)
}

/// Water-quality stations with the class of their latest sample.
final class WaterPlugin: Plugin {
    static let manifest = Manifest(
        id: "water", title: Title(zh: "水质", en: "Water quality"), version: "1.0.0",
        summary: Title(
            zh: "监测断面最新水样及 GB 3838-2002 类别", en: "Stations with the GB 3838-2002 class of the latest sample"),
        permissions: [.tables])

    /// Read from the database when first needed, replaced by an import. The host
    /// makes one call at a time, so it needs no lock.
    private var stations: [Station]?

    func start(_ host: MapHost) throws {
        try host.database.migrate(WaterTables.migrations)
        try host.layers.register(WaterLayer.registration)
    }

    func features(_ query: FeatureQuery, _ host: MapHost) throws -> [Feature] {
        guard query.layer == "stations" else {
            throw PluginError(.notFound, "The water plugin has no layer \(query.layer).")
        }
        let samples = try WaterTables.latestSamples(until: query.time, host.database)
        return try all(host).filter { query.envelope.contains($0.position) }.map {
            WaterLayer.feature($0, sample: samples[$0.code])
        }
    }

    func handle(_ request: Request, _ host: MapHost) throws -> Response {
        switch (request.method, request.path) {
        case ("GET", "/summary"):
            return try .json(
                WaterSummary(try all(host), samples: try WaterTables.latestSamples(until: nil, host.database)))
        case ("GET", "/station"): return try station(request, host)
        case ("GET", "/classify"): return try .json(Classification(request))
        case ("GET", "/limits"): return try .json(LimitTable())
        case ("POST", "/samples"):
            try request.requireOperator()
            let document = try request.json(as: SamplesDocument.self)
            let samples = try document.samples.map(Sample.init)
            try check(samples, stations: try all(host))
            try WaterTables.append(samples, host.database)
            try host.invalidate("stations")
            return try .json(["samples": samples.count])
        case ("POST", "/import"):
            try request.requireOperator()
            return try replace(try request.json(as: WaterDocument.self), host)
        default: return .problem(404, "There is nothing at \(request.method) \(request.path) of the water plugin.")
        }
    }

    private func all(_ host: MapHost) throws -> [Station] {
        if let stations { return stations }
        let read = try WaterTables.stations(host.database)
        stations = read
        return read
    }

    private func station(_ request: Request, _ host: MapHost) throws -> Response {
        let code = try request.required("code")
        guard let station = try all(host).first(where: { $0.code == code }) else {
            throw PluginError(.notFound, "There is no station \(code).")
        }
        return try .json(
            StationReport(station, sample: try WaterTables.latestSamples(until: nil, host.database)[code]))
    }

    private func replace(_ document: WaterDocument, _ host: MapHost) throws -> Response {
        let stations = try document.stations.features.enumerated().map { index, feature in
            try Station(feature.properties, geometry: feature.geometry, id: Int64(index + 1))
        }
        var codes = Set<String>()
        if let twice = stations.first(where: { !codes.insert($0.code).inserted }) {
            throw PluginError(.invalid, "The code \(twice.code) is there twice; codes are unique.")
        }
        let samples = try (document.samples ?? []).map(Sample.init)
        try check(samples, stations: stations)
        try WaterTables.replace(stations, samples, host.database)
        self.stations = stations
        try host.invalidate("stations")
        return try .json(["stations": stations.count, "samples": samples.count])
    }

    private func check(_ samples: [Sample], stations: [Station]) throws {
        let codes = Set(stations.map(\.code))
        if let stray = samples.first(where: { !codes.contains($0.station) }) {
            throw PluginError(.invalid, "A sample is of \(stray.station), which is no station.")
        }
    }
}
