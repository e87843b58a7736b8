// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import Seams
import SimpleFeatures
import Topology

/// Makes the deliveries of a layer meet, after all sources are in the store:
/// gaps and overlaps between towns, ends of roads and rivers, and things that two
/// towns delivered are found and repaired.
///
/// What is done depends on what was delivered alone, never on earlier repairs or
/// on the order of merges; and only what a change can reach is looked at.
struct SeamStage {
    private let district: District
    private let transaction: MergeTransaction
    private let progress: (String) -> Void

    init(_ district: District, _ transaction: MergeTransaction, progress: @escaping (String) -> Void) {
        self.district = district
        self.transaction = transaction
        self.progress = progress
    }

    /// - Returns: what was found in each layer that was looked at.
    /// - Throws: `MergingError` when borders would move farther than the district
    ///   allows.
    func run() throws -> [MergeReport.Seams] {
        var found: [MergeReport.Seams] = []
        try transaction.removeSeamRecordsOfEmptyLayers()
        let names = Set(try transaction.sources().values.map(\.layer))
        let manifests = names.sorted().compactMap { district.layers[$0] }
        var ground: TownGround?
        // Ends of lines are compared with the borders of towns, once these are repaired.
        for manifest in manifests.filter(\.tiles) + manifests.filter({ !$0.tiles }) {
            let layer = try SeamLayer(manifest, district, transaction)
            guard manifest.tiles || manifest.seams.ends != nil || manifest.seams.twins != nil else {
                try layer.clear()
                continue
            }
            if let seams = try run(on: layer, &ground) { found.append(seams) }
        }
        return found.sorted { $0.layer < $1.layer }
    }

    private func run(on layer: SeamLayer, _ known: inout TownGround?) throws -> MergeReport.Seams? {
        if let limits = layer.manifest.seams.ends {
            let ground = try known ?? TownGround(district, transaction)
            known = ground
            let seams = try run(
                LineSeaming(layer, limits, ground: ground), anew: transaction.hasTouched(GroundStage.layer))
            try ground.rethrow()
            return seams
        }
        if let limits = layer.manifest.seams.twins { return try run(TwinSeaming(layer, limits), anew: false) }
        return try run(CoverageSeaming(layer), anew: false)
    }

    /// - Parameter anew: whether something else that decides has changed.
    private func run(_ seaming: some LayerSeaming, anew: Bool) throws -> MergeReport.Seams? {
        let layer = seaming.layer
        let dirty = try transaction.touchedEnvelopes(of: layer.definition)
        let isWhole = try anew || layer.settingsHaveChanged(rules: seaming.rules)
        guard isWhole || !dirty.isEmpty else { return nil }
        progress("\(layer.definition.id): where deliveries meet")
        var outcome: SeamOutcome
        do {
            if try isWhole || layer.wasCapped || dirty.count > layer.featureCount / 2 {
                outcome = try seaming.whole()
            } else {
                outcome = try seaming.around(dirty)
            }
            try layer.rethrow()
            try layer.apply(outcome, to: outcome.considered)
            if outcome.considered != nil, try layer.isFull {
                // Which records are kept is decided among all of them, as the store
                // has them now.
                _ = try transaction.touchedEnvelopes(of: layer.definition)
                outcome = try seaming.whole()
                try layer.rethrow()
                try layer.apply(outcome, to: nil)
            }
        } catch let error as TopologyError {
            throw MergingError(.system, "The seams of “\(layer.definition.id)” cannot be looked at: \(error)")
        }
        try layer.rememberSettings(rules: seaming.rules, isCapped: layer.isFull)
        try refuseMovement(outcome.movements, of: layer)
        return MergeReport.Seams(layer: layer.definition.id, outcome)
    }

    /// The longest list of features in a refusal.
    private static let listed = 20

    private func refuseMovement(_ movements: [MovementRecord], of layer: SeamLayer) throws {
        let limits = district.movement
        let over = movements.filter { movement in
            let area = max(movement.areaGiven, movement.areaTaken)
            return limits.shift.map { movement.largestShift > $0 } ?? false || limits.area.map { area > $0 } ?? false
        }
        guard !over.isEmpty else { return }
        let list = over.prefix(Self.listed).map { movement in
            "  \(layer.name(of: movement.feature)): \(movement.largestShift.rounded(toPlaces: 3)) m, "
                + "\(movement.areaGiven.rounded(toPlaces: 2)) m² given, \(movement.areaTaken.rounded(toPlaces: 2)) m² taken"
        }
        let more = over.count > Self.listed ? ["  and \(over.count - Self.listed) more"] : []
        throw MergingError(
            .movementRefused,
            """
            The merge is refused: the borders of \(MergeReport.count(over.count, "feature")) of \
            “\(layer.definition.id)” would move farther than district.yaml allows (movement:). Nothing was changed.
            \((list + more).joined(separator: "\n"))
            """)
    }
}
