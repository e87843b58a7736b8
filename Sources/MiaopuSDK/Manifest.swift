// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Who a plugin is.
public struct Manifest: Hashable, Sendable {
    /// 1 to 32 of a–z, 0–9 and `-`, beginning with a letter. It is the plugin's
    /// path, the first half of its layers' ids, and the name of its database.
    public var id: String
    /// What people call it.
    public var title: Title
    /// `major.minor.patch`.
    public var version: String
    /// One sentence of what it does.
    public var summary: Title
    /// What it may do beyond layers and pages of its own.
    public var permissions: Set<Permission>
    /// Pages for its section in the map viewer.
    public var pages: [Page]
    /// Files that people can take away.
    public var exports: [Export]
    /// Topics of the events that `observe` is given, each exact or ending in `*`;
    /// they need the permission `events`.
    public var subscriptions: [String]
    /// Seconds between two calls of `tick`; 0: none.
    public var tickSeconds: Int

    /// Describes a plugin.
    public init(
        id: String, title: Title, version: String, summary: Title = Title(zh: "", en: ""),
        permissions: Set<Permission> = [], pages: [Page] = [], exports: [Export] = [], subscriptions: [String] = [],
        tickSeconds: Int = 0
    ) {
        self.id = id
        self.title = title
        self.version = version
        self.summary = summary
        self.permissions = permissions
        self.pages = pages
        self.exports = exports
        self.subscriptions = subscriptions
        self.tickSeconds = tickSeconds
    }
}

/// A text in the languages of the people who read it.
public struct Title: Hashable, Sendable, ExpressibleByStringLiteral {
    /// In Chinese.
    public var zh: String
    /// In English.
    public var en: String

    /// The same thing in both languages.
    public init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    /// One text for both languages.
    public init(stringLiteral value: String) {
        self.init(zh: value, en: value)
    }

    /// By language tag, as a field's titles are.
    public var titles: [String: String] { ["zh": zh, "en": en] }
}

extension Field {
    /// A field with titles in two languages.
    public init(_ name: String, _ type: FieldType, _ title: Title, unit: String? = nil) {
        self.init(name, type, titles: title.titles, unit: unit)
    }
}
