// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A point in time, to the millisecond, in UTC.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    /// Makes a time from milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The present, by the computer's clock.
    public static var now: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }

    /// Reads `yyyy-mm-ddThh:mm[:ss[.fff]]` with `Z` or `±hh:mm`, years 0001 to
    /// 9999. Further decimals of a second are dropped.
    ///
    /// Returns nil for anything else, a day or an hour that does not exist
    /// included.
    public init?(iso8601 text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), let days = CalendarDay(year: year, month: month, day: day)?.days,
            reader.skip("T") || reader.skip(" "), let hour = reader.number(2), reader.skip(":"),
            let minute = reader.number(2), hour < 24, minute < 60
        else { return nil }
        var second: Int64 = 0
        var fraction: Int64 = 0
        if reader.skip(":") {
            guard let value = reader.number(2), value < 60 else { return nil }
            second = value
            if reader.skip(".") {
                guard let value = reader.fractionInThousandths() else { return nil }
                fraction = value
            }
        }
        guard let offset = reader.zoneOffsetInMinutes(), reader.isAtEnd else { return nil }
        let minutes = (days * 24 + hour) * 60 + minute - offset
        milliseconds = (minutes * 60 + second) * 1000 + fraction
    }

    /// `yyyy-mm-ddThh:mm:ss.sssZ`.
    public var description: String {
        let seconds = milliseconds.floorDivided(by: 1000)
        let days = seconds.floorDivided(by: 86_400)
        let ofDay = seconds - days * 86_400
        var writer = DigitWriter()
        writer.append(CalendarDay(days: days))
        writer.append("T", ofDay / 3600, 2)
        writer.append(":", ofDay / 60 % 60, 2)
        writer.append(":", ofDay % 60, 2)
        writer.append(".", milliseconds - seconds * 1000, 3)
        writer.append("Z")
        return writer.text
    }

    /// The day at a place whose clocks are this many hours ahead of UTC: 8 in
    /// China.
    public func day(zoneInHours: Int64) -> CalendarDay {
        CalendarDay(
            days: milliseconds.floorDivided(by: 1000).advanced(by: Int(zoneInHours * 3600))
                .floorDivided(by: 86_400))
    }

    /// The time so many minutes later, or earlier when negative.
    public func adding(minutes: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds &+ minutes &* 60_000)
    }

    /// Whole minutes from an earlier time to this one, rounded down.
    public func minutes(since earlier: Timestamp) -> Int64 {
        (milliseconds &- earlier.milliseconds).floorDivided(by: 60_000)
    }

    /// Earlier comes first.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

/// A day of the Gregorian calendar, without a time zone.
public struct CalendarDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Days since 1970-01-01.
    public var days: Int64

    /// Makes a day from a count since 1970-01-01.
    public init(days: Int64) {
        self.days = days
    }

    /// Returns nil for a day that does not exist, or a year outside of 1 to 9999.
    public init?(year: Int64, month: Int64, day: Int64) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        // Years that begin in March put the leap day at their end.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.floorDivided(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let back = yearMonthDay
        guard back.year == year, back.month == month, back.day == day else { return nil }
    }

    /// Reads `yyyy-mm-dd`; returns nil for anything else.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), reader.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Year, month from 1, day from 1.
    public var yearMonthDay: (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let calendarMonth = month < 10 ? month + 3 : month - 9
        return (
            yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0), calendarMonth, dayOfYear - (153 * month + 2) / 5 + 1
        )
    }

    /// `yyyy-mm-dd`.
    public var description: String {
        var writer = DigitWriter()
        writer.append(self)
        return writer.text
    }

    /// Earlier comes first.
    public static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.days < right.days }
}

/// Reads fixed-width numbers from ASCII text.
private struct DigitReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard place < bytes.count, UInt32(bytes[place]) == character.value else { return false }
        place += 1
        return true
    }

    mutating func number(_ digits: Int) -> Int64? {
        guard place + digits <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[place..<(place + digits)] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        place += digits
        return value
    }

    mutating func fractionInThousandths() -> Int64? {
        var value: Int64 = 0
        var scale: Int64 = 100
        let start = place
        while let digit = number(1) {
            value += digit * scale
            scale /= 10
        }
        return place > start ? value : nil
    }

    mutating func zoneOffsetInMinutes() -> Int64? {
        if skip("Z") { return 0 }
        let sign: Int64
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(2), hours < 24 else { return nil }
        _ = skip(":")
        guard let minutes = number(2), minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

/// Writes fixed-width numbers: features carry times by the ten thousand.
private struct DigitWriter {
    private var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(24)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ day: CalendarDay) {
        let parts = day.yearMonthDay
        append(nil, parts.year, 4)
        append("-", parts.month, 2)
        append("-", parts.day, 2)
    }

    mutating func append(_ character: Unicode.Scalar) {
        bytes.append(UInt8(ascii: character))
    }

    /// At least so many digits; a sign where the number is negative.
    mutating func append(_ separator: Unicode.Scalar?, _ number: Int64, _ width: Int) {
        if let separator { append(separator) }
        if number < 0 { append("-") }
        var rest = number.magnitude
        let start = bytes.count
        repeat {
            bytes.append(0x30 + UInt8(rest % 10))
            rest /= 10
        } while rest > 0 || bytes.count - start < width
        bytes[start...].reverse()
    }
}
