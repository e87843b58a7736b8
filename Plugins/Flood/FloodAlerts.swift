// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// A facility with how it is now.
struct FacilityReport {
    var facility: Facility
    var reading: Observation?
    var state: FacilityState

    /// The reading with its unit; a dash when there is none.
    var value: String {
        guard let number = reading?.number else { return "–" }
        let text = number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
        return facility.unit.map { "\(text) \($0)" } ?? text
    }
}

/// Alerts for facilities that warn or are in alarm; their ids are the codes.
struct FloodAlerts {
    /// What stands; nil: not known, as after a start.
    private var standing: [String: FacilityState]?

    /// Raises and dismisses what changed.
    mutating func update(_ reports: [FacilityReport], _ host: MapHost) throws {
        var now: [String: FacilityState] = [:]
        for report in reports {
            let code = report.facility.code
            guard report.state == .alarm || report.state == .warning else {
                // After a start any may stand from before.
                if standing == nil || standing?[code] != nil { try host.alerts.dismiss(code) }
                continue
            }
            now[code] = report.state
            if standing?[code] != report.state { try host.alerts.raise(alert(report)) }
        }
        standing = now
    }

    mutating func dismissAll(_ host: MapHost) throws {
        for code in (standing ?? [:]).keys.sorted() { try host.alerts.dismiss(code) }
        standing = [:]
    }

    private func alert(_ report: FacilityReport) -> Alert {
        let facility = report.facility
        let isAlarm = report.state == .alarm
        return Alert(
            facility.code, isAlarm ? .orange : .yellow,
            title: Title(
                zh: "\(facility.name)：\(report.state.title.zh)", en: "\(facility.name): \(report.state.title.en)"),
            text: Title(
                zh: "\(facility.kind.title.zh) \(report.value)", en: "\(facility.kind.title.en), \(report.value)"),
            time: report.reading?.time ?? .now, layer: "facilities", feature: facility.id,
            envelope: facility.envelope)
    }
}
