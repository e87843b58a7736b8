// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// What the host offers to a plugin. May be used from any thread, and kept.
public struct MapHost: Sendable {
    let connection: HostConnection

    /// The plugin's own layers, and those of the district.
    public var layers: HostLayers { HostLayers(connection: connection) }

    /// The plugin's own tables.
    public var database: HostDatabase { HostDatabase(connection: connection) }

    /// The plugin's observations: results by datastream and time.
    public var observations: HostObservations { HostObservations(connection: connection) }

    /// What people should look at.
    public var alerts: HostAlerts { HostAlerts(connection: connection) }

    /// Tells other plugins, and the host, that something happened.
    ///
    /// - Throws: `PluginError` when the topic does not begin with the plugin's
    ///   id and a dot.
    public func publish(_ event: Event) throws {
        try connection.call(.publish(WireEvent(event)))
    }

    /// Has tiles drawn anew: those of a layer that meet an envelope in
    /// OGC:CRS84, or all of the layer.
    ///
    /// - Throws: `PluginError` for a layer that is not registered.
    public func invalidate(_ layer: String, _ envelope: Envelope? = nil) throws {
        var message = WireInvalidation()
        message.layer = layer
        if let envelope { message.envelope = WireEnvelope(envelope) }
        try connection.call(.invalidate(message))
    }

    /// How much a line of the log matters.
    public enum LogLevel: Hashable, Sendable {
        case debug, info, warning, error
    }

    /// Writes one line to the host's log, with the plugin's id. A line that the
    /// host does not take is lost.
    public func log(_ level: LogLevel, _ message: String) {
        var record = WireLogRecord()
        record.level =
            switch level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        record.message = message
        _ = try? connection.call(.log(record))
    }

    /// Writes to the district's audit log what somebody did.
    ///
    /// - Throws: `PluginError` when it could not be written: what must be
    ///   audited must then not be done.
    public func audit(_ action: String, subject: String, detail: String = "") throws {
        var record = WireAuditRecord()
        record.action = action
        record.subject = subject
        record.detail = detail
        try connection.call(.audit(record))
    }
}

extension WireEvent {
    init(_ event: Event) {
        self.init()
        topic = event.topic
        time = event.time.milliseconds
        payload = event.payload
        layer = event.layer
        if let envelope = event.envelope { self.envelope = WireEnvelope(envelope) }
    }

    var event: Event {
        Event(
            topic: topic, time: Timestamp(milliseconds: time), payload: payload, layer: layer,
            envelope: hasEnvelope ? envelope.envelope : nil)
    }
}
