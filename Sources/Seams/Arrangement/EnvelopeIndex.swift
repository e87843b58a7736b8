// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Envelopes that can be searched, in metres on the district grid.
public struct EnvelopeIndex: Sendable {
    private let ranges: [GridRange]
    private let index: RangeIndex

    /// - Complexity: O(*n* log *n*).
    public init(_ envelopes: [Envelope]) {
        ranges = envelopes.map { GridRange($0) }
        index = RangeIndex(ranges)
    }

    /// The numbers of the envelopes that meet the given one, in rising order.
    ///
    /// - Complexity: O(log *n* + *k* log *k*) in hits.
    public func search(_ envelope: Envelope) -> [Int] {
        let range = GridRange(envelope)
        var found: [Int] = []
        index.search(range) { number in
            if ranges[number].intersects(range) { found.append(number) }
        }
        return found.sorted()
    }

    /// Whether any of the envelopes that meet the given one is wanted.
    public func contains(meeting envelope: Envelope, where isWanted: (Int) -> Bool) -> Bool {
        let range = GridRange(envelope)
        var isFound = false
        index.search(range) { number in
            isFound = isFound || (ranges[number].intersects(range) && isWanted(number))
        }
        return isFound
    }
}
