// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPluginABI
import Foundation
import MiaopuSDK
import PluginMessages
import SwiftProtobuf
import Synchronization
import Testing

/// A host of our own on the other side of the tables.
private final class FakeHost: Sendable {
    let requests = Mutex<[WireHostRequest]>([])
    let refusal: String?

    init(refusing refusal: String? = nil) {
        self.refusal = refusal
    }

    func table() -> miaopu_host_table {
        var table = miaopu_host_table()
        table.abi_version = 1
        table.struct_size = UInt32(MemoryLayout<miaopu_host_table>.size)
        table.context = Unmanaged.passRetained(self).toOpaque()
        table.call = { context, request, count, reply in
            guard let context, let reply else { return 1 }
            let host = Unmanaged<FakeHost>.fromOpaque(context).takeUnretainedValue()
            let bytes = Array(UnsafeBufferPointer(start: request, count: count))
            if let message = try? WireHostRequest(serializedBytes: bytes) {
                host.requests.withLock { $0.append(message) }
            }
            guard let refusal = host.refusal else { return 0 }
            let copy = strdup(refusal)
            reply.pointee.bytes = UnsafeRawPointer(copy).map { $0.assumingMemoryBound(to: UInt8.self) }
            reply.pointee.count = refusal.utf8.count
            reply.pointee.owner = UnsafeMutableRawPointer(copy)
            reply.pointee.release = { free($0) }
            return 4
        }
        return table
    }
}

private struct Benches: Plugin {
    static let manifest = Manifest(
        id: "benches", title: Title(zh: "长椅", en: "Benches"), version: "1.2.3", subscriptions: ["flood.*"])

    func start(_ host: MapHost) throws {
        try host.layers.register(
            .points("benches", title: "Benches", fields: [Field("wood", .text, "Wood")], style: Array("[]".utf8)))
    }

    func features(_ query: FeatureQuery, _ host: MapHost) throws -> [Feature] {
        [
            Feature(
                id: 1, geometry: .point(Point(x: query.envelope.minX, y: query.envelope.minY)),
                properties: ["wood": .text("oak at \(query.zoom)")])
        ]
    }

    func handle(_ request: Request, _ host: MapHost) throws -> Response {
        switch request.path {
        case "/denied":
            try request.requireOperator()
            return .html("in")
        case "/json": return try .json(["n": try request.json(as: [String: Int].self)])
        case "/broken": throw CocoaError(.fileNoSuchFile)
        default: return .problem(404, "nothing")
        }
    }
}

private struct Opened {
    var status: Int32
    var table: miaopu_plugin_table

    init(host: FakeHost, abiVersion: UInt32 = 1, size: UInt32? = nil) {
        var hostTable = host.table()
        table = miaopu_plugin_table()
        table.abi_version = abiVersion
        table.struct_size = size ?? UInt32(MemoryLayout<miaopu_plugin_table>.size)
        status = Benches.open(&hostTable, &table)
    }

    func call(_ call: WirePluginRequest.OneOf_Call) throws -> (status: Int32, bytes: [UInt8]) {
        var request = WirePluginRequest()
        request.call = call
        return try send(try request.serializedBytes())
    }

    func send(_ bytes: [UInt8]) throws -> (status: Int32, bytes: [UInt8]) {
        var reply = miaopu_bytes()
        let function = try #require(table.call)
        let status = bytes.withUnsafeBufferPointer { function(table.context, $0.baseAddress, $0.count, &reply) }
        defer { reply.release?(reply.owner) }
        return (status, Array(UnsafeBufferPointer(start: reply.bytes, count: reply.count)))
    }

    func reply(_ call: WirePluginRequest.OneOf_Call) throws -> WirePluginReply {
        let answer = try self.call(call)
        #expect(answer.status == 0)
        return try WirePluginReply(serializedBytes: answer.bytes)
    }
}

@Suite struct OpeningTests {
    @Test func aPluginDescribesItself() throws {
        let opened = Opened(host: FakeHost())
        #expect(opened.status == 0)
        let manifest = try opened.reply(.describe(WireDescribeRequest())).describe
        #expect(manifest.id == "benches")
        #expect(manifest.title.titles == ["zh": "长椅", "en": "Benches"])
        #expect(manifest.version == "1.2.3")
        #expect(manifest.contractVersion == PluginContract.version)
        #expect(manifest.subscriptions == ["flood.*"])
    }

    @Test func aTableOfAnotherVersionOrTooSmallIsRefused() {
        #expect(Opened(host: FakeHost(), abiVersion: 2).status == Int32(MIAOPU_OTHER_VERSION))
        #expect(Opened(host: FakeHost(), size: 8).status == Int32(MIAOPU_OTHER_VERSION))
        #expect(Benches.open(nil, nil) == Int32(MIAOPU_INVALID))
    }

    @Test func startRegistersLayersAndFeaturesFollowTheirSchema() throws {
        let host = FakeHost()
        let opened = Opened(host: host)
        var query = WireFeaturesRequest()
        query.layer = "benches"
        query.zoom = 12
        query.envelope = WireEnvelope(Envelope(minX: 1, minY: 2, maxX: 3, maxY: 4))
        #expect(try opened.call(.features(query)).status == Int32(MIAOPU_NOT_FOUND))
        _ = try opened.reply(.start(WireStartRequest()))
        #expect(host.requests.withLock { $0.first?.registerLayer.id } == "benches")
        let batch = try opened.reply(.features(query)).features
        let schema = Schema(geometryType: .point, fields: [Field("wood", .text)])
        let record = try #require(try batch.records(schema: schema, layer: "benches").first)
        #expect(record.geometry == .point(Point(x: 1, y: 2)))
        #expect(record.values == [.text("oak at 12.0")])
    }

    @Test func whatTheHostRefusesIsThePluginsError() throws {
        let answer = try Opened(host: FakeHost(refusing: "no layers today")).call(.start(WireStartRequest()))
        #expect(answer.status == Int32(MIAOPU_DENIED))
        #expect(String(decoding: answer.bytes, as: UTF8.self) == "no layers today")
    }

    @Test func bytesThatAreNoMessageAreAnError() throws {
        let opened = Opened(host: FakeHost())
        #expect(try opened.send([0xff, 0xff, 0xff]).status == Int32(MIAOPU_FAILED))
        #expect(try opened.send([]).status == Int32(MIAOPU_UNSUPPORTED))
    }

    @Test func refusalsOfARouteAreAnswersAndOtherErrorsAreFailures() throws {
        let opened = Opened(host: FakeHost())
        func request(_ path: String, method: String = "POST", body: String = "") -> WirePluginRequest.OneOf_Call {
            var message = WireHandleRequest()
            message.method = method
            message.path = path
            message.body = Data(body.utf8)
            return .handle(message)
        }
        #expect(try opened.reply(request("/denied")).handle.status == 403)
        #expect(try opened.reply(request("/json", body: "{\"a\":1}")).handle.status == 200)
        let wrong = try opened.reply(request("/json", body: "{\"a\":\"x\"}")).handle
        #expect(wrong.status == 422)
        #expect(String(decoding: wrong.body, as: UTF8.self).contains("a: "))
        #expect(try opened.reply(request("/json", method: "GET", body: "{")).handle.status == 400)
        #expect(try opened.reply(request("/other")).handle.status == 404)
        #expect(try opened.call(request("/broken")).status == Int32(MIAOPU_FAILED))
    }
}
