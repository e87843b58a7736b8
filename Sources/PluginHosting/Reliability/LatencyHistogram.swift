// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// How long calls took, in steps that grow by 15 %: every quantile is known to
/// within 8 % from 1 µs to 100 s, in a fixed number of counters. Histograms of
/// several days or hosts add up.
public struct LatencyHistogram: Hashable, Sendable {
    /// Calls by step. Step 0 is up to a microsecond; the last one has no end.
    private var counts: [Int]

    static let steps = 134
    private static let growth = 1.15
    private static let smallest = 1e-6

    /// No calls.
    public init() {
        counts = [Int](repeating: 0, count: Self.steps)
    }

    /// How many calls were counted.
    public var count: Int { counts.reduce(0, Self.sum) }

    /// Counts a call.
    mutating func add(seconds: Double) {
        let steps = seconds > Self.smallest ? log(seconds / Self.smallest) / log(Self.growth) + 1 : 0
        // A number that is none is at the end of nothing: as if it took for ever.
        let step = steps.isFinite ? min(Self.steps - 1, max(0, Int(steps))) : Self.steps - 1
        counts[step] = Self.sum(counts[step], 1)
    }

    /// Adds the calls of another histogram.
    mutating func merge(_ other: LatencyHistogram) {
        for step in 0..<Self.steps { counts[step] = Self.sum(counts[step], other.counts[step]) }
    }

    /// The time, in seconds, within which a part of the calls was done; nil
    /// without calls.
    ///
    /// - Parameter part: 0.5 is the median.
    public func quantile(_ part: Double) -> Double? {
        let total = count
        guard total > 0 else { return nil }
        let rank = max(1, (Double(total) * part).rounded(.up))
        var seen = 0.0
        for (step, number) in counts.enumerated() {
            seen += Double(number)
            // The middle of the step, in proportion.
            if seen >= rank { return step == 0 ? Self.smallest : Self.smallest * pow(Self.growth, Double(step) - 0.5) }
        }
        return nil
    }

    /// A file may hold any numbers.
    private static func sum(_ a: Int, _ b: Int) -> Int {
        let (sum, isTooLarge) = a.addingReportingOverflow(b)
        return isTooLarge ? Int.max : sum
    }
}

/// Written as pairs of a step and its calls, without the steps that have none.
extension LatencyHistogram: Codable {
    public init(from decoder: any Decoder) throws {
        self.init()
        for pair in try decoder.singleValueContainer().decode([[Int]].self) {
            guard pair.count == 2, counts.indices.contains(pair[0]), pair[1] >= 0 else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "no step and its calls"))
            }
            counts[pair[0]] = Self.sum(counts[pair[0]], pair[1])
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(counts.enumerated().filter { $0.element > 0 }.map { [$0.offset, $0.element] })
    }
}
