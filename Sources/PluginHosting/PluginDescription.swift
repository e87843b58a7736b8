// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What there is to say of a plugin that was found.
public struct PluginDescription: Sendable {
    /// Whether it runs.
    public enum State: Hashable, Sendable {
        /// Loaded and started.
        case running
        /// Not loaded or not started; one sentence says why.
        case refused(String)
        /// Found, but the district does not ask for it.
        case off
    }

    /// The plugin's id; for a library that never said it, the file's name.
    public let id: String
    /// By language tag; empty when it is not known.
    public let titles: [String: String]
    /// By language tag; empty when there is none.
    public let summaries: [String: String]
    /// `major.minor.patch`; empty when it is not known.
    public let version: String
    /// Nil when it is not known.
    public let contractVersion: UInt32?
    /// The library's path; empty for one that the district asks for and that
    /// was not found.
    public let library: String
    /// Whether it runs.
    public let state: State
    /// Where it runs, or would run; nil when it was refused before that was known.
    public let hosting: PluginHostConfiguration.Hosting?
    /// The layers that it registered.
    public let layers: [LiveLayer]
    /// How its calls went.
    public let statistics: CallStatistics
}

/// How calls of one plugin went.
public struct CallStatistics: Hashable, Sendable {
    /// How many were made.
    public private(set) var calls = 0
    /// How many of them failed.
    public private(set) var failures = 0
    /// The time that they took together, in seconds.
    public private(set) var totalSeconds = 0.0
    /// The longest, in seconds.
    public private(set) var longestSeconds = 0.0
    /// Bytes that the plugin answered.
    public private(set) var replyBytes = 0
    /// The sentence of the last one that failed.
    public private(set) var lastFailure: String?

    mutating func add(seconds: Double, bytes: Int, failure: String?) {
        calls += 1
        totalSeconds += seconds
        longestSeconds = max(longestSeconds, seconds)
        replyBytes += bytes
        if let failure {
            failures += 1
            lastFailure = failure
        }
    }
}
