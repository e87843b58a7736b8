// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

// The JSON that README.md describes. Names are those of the document.

struct FacilityProperties: Decodable, Sendable {
    var code: String
    var kind: String
    var name: String
    var town: String?
    var owner: String?
    var contact: String?
    var quantity: String?
    var unit: String?
    var datum: String?
    var warning: Double?
    var alarm: Double?
    var minimum: Double?
    var maximum: Double?
    var stale_after_minutes: Int64?
    var capacity: Int64?
    var crest_m: Double?
}

struct ReadingsDocument: Decodable {
    struct Reading: Decodable {
        var facility: String
        var time: ImportedTime
        var value: Double
    }

    var readings: [Reading]
}

struct FloodDocument: Decodable {
    var facilities: FeatureCollection<FacilityProperties>
    var readings: [ReadingsDocument.Reading]?
}

/// `GET /readings`
struct ReadingHistory: Encodable {
    struct Reading: Encodable {
        var time: String
        var value: Double
    }

    var facility: String
    var name: String
    var quantity: String?
    var unit: String?
    var datum: String?
    var warning: Double?
    var alarm: Double?
    var readings: [Reading]

    init(_ facility: Facility, readings: [Observation]) {
        self.facility = facility.code
        name = facility.name
        quantity = facility.quantity
        unit = facility.unit
        datum = facility.datum
        warning = facility.warning
        alarm = facility.alarm
        var listed: [Reading] = []
        for reading in readings {
            guard let value = reading.number else { continue }
            listed.append(Reading(time: reading.time.description, value: value))
        }
        self.readings = listed
    }
}

/// `GET /readings` with `every`
struct ReadingCurve: Encodable {
    struct Run: Encodable {
        var time: String
        var count: Int
        var minimum: Double
        var maximum: Double
        var mean: Double
        var last: Double
    }

    var facility: String
    var name: String
    var quantity: String?
    var unit: String?
    var datum: String?
    var runs: [Run]

    init(_ facility: Facility, buckets: [ObservationBucket]) {
        self.facility = facility.code
        name = facility.name
        quantity = facility.quantity
        unit = facility.unit
        datum = facility.datum
        runs = buckets.map { bucket in
            Run(
                time: bucket.time.description, count: bucket.count, minimum: bucket.minimum, maximum: bucket.maximum,
                mean: bucket.mean, last: bucket.last)
        }
    }
}

/// `GET /summary`
struct FloodSummary: Encodable {
    struct Alarm: Encodable {
        var code: String
        var name: String
        var kind: String
        var value: Double?
        var unit: String?
        var time: String?
    }

    var facilities: Int
    var kinds: [String: Int]
    var states: [String: Int]
    var alarms: [Alarm]

    init(_ facilities: [Facility], readings: [String: Observation], now: Timestamp) {
        self.facilities = facilities.count
        kinds = [:]
        states = [:]
        alarms = []
        for facility in facilities {
            kinds[facility.kind.rawValue, default: 0] += 1
            guard facility.kind != .floodWall else { continue }
            let reading = readings[facility.code]
            let state = FacilityState(facility, reading: reading, now: now)
            states[state.rawValue, default: 0] += 1
            guard state == .alarm else { continue }
            alarms.append(
                Alarm(
                    code: facility.code, name: facility.name, kind: facility.kind.rawValue, value: reading?.number,
                    unit: facility.unit, time: reading?.time.description))
        }
    }
}
