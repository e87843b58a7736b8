// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Something that happened and that other plugins may want to know.
public struct Event: Hashable, Sendable {
    /// `<plugin id>.<words>`; a plugin publishes under its own id only.
    public var topic: String
    /// When it happened.
    public var time: Timestamp
    /// A JSON document.
    public var payload: String
    /// The layer that it is about, without the plugin's id; empty: none.
    public var layer: String
    /// Where, in OGC:CRS84; nil: nowhere in particular.
    public var envelope: Envelope?

    /// Describes an event.
    public init(
        topic: String, time: Timestamp = .now, payload: String = "{}", layer: String = "", envelope: Envelope? = nil
    ) {
        self.topic = topic
        self.time = time
        self.payload = payload
        self.layer = layer
        self.envelope = envelope
    }
}
