// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Finds out which of a source's features a delivered record is.
///
/// A record is the feature of the same identity: of the same declared key, or,
/// without a key, of the same content. Where several have one identity, those of
/// the same content belong together first, and then those that came first. What a
/// person has said of a record of another identity goes before that.
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
        /// Held under another id than a person says.
        case renamed(id: Int64, from: Int64)
    }

    private let slot: Int64
    private let held: [Held]
    private var isDelivered: [Bool]
    private var byContent: [Pair: Int32] = [:]
    private var byIdentity: [Int64: Int32] = [:]
    private var nextOfContent: [Int32]
    private var nextOfIdentity: [Int32]
    private var taken: Set<Int64> = []
    /// Whether the rows of the delivery, each once, are all free.
    private let rowsAreFree: Bool
    private var nextFree: Int64
    /// Features by the identity of the record that each of them is now.
    private var continued: [Int64: Int64] = [:]

    private struct Pair: Hashable {
        var identity: Int64
        var content: Int64
    }

    private static let none: Int32 = -1

    /// - Parameters:
    ///   - held: in the order of ids.
    ///   - reserved: ids that a person's word may need, which no other record gets.
    /// - Complexity: O(*n*) in features held.
    init(slot: UInt32, held: [Held], reserved: Set<Int64> = []) {
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
        taken.formUnion(reserved.map { $0 & SourceRecord.maximumRow })
        rowsAreFree = taken.isEmpty
    }

    /// The features that were not delivered again, in the order of ids.
    var missing: [Int64] {
        held.indices.filter { !isDelivered[$0] }.map { held[$0].id }
    }

    /// What those features are known by.
    var missingIdentities: [Int64: Int64] {
        Dictionary(
            uniqueKeysWithValues: held.indices.filter { !isDelivered[$0] }.map { (held[$0].id, held[$0].identity) })
    }

    /// Whether the store held nothing of the source.
    var isFirstDelivery: Bool { held.isEmpty }

    /// Takes what a person has said of the records that are still to be matched,
    /// once all others were.
    ///
    /// A word that the delivery itself contradicts counts for nothing: two records
    /// for one feature, a feature that is delivered as it was, a record that is a
    /// feature of its own beside the one that it should be. Neither does one on a
    /// feature that is no longer what it was when the word was given.
    ///
    /// - Parameters:
    ///   - delivered: the identities of the records that are still to be matched.
    ///   - past: features that the source once had and that the store does not hold.
    mutating func settle(_ matches: [ReviewedMatch], delivered: Set<Int64>, past: Set<Int64>) {
        let meant = matches.filter { match in
            guard delivered.contains(match.identity) else { return false }
            return index(of: match.feature).map { held[$0].identity == match.formerIdentity } ?? true
        }
        let named = Dictionary(grouping: meant, by: \.feature)
        for (feature, matches) in named {
            guard matches.count == 1, let identity = matches.first?.identity else { continue }
            if let index = index(of: feature) {
                let own = held[index].identity
                guard !isDelivered[index], own != identity, !delivered.contains(own), byIdentity[identity] == nil
                else { continue }
            } else if !past.contains(feature) {
                continue
            }
            continued[identity] = feature
        }
    }

    /// - Parameter row: the record's number in the file, 1 or more, each once.
    /// - Complexity: O(1) on average, whatever the identities.
    mutating func match(identity: Int64, content: Int64, row: Int64) -> Match {
        if let feature = continued.removeValue(forKey: identity) {
            if let index = index(of: feature) {
                isDelivered[index] = true
                return .changed(id: feature)
            }
            guard let index = Self.first(&byIdentity[identity], nextOfIdentity, isDelivered) else {
                return .new(id: feature)
            }
            isDelivered[index] = true
            return .renamed(id: feature, from: held[index].id)
        }
        let pair = Pair(identity: identity, content: content)
        if let index = Self.first(&byContent[pair], nextOfContent, isDelivered) {
            isDelivered[index] = true
            return .same(id: held[index].id, moved: held[index].row != row)
        }
        if let index = Self.first(&byIdentity[identity], nextOfIdentity, isDelivered) {
            isDelivered[index] = true
            return .changed(id: held[index].id)
        }
        // Nothing of the source was held or is reserved: rows are free and differ.
        if rowsAreFree { return .new(id: slot | row) }
        if taken.insert(row).inserted { return .new(id: slot | row) }
        while !taken.insert(nextFree).inserted { nextFree += 1 }
        return .new(id: slot | nextFree)
    }

    /// The position of a held feature.
    private func index(of feature: Int64) -> Int? {
        var (low, high) = (0, held.count)
        while low < high {
            let middle = (low + high) / 2
            if held[middle].id < feature { low = middle + 1 } else { high = middle }
        }
        return low < held.count && held[low].id == feature ? low : nil
    }

    /// The first of a list that was not delivered yet; the list is shortened to it.
    ///
    /// A method of the value would hold a second reference to the dictionary that
    /// the head is in, which would be copied whole for every record.
    private static func first(_ head: inout Int32?, _ next: [Int32], _ isDelivered: [Bool]) -> Int? {
        while let index = head, index != none {
            if !isDelivered[Int(index)] { return Int(index) }
            head = next[Int(index)]
        }
        return nil
    }
}
