// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A question after the nearest accepted words; nil when none is near.
func didYouMean(_ word: String, _ accepted: some Sequence<String>) -> String? {
    let near =
        accepted
        .map { (word: $0, distance: editDistance(word, $0)) }
        .filter { $0.distance <= max(1, min(3, word.utf8.count / 3)) }
        .sorted { ($0.distance, $0.word) < ($1.distance, $1.word) }
        .prefix(3)
        .map { "\"\($0.word)\"" }
    return near.isEmpty ? nil : "Did you mean \(near.joined(separator: " or "))?"
}

/// How many letters must be put in, taken out, changed or swapped with their
/// neighbour; at most the length of the longer word.
func editDistance(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first.lowercased().utf8.prefix(64)), Array(second.lowercased().utf8.prefix(64)))
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in 1...a.count {
        var row = [i]
        for j in 1...b.count {
            var best = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, before[j - 2] + 1) }
            row.append(best)
        }
        before = previous
        previous = row
    }
    return previous[b.count]
}
