// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// What the host looks for in the library.
@c(miaopu_plugin_v1)
public func entry(_ host: HostTable?, _ plugin: PluginTable?) -> Int32 {
    FloodPlugin.open(host, plugin)
}

/// Flood facilities with their last reading.
final class FloodPlugin: Plugin {
    static let manifest = Manifest(
        id: "flood", title: Title(zh: "防汛", en: "Flood"), version: "1.0.0",
        summary: Title(zh: "防汛设施及其最新读数", en: "Flood facilities with their last reading"),
        permissions: [.alerts, .observations, .tables],
        pages: [Page("/", title: Title(zh: "设施一览", en: "Facilities"))],
        exports: [
            Export(
                "facilities", title: Title(zh: "设施表", en: "Table of facilities"), path: "/facilities.csv",
                fileName: "flood-facilities.csv")
        ], tickSeconds: 60)

    /// Read from the database when first needed, replaced by an import. The host
    /// makes one call at a time, so it needs no lock.
    private var facilities: [Facility]?
    private var alerts = FloodAlerts()

    func start(_ host: MapHost) throws {
        try host.database.migrate(FloodTables.migrations)
        try host.layers.register(FloodLayers.facilities)
        try host.layers.register(FloodLayers.walls)
        try raiseAlerts(host)
    }

    /// Readings grow old although nothing arrives.
    func tick(_ now: Timestamp, _ host: MapHost) throws {
        try raiseAlerts(host)
    }

    func features(_ query: FeatureQuery, _ host: MapHost) throws -> [Feature] {
        let visible = try all(host).filter { $0.envelope.intersects(query.envelope) }
        switch query.layer {
        case "facilities":
            let now = query.moment
            let readings = try readings(host, until: query.time)
            return visible.filter { $0.kind != .floodWall }.map {
                FloodLayers.feature($0, reading: readings[$0.code], now: now)
            }
        case "walls": return visible.filter { $0.kind == .floodWall }.map(FloodLayers.wall)
        default: throw PluginError(.notFound, "The flood plugin has no layer \(query.layer).")
        }
    }

    func handle(_ request: Request, _ host: MapHost) throws -> Response {
        switch (request.method, request.path) {
        case ("GET", "/"):
            return .html(FloodPage(try reports(host)).text(language: request.language))
        case ("GET", "/facilities.csv"):
            let text = FloodTable(try reports(host)).text
            return Response(contentType: "text/csv; charset=utf-8", body: Array(text.utf8))
        case ("GET", "/summary"):
            return try .json(FloodSummary(try all(host), readings: try readings(host, until: nil), now: .now))
        case ("GET", "/readings"): return try history(request, host)
        case ("POST", "/readings"):
            try request.requireOperator()
            let document = try request.json(as: ReadingsDocument.self)
            let added = try keep(document.readings, of: try all(host), host)
            return try .json(["readings": added])
        case ("POST", "/import"):
            try request.requireOperator()
            return try replace(try request.json(as: FloodDocument.self), host)
        default: return .problem(404, "There is nothing at \(request.method) \(request.path) of the flood plugin.")
        }
    }

    private func all(_ host: MapHost) throws -> [Facility] {
        if let facilities { return facilities }
        let read = try FloodTables.read(host.database)
        facilities = read
        return read
    }

    private func raiseAlerts(_ host: MapHost) throws {
        try alerts.update(try reports(host), host)
    }

    /// Every facility that can have a reading, by its code.
    private func reports(_ host: MapHost) throws -> [FacilityReport] {
        let readings = try readings(host, until: nil)
        return try all(host).filter { $0.kind != .floodWall }.sorted { $0.code < $1.code }.map { facility in
            let reading = readings[facility.code]
            return FacilityReport(
                facility: facility, reading: reading, state: FacilityState(facility, reading: reading, now: .now))
        }
    }

    /// The newest reading of each facility by its code.
    private func readings(_ host: MapHost, until time: Timestamp?) throws -> [String: Observation] {
        let latest = try host.observations.latest(until: time)
        return Dictionary(latest.map { ($0.datastream, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func history(_ request: Request, _ host: MapHost) throws -> Response {
        let code = try request.required("facility")
        guard let facility = try all(host).first(where: { $0.code == code }) else {
            throw PluginError(.notFound, "There is no facility \(code).")
        }
        guard let hours = Int64(request.parameter("hours") ?? "24"), (1...8784).contains(hours) else {
            throw PluginError(.invalid, "hours is a whole number from 1 to 8784.")
        }
        let now = Timestamp.now
        let from = now.adding(minutes: -60 * hours)
        guard let every = request.parameter("every") else {
            let readings = try host.observations.query(code, from: from, limit: 100_000)
            return try .json(ReadingHistory(facility, readings: readings))
        }
        guard let minutes = Int64(every), (1...1440).contains(minutes) else {
            throw PluginError(.invalid, "every is a whole number of minutes from 1 to 1440.")
        }
        let buckets = try host.observations.buckets(code, from: from, until: now.adding(minutes: 1), minutes: minutes)
        return try .json(ReadingCurve(facility, buckets: buckets))
    }

    private func replace(_ document: FloodDocument, _ host: MapHost) throws -> Response {
        let facilities = try document.facilities.features.enumerated().map { index, feature in
            try Facility(feature.properties, geometry: feature.geometry, id: Int64(index + 1))
        }
        var codes = Set<String>()
        if let twice = facilities.first(where: { !codes.insert($0.code).inserted }) {
            throw PluginError(.invalid, "The code \(twice.code) is there twice; codes are unique.")
        }
        try check(document.readings ?? [], codes: codes)
        try FloodTables.replace(facilities, host.database)
        self.facilities = facilities
        // A facility that is gone raises no alert any more.
        try alerts.dismissAll(host)
        let added = try keep(document.readings ?? [], of: facilities, host)
        try host.invalidate("facilities")
        try host.invalidate("walls")
        try raiseAlerts(host)
        return try .json(["facilities": facilities.count, "readings": added])
    }

    private func check(_ readings: [ReadingsDocument.Reading], codes: Set<String>) throws {
        if let stray = readings.first(where: { !codes.contains($0.facility) }) {
            throw PluginError(.invalid, "A reading is of \(stray.facility), which is no facility.")
        }
    }

    private func keep(
        _ readings: [ReadingsDocument.Reading], of facilities: [Facility], _ host: MapHost
    ) throws -> Int {
        try check(readings, codes: Set(facilities.map(\.code)))
        let added = try host.observations.append(
            readings.map {
                Observation(datastream: $0.facility, time: $0.time.timestamp, result: .number($0.value))
            })
        if !readings.isEmpty {
            try host.invalidate("facilities")
            try raiseAlerts(host)
        }
        return added
    }
}
