// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Finds out which of a source's features a delivered record is.
///
/// A record is the feature of the same identity: of the same declared key, or,
/// without a key, of the same content. Where several have one identity, those of
/// the same content belong together first, and then those that came first.
struct FeatureMatcher {
    /// A feature that the store held before the delivery.
    struct Held {
        var id: Int64
        var identity: Int64
        var content: Int64
        var row: Int64
    }

    enum Match: Equatable {
        /// Held with the same content; `moved` when its place in the file is another.
        case same(id: Int64, moved: Bool)
        /// Held with other content.
        case changed(id: Int64)
        /// Not held; the id is free.
        case new(id: Int64)
    }

    private let slot: Int64
    private let held: [Held]
    private var isDelivered: [Bool]
    private var byContent: [Pair: Int32] = [:]
    private var byIdentity: [Int64: Int32] = [:]
    private var nextOfContent: [Int32]
    private var nextOfIdentity: [Int32]
    private var taken: Set<Int64> = []
    private var nextFree: Int64

    private struct Pair: Hashable {
        var identity: Int64
        var content: Int64
    }

    private static let none: Int32 = -1

    /// - Parameter held: in the order of ids.
    /// - Complexity: O(*n*) in features held.
    init(slot: UInt32, held: [Held]) {
        self.slot = Int64(slot) << 31
        self.held = held
        isDelivered = Array(repeating: false, count: held.count)
        nextOfContent = Array(repeating: Self.none, count: held.count)
        nextOfIdentity = Array(repeating: Self.none, count: held.count)
        nextFree = (held.last.map { $0.id & SourceRecord.maximumRow } ?? 0) + 1
        byContent.reserveCapacity(held.count)
        byIdentity.reserveCapacity(held.count)
        // From the end, so that each list begins with the lowest id.
        for index in held.indices.reversed() {
            let feature = held[index]
            let pair = Pair(identity: feature.identity, content: feature.content)
            nextOfContent[index] = byContent.updateValue(Int32(index), forKey: pair) ?? Self.none
            nextOfIdentity[index] = byIdentity.updateValue(Int32(index), forKey: feature.identity) ?? Self.none
        }
        taken = Set(held.map { $0.id & SourceRecord.maximumRow })
    }

    /// The features that were not delivered again, in the order of ids.
    var missing: [Int64] {
        held.indices.filter { !isDelivered[$0] }.map { held[$0].id }
    }

    /// - Parameter row: the record's number in the file, 1 or more, each once.
    /// - Complexity: O(1) on average, whatever the identities.
    mutating func match(identity: Int64, content: Int64, row: Int64) -> Match {
        if let index = first(&byContent[Pair(identity: identity, content: content)], nextOfContent) {
            isDelivered[index] = true
            return .same(id: held[index].id, moved: held[index].row != row)
        }
        if let index = first(&byIdentity[identity], nextOfIdentity) {
            isDelivered[index] = true
            return .changed(id: held[index].id)
        }
        // The store held nothing of the source: rows are free and differ.
        if held.isEmpty { return .new(id: slot | row) }
        if taken.insert(row).inserted { return .new(id: slot | row) }
        while !taken.insert(nextFree).inserted { nextFree += 1 }
        return .new(id: slot | nextFree)
    }

    /// The first of a list that was not delivered yet; the list is shortened to it.
    private func first(_ head: inout Int32?, _ next: [Int32]) -> Int? {
        while let index = head, index != Self.none {
            if !isDelivered[Int(index)] { return Int(index) }
            head = next[Int(index)]
        }
        return nil
    }
}
