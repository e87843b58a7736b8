// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages
import SimpleFeatures

/// What the rest of the host does for plugins, given as closures. They are
/// called from the threads that plugins run on, several at a time.
public struct HostServices: Sendable {
    /// How much a line of the log matters.
    public enum LogLevel: String, Hashable, Sendable {
        case debug, info, warning, error
    }

    /// Writes a line to the log.
    public var log: @Sendable (_ plugin: String, _ level: LogLevel, _ message: String) -> Void
    /// Has tiles of a live layer (`<plugin>.<layer>`) drawn anew: those that
    /// meet an envelope in OGC:CRS84, or all.
    public var invalidate: @Sendable (_ layer: String, _ envelope: Envelope?) -> Void
    /// Takes notice of an event. Plugins that subscribe get it anyway.
    public var event: @Sendable (PluginEvent) -> Void
    /// Geometry type and fields of a layer of the district. What it throws is the
    /// plugin's refusal.
    public var layerSchema: @Sendable (_ layer: String) throws -> Schema
    /// At most `limit` records of a layer of the district that meet an envelope,
    /// both in OGC:CRS84, and for which all conditions hold. What it throws is
    /// the plugin's refusal.
    public var queryLayer:
        @Sendable (_ layer: String, _ envelope: Envelope, _ conditions: [LayerCondition], _ limit: Int) throws ->
            [FeatureRecord]

    /// Has no more requests taken, because the process is about to end for a call
    /// that does not come back. Answers at once.
    public var leave: @Sendable () -> Void
    /// Whether every request that was taken is answered. Answers at once.
    public var isIdle: @Sendable () -> Bool

    /// Services that do nothing, of a host without layers.
    public init() {
        log = { _, _, _ in }
        invalidate = { _, _ in }
        event = { _ in }
        layerSchema = { layer in
            throw PluginHostingError(.notFound, layer, "This host has no layer \(layer) to query.")
        }
        queryLayer = { _, _, _, _ in [] }
        leave = {}
        isIdle = { true }
    }
}

/// Something that happened and that plugins may want to know.
public struct PluginEvent: Hashable, Sendable {
    /// `<plugin id>.<words>`, or `host.<words>`.
    public var topic: String
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var time: Int64
    /// A JSON document.
    public var payload: String
    /// The layer that it is about; empty: none.
    public var layer: String
    /// Where, in OGC:CRS84; nil: nowhere in particular.
    public var envelope: Envelope?

    /// Describes an event.
    public init(topic: String, time: Int64, payload: String = "{}", layer: String = "", envelope: Envelope? = nil) {
        self.topic = topic
        self.time = time
        self.payload = payload
        self.layer = layer
        self.envelope = envelope
    }

    init(_ message: WireEvent) {
        self.init(
            topic: message.topic, time: message.time, payload: message.payload, layer: message.layer,
            envelope: message.hasEnvelope ? message.envelope.envelope : nil)
    }

    var message: WireEvent {
        var message = WireEvent()
        message.topic = topic
        message.time = time
        message.payload = payload
        message.layer = layer
        if let envelope { message.envelope = WireEnvelope(envelope) }
        return message
    }
}

/// A request for a plugin's page or API.
public struct PluginRequest: Sendable {
    /// `GET`, `POST`, … in capitals.
    public var method: String
    /// Below `/plugins/<id>`, beginning with `/`, decoded.
    public var path: String
    /// Names and values of the query, decoded, in their order.
    public var query: [(name: String, value: String)]
    /// Names in lower case.
    public var headers: [(name: String, value: String)]
    /// What was sent.
    public var body: [UInt8]
    /// `zh` or `en`.
    public var language: String
    /// Set only for a command of the person who runs the host: it opens the
    /// plugins' imports.
    public var isFromOperator: Bool

    /// Describes a request.
    public init(
        method: String = "GET", path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: [UInt8] = [], language: String = "zh",
        isFromOperator: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.language = language
        self.isFromOperator = isFromOperator
    }

    var message: WireHandleRequest {
        var message = WireHandleRequest()
        message.method = method
        message.path = path
        message.query = query.map(WireNameValue.init)
        message.headers = headers.map(WireNameValue.init)
        message.body = .init(body)
        message.language = language
        message.fromOperator = isFromOperator
        return message
    }
}

/// What a plugin answered to a request.
public struct PluginResponse: Sendable {
    /// 200 to 599.
    public let status: Int
    /// The media type of the body.
    public let contentType: String
    /// Further header fields, names in lower case, without those that the
    /// server sets itself.
    public let headers: [(name: String, value: String)]
    /// What is sent.
    public let body: [UInt8]
}

extension WireNameValue {
    fileprivate init(_ pair: (name: String, value: String)) {
        self.init()
        name = pair.name
        value = pair.value
    }
}
