// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A time in a document that a person or a generator wrote: ISO 8601 with a
/// zone, `now`, or `now-90m`, `now-36h`, `now+7d` from the moment of reading.
/// Throughout a document that ``Request/json(as:)`` reads, `now` is one moment.
public struct ImportedTime: Decodable, Hashable, Sendable {
    /// The time that is meant.
    public var timestamp: Timestamp

    /// Reads the text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let timestamp = Timestamp(importing: text, now: decoder.moment) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\(text) is no time; accepted are 2026-08-24T08:00:00+08:00, now, now-90m, now-36h "
                    + "and now-7d.")
        }
        self.timestamp = timestamp
    }
}

/// A day in a document: `yyyy-mm-dd`, `today`, or `today-400d`, `today+90d` from
/// the day of reading in China.
public struct ImportedDay: Decodable, Hashable, Sendable {
    /// The day that is meant.
    public var day: CalendarDay

    /// Reads the text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let day = CalendarDay(importing: text, today: decoder.moment.day(zoneInHours: 8)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\(text) is no day; accepted are 2026-08-24, today, today-400d and today+90d.")
        }
        self.day = day
    }
}

extension CodingUserInfoKey {
    /// The moment that `now` means throughout a document.
    static let moment = CodingUserInfoKey(rawValue: "moment")
}

extension Decoder {
    fileprivate var moment: Timestamp {
        CodingUserInfoKey.moment.flatMap { userInfo[$0] as? Timestamp } ?? .now
    }
}

extension Timestamp {
    /// Reads ISO 8601 with a zone, or a time counted from `now`. Returns nil for
    /// anything else.
    public init?(importing text: String, now: Timestamp) {
        guard text.hasPrefix("now") else {
            self.init(iso8601: text)
            return
        }
        let minutesOfUnit: [Character: Int64] = ["m": 1, "h": 60, "d": 1440]
        guard let minutes = signedAmount(text.dropFirst(3), units: minutesOfUnit) else { return nil }
        self = now.adding(minutes: minutes)
    }
}

extension CalendarDay {
    /// Reads `yyyy-mm-dd`, or a day counted from `today`. Returns nil for
    /// anything else.
    public init?(importing text: String, today: CalendarDay) {
        guard text.hasPrefix("today") else {
            self.init(text)
            return
        }
        guard let days = signedAmount(text.dropFirst(5), units: ["d": 1]) else { return nil }
        self.init(days: today.days + days)
    }
}

/// `-90m` with the given worth of each unit; nothing at all is 0. At most six
/// digits, so that no product overflows.
private func signedAmount(_ text: Substring, units: [Character: Int64]) -> Int64? {
    if text.isEmpty { return 0 }
    guard let sign = text.first, sign == "-" || sign == "+", let unit = text.last, let worth = units[unit],
        text.count <= 8, let amount = Int64(text.dropFirst().dropLast()), amount >= 0
    else { return nil }
    return (sign == "-" ? -1 : 1) * amount * worth
}
