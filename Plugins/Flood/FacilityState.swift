// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK

/// How a facility is, by its last reading.
enum FacilityState: String, CaseIterable {
    case normal
    case warning
    case alarm
    /// Should report and does not, or reports what cannot be.
    case fault
    /// Has no sensor.
    case unmonitored

    var title: Title {
        switch self {
        case .normal: Title(zh: "正常", en: "Normal")
        case .warning: Title(zh: "预警", en: "Warning")
        case .alarm: Title(zh: "报警", en: "Alarm")
        case .fault: Title(zh: "故障", en: "Fault")
        case .unmonitored: Title(zh: "未监测", en: "Unmonitored")
        }
    }

    private static let toleratedSkewInMinutes: Int64 = 5

    /// A reading that is too old is a fault, whatever it says; a limit that is
    /// reached counts as passed.
    init(_ facility: Facility, reading: Observation?, now: Timestamp) {
        guard facility.staleAfterMinutes > 0 else {
            self = .unmonitored
            return
        }
        // A reading from the future tells of a clock that is wrong.
        guard let reading, let value = reading.number, reading.quality.isEmpty,
            (-Self.toleratedSkewInMinutes...facility.staleAfterMinutes).contains(now.minutes(since: reading.time))
        else {
            self = .fault
            return
        }
        if let minimum = facility.minimum, value < minimum {
            self = .fault
        } else if let maximum = facility.maximum, value > maximum {
            self = .fault
        } else if let alarm = facility.alarm, value >= alarm {
            self = .alarm
        } else if let warning = facility.warning, value >= warning {
            self = .warning
        } else {
            self = .normal
        }
    }
}
