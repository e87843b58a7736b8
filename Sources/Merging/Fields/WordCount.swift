// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores

/// Counts the words of a field that no code was given for.
struct WordCount {
    /// Times of all words together.
    private(set) var total = 0
    private var counts: [String: Int] = [:]

    /// Distinct words that are kept in memory, whatever a file holds; of more,
    /// the later ones are in `total` only.
    private static let distinctWords = 10_000
    /// Longer ones are no words and are counted by how they begin.
    private static let longestWord = 100
    /// Words that are listed for one field.
    private static let listedWords = 50

    mutating func note(_ word: String) {
        total += 1
        let word = word.count > Self.longestWord ? "\(word.prefix(Self.longestWord))…" : word
        if counts[word] == nil, counts.count >= Self.distinctWords { return }
        counts[word, default: 0] += 1
    }

    /// The most frequent ones.
    var words: [SourceRecord.FieldCoverage.Word] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.listedWords)
            .map { .init($0.key, count: $0.value) }
    }
}
