// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores

/// Puts deliveries of one thing together: twins, and features of one key where the
/// same town or a source of the whole district delivers them.
struct FigureGroups {
    /// Each in the order of ids; the lowest ids first.
    private(set) var groups: [[FigureMember]] = []

    /// - Parameters:
    ///   - members: in the order of ids.
    ///   - towns: the town of each source; nil where it covers the whole district.
    ///   - keys: the fields by which each source knows features; empty for none.
    init(_ members: [FigureMember], towns: [String: String], keys: [String: [String]]) {
        var leader = Array(members.indices)
        func root(_ index: Int) -> Int {
            var index = index
            while leader[index] != index { index = leader[index] }
            return index
        }
        func join(_ one: Int, _ two: Int) {
            let (a, b) = (root(one), root(two))
            leader[max(a, b)] = min(a, b)
        }
        let places = Dictionary(members.indices.map { (members[$0].id, $0) }) { first, _ in first }
        for (index, member) in members.enumerated() {
            if let kept = member.kept.flatMap({ places[$0] }) { join(index, kept) }
        }
        var known: [Known: [Int]] = [:]
        for (index, member) in members.enumerated() {
            guard let key = keys[member.source], !key.isEmpty else { continue }
            known[Known(key: key, identity: member.identity), default: []].append(index)
        }
        for indices in known.values {
            let byTown = Dictionary(grouping: indices) { towns[members[$0].source] }
            for (town, indices) in byTown where town != nil { for index in indices { join(indices[0], index) } }
            // A name that several towns have says nothing of which one is meant.
            guard byTown.keys.filter({ $0 != nil }).count <= 1, byTown[nil] != nil else { continue }
            for index in indices { join(indices[0], index) }
        }
        groups = Dictionary(grouping: members.indices, by: root).sorted { $0.key < $1.key }
            .map { $0.value.map { members[$0] } }
            .filter { Set($0.map(\.source)).count > 1 }
    }

    private struct Known: Hashable {
        var key: [String]
        var identity: Int64
    }
}
