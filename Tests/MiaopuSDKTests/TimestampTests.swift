// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MiaopuSDK
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-08-24T08:00:00+08:00", 1_787_529_600_000),
        ("2026-08-24T00:00Z", 1_787_529_600_000), ("2026-08-24 00:00:00.25Z", 1_787_529_600_250),
        ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T12:00:00-0330", 951_838_200_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000),
    ])
    func isReadFromISO8601(_ text: String, _ milliseconds: Int64) throws {
        #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-08-24", "2026-08-24T08:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-08-24T24:00:00Z", "2026-08-24T08:60:00Z", "2026-08-24T08:00:00.Z", "2026-08-24T08:00:00Zx",
        "2026-08-24T08:00:00+24:00", "２０26-08-24T08:00:00Z", "0000-01-01T00:00:00Z",
    ])
    func isNotReadFromAnythingElse(_ text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test func isWrittenAsItIsRead() throws {
        for milliseconds: Int64 in [0, -1, 999, 1_787_529_600_250, -62_135_596_800_000, 253_402_300_799_999] {
            let time = Timestamp(milliseconds: milliseconds)
            #expect(Timestamp(iso8601: time.description) == time)
        }
        #expect(Timestamp(milliseconds: -1).description == "1969-12-31T23:59:59.999Z")
    }

    @Test func everyDayOfFourHundredYearsIsReadAsItIsWritten() throws {
        for days: Int64 in -10_000..<140_000 {
            let day = CalendarDay(days: days)
            #expect(CalendarDay(day.description) == day)
        }
    }

    @Test func theDayInChinaBeginsEightHoursEarlier() throws {
        let time = try #require(Timestamp(iso8601: "2026-08-23T16:00:00Z"))
        #expect(time.day(zoneInHours: 8).description == "2026-08-24")
        #expect(Timestamp(milliseconds: time.milliseconds - 1).day(zoneInHours: 8).description == "2026-08-23")
    }

    @Test func minutesAreRoundedDown() {
        let time = Timestamp(milliseconds: 0)
        #expect(Timestamp(milliseconds: 59_999).minutes(since: time) == 0)
        #expect(Timestamp(milliseconds: -1).minutes(since: time) == -1)
    }
}

@Suite struct ImportedTimeTests {
    private let now = Timestamp(milliseconds: 1_000_000_000_000)

    @Test(arguments: [("now", 0), ("now-90m", -90), ("now-36h", -2160), ("now-7d", -10_080), ("now+2h", 120)])
    func aTimeMayCountFromNow(_ text: String, _ minutes: Int64) {
        #expect(Timestamp(importing: text, now: now) == now.adding(minutes: minutes))
    }

    @Test(arguments: ["now-", "now-m", "now-1y", "now--1m", "now-1.5h", "now 1h", "nowhere", "now-99999999999m"])
    func otherWordsAreNoTime(_ text: String) {
        #expect(Timestamp(importing: text, now: now) == nil)
    }

    @Test func aDayMayCountFromToday() {
        let today = CalendarDay(days: 20_000)
        #expect(CalendarDay(importing: "today-400d", today: today)?.days == 19_600)
        #expect(CalendarDay(importing: "today", today: today) == today)
        #expect(CalendarDay(importing: "2026-08-24", today: today)?.description == "2026-08-24")
        #expect(CalendarDay(importing: "today-1h", today: today) == nil)
    }

    @Test func throughoutADocumentNowIsOneMoment() throws {
        // So many that reading them takes several milliseconds.
        let text = "[" + Array(repeating: "\"now-8d\"", count: 50_000).joined(separator: ",") + "]"
        let times = try Request(method: "POST", path: "/import", body: Array(text.utf8)).json(as: [ImportedTime].self)
        #expect(Set(times).count == 1)
    }
}
