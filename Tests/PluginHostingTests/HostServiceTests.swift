// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPluginABI
import Foundation
import PluginHosting
import PluginMessages
import SimpleFeatures
import SwiftProtobuf
import Synchronization
import Testing

/// A plugin in C that hands the body of a request on to the host and answers
/// with what the host says: every service can be asked for from here.
@Suite(.enabled(if: hasCompiler)) struct HostServiceTests {
    private let folder: ScratchFolder
    private let host: PluginHost
    private let seen = Seen()

    private final class Seen: Sendable {
        let lines = Mutex<[String]>([])

        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    init() throws {
        folder = try ScratchFolder()
        var plugin = CPlugin()
        plugin.manifest.subscriptions = ["other.*"]
        plugin.manifest.permissions = PluginContract.permissions.sorted()
        // The call is field 4 of the request, and everything of it is `body`,
        // field 5: with only a body set, the host's request begins at a place
        // that depends on two lengths of one to five bytes.
        plugin.handle = """
            {
                size_t at = 1;
                while (request[at++] & 0x80) {}
                at++;
                while (request[at++] & 0x80) {}
                int32_t status = host->call(host->context, request + at, count - at, reply);
                static uint8_t page[1 << 20];
                static const uint8_t head[] = {0x08, 0xc8, 0x01, 0x22};
                if (status != MIAOPU_OK) return status;
                size_t length = reply->count, place = 64;
                memcpy(page + place, reply->bytes, length);
                if (reply->release) reply->release(reply->owner);
                uint8_t varint[8]; size_t digits = 0, rest = length;
                do { varint[digits++] = (rest & 0x7f) | (rest > 0x7f ? 0x80 : 0); rest >>= 7; } while (rest);
                place -= digits; memcpy(page + place, varint, digits);
                place -= sizeof head; memcpy(page + place, head, sizeof head);
                size_t inner = 64 - place + length; digits = 0; rest = inner;
                do { varint[digits++] = (rest & 0x7f) | (rest > 0x7f ? 0x80 : 0); rest >>= 7; } while (rest);
                place -= digits; memcpy(page + place, varint, digits);
                page[--place] = 0x22;
                return give(page + place, 64 + length - place);
            }
            """
        _ = try plugin.build(in: folder)
        var services = HostServices()
        services.log = { [seen] plugin, level, message in seen.add("log \(plugin) \(level.rawValue) \(message)") }
        services.event = { [seen] in seen.add("event \($0.topic)") }
        let schema = Schema(geometryType: .point, fields: [Field("levels", .integer), Field("name", .text)])
        services.layerSchema = { layer in
            guard layer == "buildings" else { throw CocoaError(.fileNoSuchFile) }
            return schema
        }
        services.queryLayer = { _, _, conditions, limit in
            let place = Geometry.point(Point(x: 1, y: 2))
            let records = (3..<6).map {
                FeatureRecord(id: Int64($0), geometry: place, values: [.integer(Int64($0)), .text("\($0)号楼")])
            }
            let wanted = records.filter { record in conditions.allSatisfy { $0.holds(for: record.values) } }
            return Array(wanted.prefix(limit))
        }
        host = folder.host(services: services)
        try #require(host.descriptions.map(\.state) == [.running])
    }

    private func ask(_ call: WireHostRequest.OneOf_Call) throws -> WireHostReply {
        var request = WireHostRequest()
        request.call = call
        var page = PluginRequest(method: "", path: "", body: try request.serializedBytes(), language: "")
        page.isFromOperator = false
        return try WireHostReply(serializedBytes: try host.handle(plugin: "tested", page).body)
    }

    private func sql(_ text: String, _ rows: [[WireValue]] = []) throws -> WireSQLReply {
        var statement = WireSQLStatement()
        statement.text = text
        statement.parameters = rows.map { values in
            var row = WireRow()
            row.values = values
            return row
        }
        var message = WireSQLRequest()
        message.statements = [statement]
        return try ask(.sql(message)).sql
    }

    private func refused(_ part: String, _ body: () throws -> Void) {
        let error = #expect(throws: PluginHostingError.self) { try body() }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }

    @Test func tablesKeepEveryKindOfValue() throws {
        _ = try sql("CREATE TABLE t (a, b, c, d, e)")
        var blob = WireValue()
        blob.blob = Data([0, 1, 255])
        let row = [WireValue(.null), WireValue(.integer(.min)), WireValue(.real(1.5)), WireValue(.text("'; --")), blob]
        #expect(try sql("INSERT INTO t VALUES (?, ?, ?, ?, ?)", [row, row]).results[0].changes == 2)
        let result = try sql("SELECT * FROM t").results[0]
        #expect(result.columns == ["a", "b", "c", "d", "e"])
        #expect(result.rows.map(\.values) == [row, row])
    }

    @Test(arguments: [
        "ATTACH 'x' AS y", "PRAGMA journal_mode = OFF", "VACUUM INTO 'x'", "BEGIN", "COMMIT", "",
        "/* a */ -- b\n ATTACH 'x' AS y",
        ";;ATTACH 'x' AS y", "EXPLAIN SELECT 1", "/* SELECT",
    ])
    func statementsBeyondTheOwnTablesAreRefused(_ text: String) throws {
        refused("may not run") { _ = try sql(text) }
    }

    @Test func twoStatementsInOneTextAreRefused() throws {
        refused("tested") { _ = try sql("SELECT 1; ATTACH 'x' AS y") }
    }

    @Test func aMistakeInSQLIsSaidInOneSentence() throws {
        refused("no such table: nowhere") { _ = try sql("SELECT * FROM nowhere") }
        refused("tested") { _ = try sql("SELECT ?", [[]]) }
    }

    @Test func statementsOfOneRequestAreAllOrNone() throws {
        _ = try sql("CREATE TABLE t (a UNIQUE)")
        var first = WireSQLStatement()
        first.text = "INSERT INTO t VALUES (1)"
        var message = WireSQLRequest()
        message.statements = [first, first]
        refused("UNIQUE") { _ = try ask(.sql(message)) }
        #expect(try sql("SELECT * FROM t").results[0].rows.isEmpty)
    }

    @Test func anEndlessQueryIsCutAtItsRows() throws {
        refused("more than \(PluginContract.maxRows) rows") {
            _ = try sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n")
        }
    }

    private func observation(_ datastream: String, _ time: Int64, _ number: Double) -> WireObservation {
        var observation = WireObservation()
        observation.datastream = datastream
        observation.time = time
        observation.number = number
        return observation
    }

    @Test func observationsAreKeptByDatastreamAndTime() throws {
        var append = WireObservationsAppend()
        append.observations = [
            observation("a", 1, 10), observation("a", 3, 30), observation("a", 2, 20), observation("b", 1, 5),
        ]
        #expect(try ask(.appendObservations(append)).appendObservations.added == 4)
        append.observations = [observation("a", 3, 33), observation("a", 4, 40)]
        let appended = try ask(.appendObservations(append)).appendObservations
        #expect(appended.added == 1 && appended.replaced == 1)

        let latest = try ask(.latestObservations(WireObservationsLatest())).observations.observations
        #expect(latest.map(\.number) == [40, 5])
        var until = WireObservationsLatest()
        until.until = 3
        until.prefix = "a"
        #expect(try ask(.latestObservations(until)).observations.observations.map(\.number) == [33])
        var query = WireObservationsQuery()
        query.datastream = "a"
        query.from = 2
        query.until = 4
        #expect(try ask(.queryObservations(query)).observations.observations.map(\.number) == [20, 33, 40])
        query.limit = 1
        #expect(try ask(.queryObservations(query)).observations.observations.map(\.number) == [40])
    }

    @Test func aBadObservationKeepsNone() throws {
        for bad in [observation("", 1, 1), observation("a", 1, .nan), WireObservation()] {
            var append = WireObservationsAppend()
            append.observations = [observation("good", 1, 1), bad]
            refused("not kept") { _ = try ask(.appendObservations(append)) }
        }
        #expect(try ask(.latestObservations(WireObservationsLatest())).observations.observations.isEmpty)
    }

    @Test func districtLayersAreReadThroughTheHost() throws {
        var query = WireLayerQuery()
        query.layer = "buildings"
        query.limit = 3
        let batch = try ask(.queryLayer(query)).queryLayer
        let records = try batch.records(schema: batch.describedSchema, layer: "buildings")
        #expect(records.map { $0.values.first } == [.integer(3), .integer(4), .integer(5)])
        query.limit = 2
        refused("more than 2 features") { _ = try ask(.queryLayer(query)) }
        query.layer = "other"
        refused("tested") { _ = try ask(.queryLayer(query)) }
    }

    @Test func conditionsChooseAmongTheFeatures() throws {
        var query = WireLayerQuery()
        query.layer = "buildings"
        func numbers(_ field: String, _ comparison: WireComparison, _ value: WireValue.OneOf_Kind?) throws -> [Int64] {
            var condition = WireCondition()
            condition.field = field
            condition.comparison = comparison
            condition.value.kind = value
            query.conditions = [condition]
            let batch = try ask(.queryLayer(query)).queryLayer
            return try batch.records(schema: batch.describedSchema, layer: "buildings").map(\.id)
        }
        #expect(try numbers("levels", .greater, .integer(3)) == [4, 5])
        #expect(try numbers("levels", .lessOrEqual, .real(4.5)) == [3, 4])
        #expect(try numbers("name", .beginsWith, .text("5")) == [5])
        #expect(try numbers("name", .notEqual, .text("4号楼")) == [3, 5])
        #expect(try numbers("name", .isNull, nil) == [])
        refused("its fields are levels, name") { _ = try numbers("height", .equal, .integer(1)) }
        refused("without a value") { _ = try numbers("levels", .equal, nil) }
        refused("does not know") { _ = try numbers("levels", .UNRECOGNIZED(77), .integer(1)) }
    }

    @Test func bucketsSumUpTheGoodNumbersOfADatastream() throws {
        var append = WireObservationsAppend()
        append.observations = [(-5, 9), (0, 1), (4, 3), (9, 2), (10, 7), (35, 5)].map { observation("a", $0, $1) }
        var flagged = observation("a", 5, 1000)
        flagged.quality = "F"
        append.observations += [flagged, observation("b", 1, 500)]
        _ = try ask(.appendObservations(append))
        var query = WireObservationsBuckets()
        query.datastream = "a"
        (query.from, query.until, query.width) = (0, 35, 10)
        let buckets = try ask(.bucketObservations(query)).buckets.buckets
        #expect(buckets.map(\.time) == [0, 10])
        #expect(buckets.map(\.count) == [3, 1])
        #expect(buckets.map(\.minimum) == [1, 7])
        #expect(buckets.map(\.maximum) == [3, 7])
        #expect(buckets.map(\.mean) == [2, 7])
        #expect(buckets.map(\.last) == [2, 7])
        query.width = 0
        refused("are empty") { _ = try ask(.bucketObservations(query)) }
        (query.from, query.until, query.width) = (.min, .max, 1)
        refused("are more than") { _ = try ask(.bucketObservations(query)) }
    }

    @Test func alertsStandUntilTheyAreDismissedOrOver() throws {
        var alert = WireAlert()
        alert.id = "UP-001"
        alert.level = .orange
        alert.title.zh = "积水"
        alert.time = 100
        _ = try ask(.raiseAlert(alert))
        alert.level = .red
        alert.time = 200
        _ = try ask(.raiseAlert(alert))
        var short = alert
        short.id = "UP-002"
        short.time = 150
        short.until = 1000
        _ = try ask(.raiseAlert(short))
        #expect(host.alerts(now: 999).map(\.id) == ["UP-001", "UP-002"])
        #expect(host.alerts(now: 999).first?.level == .red)
        #expect(host.alerts(now: 1000).map(\.id) == ["UP-001"])
        var dismissal = WireAlertDismissal()
        dismissal.id = "UP-001"
        _ = try ask(.dismissAlert(dismissal))
        _ = try ask(.dismissAlert(dismissal))
        #expect(host.alerts(now: 1000).isEmpty)
        alert.layer = "facilities"
        refused("did not register") { _ = try ask(.raiseAlert(alert)) }
        alert.layer = ""
        alert.title = WireTitle()
        refused("has no title") { _ = try ask(.raiseAlert(alert)) }
    }

    @Test func oneAlertTooManyIsRefused() throws {
        var alert = WireAlert()
        alert.title.zh = "积水"
        alert.until = 1
        for number in 0..<PluginContract.maxAlerts {
            alert.id = "\(number)"
            if number == 1 { alert.clearUntil() }
            _ = try ask(.raiseAlert(alert))
        }
        alert.id = "last"
        // The first is over already and made room.
        _ = try ask(.raiseAlert(alert))
        alert.id = "more"
        refused("stand already") { _ = try ask(.raiseAlert(alert)) }
        alert.id = "last"
        _ = try ask(.raiseAlert(alert))
    }

    @Test func layersAreRegisteredDuringStartOnly() throws {
        var layer = WireLayerRegistration()
        layer.id = "late"
        layer.maxZoom = 24
        layer.styleLayers = "[{\"id\":\"a\",\"type\":\"circle\"}]"
        refused("outside of start") { _ = try ask(.registerLayer(layer)) }
    }

    @Test func linesOfTheLogAreLines() throws {
        var record = WireLogRecord()
        record.level = .warning
        record.message = "one\ntwo\r\nthree"
        _ = try ask(.log(record))
        #expect(seen.lines.withLock { $0 } == ["log tested warning one two three"])
    }

    @Test func auditAndEventsReachTheHost() throws {
        var audit = WireAuditRecord()
        audit.action = "closed"
        audit.subject = "UP-001"
        _ = try ask(.audit(audit))
        var event = WireEvent()
        event.topic = "tested.alarm"
        _ = try ask(.publish(event))
        #expect(seen.lines.withLock { $0 } == ["event tested.alarm"])
        let log = AuditLog(stateFolder: folder.url.appendingPathComponent("state").path)
        #expect(
            try log.newest(5) == [AuditLog.Entry(plugin: "tested", action: "closed", subject: "UP-001", detail: "")])
        audit.detail = String(repeating: "x", count: 20_000)
        refused("at most 16384 are accepted") { _ = try ask(.audit(audit)) }
        event.topic = "flood.alarm"
        refused("its topics begin with") { _ = try ask(.publish(event)) }
    }

    @Test func onlyOwnLayersAreInvalidated() throws {
        var invalidation = WireInvalidation()
        invalidation.layer = "facilities"
        refused("did not register") { _ = try ask(.invalidate(invalidation)) }
    }

    @Test func aRequestThatSaysNothingIsRefused() throws {
        refused("does not have") {
            _ = try host.handle(
                plugin: "tested", PluginRequest(method: "", path: "", body: [0xc2, 0x3e, 0x00], language: ""))
        }
    }
}
