// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPluginABI
import Foundation
import PluginMessages
import SwiftProtobuf

/// A plugin that the host opened: turns messages into calls of its methods.
final class PluginInstance {
    private let type: any Plugin.Type
    private let plugin: any Plugin
    private let host: MapHost

    init(_ type: any Plugin.Type, host: MapHost) {
        self.type = type
        self.plugin = type.init()
        self.host = host
    }

    /// The answer to one call: a status, and a message or a sentence.
    func answer(_ request: UnsafeBufferPointer<UInt8>) -> (status: Int32, bytes: [UInt8]) {
        do {
            let reply = try reply(to: try WirePluginRequest(serializedBytes: Array(request)))
            let bytes: [UInt8] = try reply.serializedBytes()
            guard bytes.count <= PluginContract.maxReplyBytes else {
                throw PluginError(
                    .tooLarge,
                    "The answer has \(bytes.count) bytes; at most \(PluginContract.maxReplyBytes) are accepted.")
            }
            return (Int32(MIAOPU_OK), bytes)
        } catch {
            let error = PluginError(converting: error)
            return (error.status, Array(error.description.utf8))
        }
    }

    private func reply(to request: WirePluginRequest) throws -> WirePluginReply {
        var reply = WirePluginReply()
        switch request.call {
        case .describe: reply.describe = WireManifest(type.manifest)
        case .start: try plugin.start(host)
        case .features(let message): reply.features = try features(message)
        case .handle(let message): reply.handle = WireHandleReply(try handle(Request(message)))
        case .observe(let event): try plugin.observe(event.event, host)
        case .tick(let message): try plugin.tick(Timestamp(milliseconds: message.time), host)
        case .stop: try plugin.stop(host)
        case nil:
            throw PluginError(
                .unsupported,
                "This plugin speaks version \(PluginContract.version) of the contract and does not "
                    + "know the call.")
        }
        return reply
    }

    /// A refusal is an answer to whoever asked, and no failure of the plugin.
    private func handle(_ request: Request) throws -> Response {
        do {
            return try plugin.handle(request, host)
        } catch let error as PluginError where error.kind != .failed {
            return .problem(error.httpStatus(method: request.method), error.description)
        }
    }

    private func features(_ message: WireFeaturesRequest) throws -> WireFeatureBatch {
        guard let schema = host.connection.schema(of: message.layer) else {
            throw PluginError(.notFound, "The layer \(message.layer) is not registered.")
        }
        let query = FeatureQuery(
            layer: message.layer, envelope: message.envelope.envelope, zoom: message.zoom,
            time: message.hasTime ? Timestamp(milliseconds: message.time) : nil)
        let features = try plugin.features(query, host)
        let limit = message.limit == 0 ? PluginContract.maxFeatures : Int(message.limit)
        guard features.count <= limit else {
            throw PluginError(
                .tooLarge,
                "The layer \(message.layer) has \(features.count) features here; at most \(limit) are "
                    + "accepted.")
        }
        return try WireFeatureBatch(features, schema: schema, layer: message.layer)
    }
}

extension WireManifest {
    init(_ manifest: Manifest) {
        self.init()
        id = manifest.id
        title = WireTitle(manifest.title.titles)
        version = manifest.version
        contractVersion = PluginContract.version
        summary = WireTitle(manifest.summary.titles)
        subscriptions = manifest.subscriptions
        tickSeconds = UInt32(clamping: manifest.tickSeconds)
        permissions = manifest.permissions.map(\.rawValue).sorted()
        pages = manifest.pages.map { page in
            var message = WirePage()
            message.path = page.path
            message.title = WireTitle(page.title.titles)
            return message
        }
        exports = manifest.exports.map { export in
            var message = WireExport()
            message.name = export.name
            message.title = WireTitle(export.title.titles)
            message.path = export.path
            message.fileName = export.fileName
            return message
        }
    }
}

extension Request {
    init(_ message: WireHandleRequest) {
        self.init(
            method: message.method, path: message.path, query: message.query.map { ($0.name, $0.value) },
            headers: message.headers.map { ($0.name, $0.value) }, body: [UInt8](message.body),
            language: message.language, isFromOperator: message.fromOperator)
    }
}

extension WireHandleReply {
    init(_ response: Response) {
        self.init()
        status = UInt32(clamping: response.status)
        contentType = response.contentType
        headers = response.headers.map { header in
            var message = WireNameValue()
            message.name = header.name
            message.value = header.value
            return message
        }
        body = Data(response.body)
    }
}
