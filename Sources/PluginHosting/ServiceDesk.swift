// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SimpleFeatures
import SwiftProtobuf
import Synchronization

/// Answers what one plugin asks of the host.
final class ServiceDesk: HostCallReceiver {
    private let plugin: String
    private let permissions: Permissions
    private let services: HostServices
    private let database: PluginDatabase
    private let auditLog: AuditLog
    private let publish: @Sendable (PluginEvent) -> Void
    private let state = Mutex(State())

    private struct State {
        /// Nil: outside of `start`.
        var registering: [LiveLayer]?
        /// Nil before the first `start` went well.
        var layers: [LiveLayer]?
    }

    init(
        plugin: String, permissions: Permissions, services: HostServices, database: PluginDatabase, auditLog: AuditLog,
        publish: @escaping @Sendable (PluginEvent) -> Void
    ) {
        self.plugin = plugin
        self.permissions = permissions
        self.services = services
        self.database = database
        self.auditLog = auditLog
        self.publish = publish
    }

    /// The layers that `body`, which starts the plugin, registered. A plugin that
    /// is started again has to register the same ones.
    func collectLayers(
        _ body: () throws(PluginHostingError) -> Void
    ) throws(PluginHostingError) -> [LiveLayer] {
        state.withLock { $0.registering = [] }
        defer { state.withLock { $0.registering = nil } }
        try body()
        let layers = state.withLock { state in
            let registered = state.registering ?? []
            if state.layers == nil { state.layers = registered }
            return registered == state.layers ? registered : nil
        }
        guard let layers else { throw refusal(.failedToStart, "registered other layers than when it first started") }
        return layers
    }

    func answer(_ request: UnsafeBufferPointer<UInt8>) -> (status: Int32, bytes: [UInt8]) {
        do {
            guard request.count <= PluginContract.maxRequestBytes else {
                throw refusal(
                    .tooLarge, "sent \(request.count) bytes; at most \(PluginContract.maxRequestBytes) are accepted")
            }
            let reply = try reply(to: try WireHostRequest(serializedBytes: Array(request)))
            return (ContractStatus.ok, try reply.serializedBytes())
        } catch let error as PluginHostingError {
            return (ContractStatus.number(of: error.kind), Array(error.description.utf8))
        } catch {
            return (ContractStatus.number(of: .failed), Array(String(describing: error).utf8))
        }
    }

    private func reply(to request: WireHostRequest) throws -> WireHostReply {
        var reply = WireHostReply()
        if let call = request.call { try permissions.check(call, plugin: plugin) }
        switch request.call {
        case .sql(let message): reply.sql = try database.run(message)
        case .registerLayer(let message): try register(message)
        case .queryLayer(let message): reply.queryLayer = try query(message)
        case .appendObservations(let message):
            reply.appendObservations = try database.write {
                try ObservationTables.append(message, plugin: plugin, in: $0)
            }
        case .latestObservations(let message):
            reply.observations = try database.read { try ObservationTables.latest(message, in: $0) }
        case .queryObservations(let message):
            reply.observations = try database.read { try ObservationTables.query(message, in: $0) }
        case .publish(let message): try publish(message)
        case .invalidate(let message): try invalidate(message)
        case .log(let message): log(message)
        case .audit(let message):
            try auditLog.append(
                AuditLog.Entry(
                    plugin: plugin, action: message.action, subject: message.subject, detail: message.detail),
                now: Self.now)
        case .migrate(let message): reply.migrate = try migrate(message)
        case .bucketObservations(let message):
            reply.buckets = try database.read { try ObservationTables.buckets(message, plugin: plugin, in: $0) }
        case .raiseAlert(let message):
            try checkIsOwn(message.layer, "raised an alert about")
            try database.write { try AlertTable.raise(message, plugin: plugin, now: Self.now, in: $0) }
        case .dismissAlert(let message): try database.write { try AlertTable.dismiss(message, in: $0) }
        case nil:
            throw refusal(
                .invalid, "made a call that version \(PluginContract.version) of the contract does not have")
        }
        return reply
    }

    private func register(_ message: WireLayerRegistration) throws {
        let layer = try LiveLayer(message, plugin: plugin)
        try state.withLock { state in
            guard let registered = state.registering else {
                throw refusal(.denied, "registered the layer \(layer.id) outside of start")
            }
            guard !registered.contains(where: { $0.id == layer.id }) else {
                throw refusal(.invalid, "registered the layer \(layer.id) twice")
            }
            guard registered.count < PluginContract.maxLayers else {
                throw refusal(.tooLarge, "registered more than \(PluginContract.maxLayers) layers")
            }
            state.registering?.append(layer)
        }
    }

    /// One more than the limit is asked for: an answer that was cut would look
    /// like all that there is.
    private func query(_ message: WireLayerQuery) throws -> WireFeatureBatch {
        let limit = min(message.limit == 0 ? 10_000 : Int(message.limit), PluginContract.maxFeatures)
        let schema = try services.layerSchema(message.layer)
        let conditions = try LayerCondition.conditions(
            message.conditions, of: schema, layer: message.layer, plugin: plugin)
        let records = try services.queryLayer(message.layer, message.envelope.envelope, conditions, limit + 1)
        guard records.count <= limit else {
            throw refusal(
                .tooLarge,
                "asked for a part of the layer \(message.layer) that has more than \(limit) features; a smaller "
                    + "envelope or a higher limit is accepted, up to \(PluginContract.maxFeatures)")
        }
        return try WireFeatureBatch(records, schema: schema, layer: message.layer)
    }

    private func publish(_ message: WireEvent) throws {
        guard message.topic.hasPrefix("\(plugin)."), message.topic.utf8.count <= 200 else {
            throw refusal(.invalid, "published \"\(message.topic.prefix(40))\"; its topics begin with \"\(plugin).\"")
        }
        let event = PluginEvent(message)
        services.event(event)
        publish(event)
    }

    private func invalidate(_ message: WireInvalidation) throws {
        try checkIsOwn(message.layer, "invalidated")
        services.invalidate("\(plugin).\(message.layer)", message.hasEnvelope ? message.envelope.envelope : nil)
    }

    /// Whether a name is that of a layer of the plugin; the empty one names none.
    private func checkIsOwn(_ layer: String, _ what: String) throws(PluginHostingError) {
        let isOwn = state.withLock { state in
            (state.registering ?? state.layers ?? []).contains { $0.name == layer }
        }
        guard isOwn || layer.isEmpty else {
            throw refusal(.notFound, "\(what) the layer \(layer.prefix(40)), which it did not register")
        }
    }

    private func migrate(_ message: WireMigrations) throws -> WireMigrationsReply {
        guard state.withLock({ $0.registering != nil }) else {
            throw refusal(.denied, "asked for migrations outside of start")
        }
        return try database.write { try MigrationTable.run(message, plugin: plugin, now: Self.now, in: $0) }
    }

    private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    private func log(_ message: WireLogRecord) {
        let level: HostServices.LogLevel =
            switch message.level {
            case .debug: .debug
            case .warning: .warning
            case .error: .error
            case .info, .UNRECOGNIZED: .info
            }
        // A line is a line, whatever a plugin puts into it.
        let line = message.message.prefix(2000).map { $0.isNewline ? " " : $0 }
        services.log(plugin, level, String(line))
    }

    private func refusal(_ kind: PluginHostingError.Kind, _ what: String) -> PluginHostingError {
        PluginHostingError(kind, plugin, "The plugin \(plugin) \(what).")
    }
}
