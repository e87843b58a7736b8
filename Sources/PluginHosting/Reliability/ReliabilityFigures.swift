// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// How a plugin did since it is counted: numbers only, nothing of what was
/// asked or answered.
public struct ReliabilityFigures: Hashable, Codable, Sendable {
    /// Calls of one kind.
    public struct Calls: Hashable, Codable, Sendable {
        /// How many were made.
        public internal(set) var count = 0
        /// How many of them failed, those that were cut short with them.
        public internal(set) var failures = 0
        /// How long they took.
        public internal(set) var latency = LatencyHistogram()

        mutating func add(seconds: Double, failed: Bool) {
            count += 1
            if failed { failures += 1 }
            latency.add(seconds: seconds)
        }

        mutating func merge(_ other: Calls) {
            count = ReliabilityFigures.sum(count, other.count)
            failures = ReliabilityFigures.sum(failures, other.failures)
            latency.merge(other.latency)
        }
    }

    /// Seconds for which the plugin ran in a host that serves.
    public internal(set) var servedSeconds = 0.0
    /// How often its process ended by itself or had to be ended.
    public internal(set) var crashes = 0
    /// Features of its layers, for tiles.
    public internal(set) var features = Calls()
    /// Its pages.
    public internal(set) var handle = Calls()
    /// `start`, events, ticks and `stop`.
    public internal(set) var others = Calls()

    /// Nothing counted.
    public init() {}

    /// All kinds of calls together.
    public var all: Calls {
        var all = features
        all.merge(handle)
        all.merge(others)
        return all
    }

    mutating func add(_ call: WirePluginRequest.OneOf_Call, seconds: Double, failed: Bool) {
        switch call {
        case .features: features.add(seconds: seconds, failed: failed)
        case .handle: handle.add(seconds: seconds, failed: failed)
        case .describe, .start, .observe, .tick, .stop: others.add(seconds: seconds, failed: failed)
        }
    }

    mutating func merge(_ other: ReliabilityFigures) {
        servedSeconds += other.servedSeconds
        crashes = Self.sum(crashes, other.crashes)
        features.merge(other.features)
        handle.merge(other.handle)
        others.merge(other.others)
    }

    /// Whether the numbers can be what they say.
    var isPlausible: Bool {
        servedSeconds.isFinite && servedSeconds >= 0 && crashes >= 0
            && [features, handle, others].allSatisfy { $0.count >= 0 && $0.failures >= 0 }
    }

    private static func sum(_ a: Int, _ b: Int) -> Int {
        let (sum, isTooLarge) = a.addingReportingOverflow(b)
        return isTooLarge ? Int.max : sum
    }
}
