// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// How a plugin stands: the same for the person who runs the host, in `plugin
/// list`, and for everybody, in `/catalog`.
public struct PluginStanding: Hashable, Codable, Sendable {
    /// Whether it runs, and if not, who has to do something about it.
    public enum State: String, Hashable, Codable, Sendable {
        /// Loaded and started.
        case running
        /// Found, and the district does not ask for it.
        case off
        /// Comes by itself: nobody has to do anything.
        case waiting
        /// Not loaded or not started.
        case refused
        /// Crashed too often; a person has to lift that.
        case quarantined
    }

    /// A layer that it registered.
    public struct Layer: Hashable, Codable, Sendable {
        /// With the plugin's id in front.
        public let id: String
        /// By language tag.
        public let titles: [String: String]
    }

    /// As in `PluginDescription`, like all that is not explained here.
    public let id: String
    public let titles: [String: String]
    public let version: String
    public let contractVersion: UInt32?
    public let library: String
    /// `in-process` or `process`; nil when it was refused before that was known.
    public let hosting: String?
    public let layers: [Layer]
    public let note: String?
    /// Whether the host has it, though it may not be able to call it.
    public let isLoaded: Bool
    /// Whether it runs.
    public private(set) var state: State
    /// Why it does not run, in one sentence; nil when it does.
    public private(set) var reason: String?

    /// As the host knows it by itself.
    public init(_ description: PluginDescription) {
        id = description.id
        titles = description.titles
        version = description.version
        contractVersion = description.contractVersion
        library = description.library
        hosting = description.hosting?.rawValue
        layers = description.layers.map { Layer(id: $0.id, titles: $0.titles) }
        note = description.note
        isLoaded = description.state == .running
        switch description.state {
        case .running: state = .running
        case .off:
            state = .off
            reason = "The list plugins: in district.yaml does not name it."
        case .refused(let sentence):
            reason = sentence
            state =
                switch description.refusal {
                case .postponed: .waiting
                case .quarantined: .quarantined
                default: .refused
                }
        }
    }

    /// A file that lies there and that the host has not looked at yet.
    init(waiting candidate: PluginFolder.Candidate) {
        id = candidate.name
        (titles, version, contractVersion) = ([:], "", nil)
        library = candidate.library
        (hosting, layers, note, isLoaded) = (nil, [], nil, false)
        state = .waiting
        reason = "The server has not taken it up yet; it looks once a second and starts one plugin after the other."
    }

    /// With what is written down of its crashes: a process that crashed too often
    /// while the host ran is not started again, though the host has it.
    public func with(_ reliability: PluginReliability?) -> PluginStanding {
        guard state == .running, hosting == PluginHostConfiguration.Hosting.process.rawValue,
            let clause = reliability?.quarantineClause
        else { return self }
        var standing = self
        standing.state = .quarantined
        standing.reason = "The plugin \(id) is not called: it \(clause)"
        return standing
    }

    /// Whether a person has to do something before it runs.
    public var needsPerson: Bool { state == .refused || state == .quarantined }
}
