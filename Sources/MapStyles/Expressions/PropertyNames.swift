// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The names of the attributes that a style reads, each with its slot. A
/// layer's columns are matched with slots once, so that evaluating an
/// expression never looks a name up.
struct PropertyNames: Sendable {
    private(set) var names: [String] = []
    private var slots: [String: Int] = [:]

    mutating func slot(of name: String) -> Int {
        if let slot = slots[name] { return slot }
        slots[name] = names.count
        names.append(name)
        return names.count - 1
    }

    /// The column of each slot; −1 where there is no such column.
    ///
    /// - Complexity: O(*n* · *m*) in names and columns, of which there are few.
    func columns(in columns: [String]) -> [Int] {
        names.map { columns.firstIndex(of: $0) ?? -1 }
    }
}
