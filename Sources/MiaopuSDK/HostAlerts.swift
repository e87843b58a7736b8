// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// Something that people should look at. It stands until it is dismissed or its
/// time is over.
public struct Alert: Hashable, Sendable {
    /// How serious it is: the four colours are the grades of Chinese warnings,
    /// blue the mildest.
    public enum Level: Hashable, Sendable {
        case info, blue, yellow, orange, red
    }

    /// Chosen by the plugin, at most 200 bytes; the same id again replaces it.
    public var id: String
    /// How serious it is.
    public var level: Level
    /// A few words.
    public var title: Title
    /// What happened and what to do; may be empty.
    public var text: Title
    /// Since when.
    public var time: Timestamp
    /// When it is over by itself; nil: not before it is dismissed.
    public var until: Timestamp?
    /// A layer of the plugin.
    public var layer: String?
    /// One of the layer's features.
    public var feature: Int64?
    /// Where, in OGC:CRS84.
    public var envelope: Envelope?

    /// Describes an alert.
    public init(
        _ id: String, _ level: Level, title: Title, text: Title = Title(zh: "", en: ""), time: Timestamp = .now,
        until: Timestamp? = nil, layer: String? = nil, feature: Int64? = nil, envelope: Envelope? = nil
    ) {
        self.id = id
        self.level = level
        self.title = title
        self.text = text
        self.time = time
        self.until = until
        self.layer = layer
        self.feature = feature
        self.envelope = envelope
    }
}

/// The plugin's alerts; they need the permission `alerts`.
public struct HostAlerts: Sendable {
    let connection: HostConnection

    /// Shows an alert, instead of the one of the same id.
    ///
    /// - Throws: `PluginError` for a layer that is not the plugin's, and when too
    ///   many stand already.
    public func raise(_ alert: Alert) throws {
        var message = WireAlert()
        message.id = alert.id
        message.level =
            switch alert.level {
            case .info: .info
            case .blue: .blue
            case .yellow: .yellow
            case .orange: .orange
            case .red: .red
            }
        message.title = WireTitle(alert.title.titles)
        message.text = WireTitle(alert.text.titles)
        message.time = alert.time.milliseconds
        if let until = alert.until { message.until = until.milliseconds }
        message.layer = alert.layer ?? ""
        if let feature = alert.feature { message.feature = feature }
        if let envelope = alert.envelope { message.envelope = WireEnvelope(envelope) }
        try connection.call(.raiseAlert(message))
    }

    /// Takes an alert away; one that does not stand is no error.
    ///
    /// - Throws: `PluginError` without the permission.
    public func dismiss(_ id: String) throws {
        var message = WireAlertDismissal()
        message.id = id
        try connection.call(.dismissAlert(message))
    }
}
