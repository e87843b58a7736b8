// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import Seams
import SimpleFeatures
import Topology

/// Makes the deliveries of a layer that tiles meet: gaps and overlaps between
/// towns are found and repaired, after all sources are in the store.
///
/// What is done depends on the delivered borders alone, never on earlier repairs
/// or on the order of merges; and only what a change can reach is looked at.
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
        let names = Set(try transaction.sources().values.map(\.layer))
        for id in names.sorted() {
            guard let manifest = district.layers[id], manifest.tiles else { continue }
            // Repaired borders are whole millimetres.
            guard district.grid.precision == 0.001 else {
                found.append(.init(layer: id, obstacle: "Not looked at: the grid's precision is not 0.001 m."))
                continue
            }
            if let seams = try run(on: LayerSeaming(manifest, district, transaction)) { found.append(seams) }
        }
        return found
    }

    private func run(on layer: LayerSeaming) throws -> MergeReport.Seams? {
        let dirty = try transaction.touchedEnvelopes(of: layer.definition)
        let isWhole = try layer.settingsHaveChanged()
        guard isWhole || !dirty.isEmpty else { return nil }
        progress("\(layer.definition.id): where deliveries meet")
        let result: CoverageResult
        do {
            let seams = try CoverageSeams(rules: layer.rules)
            if try isWhole || dirty.count > layer.featureCount / 2 {
                result = try seams.repair(layer.all())
                try layer.apply(result, to: nil)
            } else {
                result = try seams.repair(around: dirty) { layer.features(meeting: $0) }
                try layer.rethrow()
                try layer.apply(result, to: result.considered)
            }
        } catch let error as TopologyError {
            throw MergingError(.system, "The seams of “\(layer.definition.id)” cannot be looked at: \(error)")
        }
        try layer.rememberSettings()
        try refuseMovement(result.movements, of: layer)
        return MergeReport.Seams(layer: layer.definition.id, result)
    }

    /// The longest list of features in a refusal.
    private static let listed = 20

    private func refuseMovement(_ movements: [BorderMovement], of layer: LayerSeaming) throws {
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
