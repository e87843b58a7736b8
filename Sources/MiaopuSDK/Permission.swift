// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a plugin may do beyond layers and pages of its own. It asks for it in
/// its manifest, and people see it; calls that need another one are refused.
public enum Permission: String, Hashable, Sendable, CaseIterable {
    /// Alerts on the map.
    case alerts
    /// Entries in the district's audit log.
    case audit
    /// Events to other plugins, and from them.
    case events
    /// Features of the district's layers.
    case layers
    /// Observations, kept by the host.
    case observations
    /// Tables of its own.
    case tables
}

/// A page of the plugin for its section in the map viewer: `handle` answers GET
/// with HTML.
public struct Page: Hashable, Sendable {
    /// Below the plugin's own path, beginning with `/`.
    public var path: String
    /// What people call it.
    public var title: Title

    /// Describes a page.
    public init(_ path: String, title: Title) {
        self.path = path
        self.title = title
    }
}

/// A file that people can take away: `handle` answers GET with it.
public struct Export: Hashable, Sendable {
    /// 1 to 32 of a–z, 0–9 and `-`, beginning with a letter; unique in the plugin.
    public var name: String
    /// What people call it.
    public var title: Title
    /// Below the plugin's own path, beginning with `/`.
    public var path: String
    /// What the file is called when it is kept: letters, digits, `-`, `_`, `.`.
    public var fileName: String

    /// Describes an export.
    public init(_ name: String, title: Title, path: String, fileName: String) {
        self.name = name
        self.title = title
        self.path = path
        self.fileName = fileName
    }
}
