// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Topology

/// Looks for features that break a rule between layers, as the map shows them
/// once seams are repaired. Nothing is changed for it.
struct RuleStage {
    private let district: District
    private let transaction: MergeTransaction
    private let progress: (String) -> Void

    init(_ district: District, _ transaction: MergeTransaction, progress: @escaping (String) -> Void) {
        self.district = district
        self.transaction = transaction
        self.progress = progress
    }

    /// - Returns: what was found before, and what is against a rule, by layer.
    func run(after seams: [MergeReport.Seams]) throws -> [MergeReport.Seams] {
        var found = seams
        let present = Set(try transaction.sources().values.map(\.layer))
        for id in present.sorted() {
            guard let manifest = district.layers[id] else { continue }
            do {
                let layer = try LayerChecking(manifest, district, transaction, present)
                guard let totals = try run(on: layer) else { continue }
                if let place = found.firstIndex(where: { $0.layer == id }) {
                    found[place].totals += totals
                } else {
                    found.append(.init(layer: id, rules: totals))
                }
            } catch let error as TopologyError {
                throw MergingError(.system, "The rules of “\(id)” cannot be looked at: \(error)")
            }
        }
        return found.sorted { $0.layer < $1.layer }
    }

    private func run(on layer: LayerChecking) throws -> [MergeReport.Seams.Total]? {
        guard !layer.rules.isEmpty else {
            try layer.clear()
            return nil
        }
        switch try layer.scope() {
        case .nothing: return nil
        case .all:
            progress("\(layer.definition.id): rules between layers")
            return try layer.check(nil)
        case .around(let ids):
            let totals = try layer.check(ids)
            // Which records are kept is decided among all of them.
            return try layer.isFull ? layer.check(nil) : totals
        }
    }
}
