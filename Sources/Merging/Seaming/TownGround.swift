// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Seams
import SimpleFeatures
import Topology

/// The towns' own ground as the store has it, seams repaired.
final class TownGround {
    private struct Area {
        var owner: Int64
        var geometry: Geometry
    }

    private let areas: [Area]
    private let index: EnvelopeIndex
    private let engine: TopologyEngine
    private var failure: (any Error)?

    /// - Throws: what reading the store throws, and `.library` when GEOS has no memory.
    init(_ district: District, _ transaction: MergeTransaction) throws {
        engine = try TopologyEngine()
        var areas: [Area] = []
        let sources = try transaction.sources()
        if let manifest = district.layers[GroundStage.layer],
            sources.values.contains(where: { $0.layer == manifest.id })
        {
            for feature in try transaction.present(of: LayerDefinition(manifest)) {
                let town = sources[feature.source]?.town
                areas.append(
                    Area(owner: SeamLayer.owner(ofTown: town, source: feature.source), geometry: feature.geometry))
            }
        }
        self.areas = areas
        index = EnvelopeIndex(areas.map(\.geometry.envelope))
    }

    /// Whether the ground of another town begins so near to a place.
    func isAtBorder(_ place: Coordinate, of owner: Int64, within distance: Double) -> Bool {
        let point = Geometry.point(Point(place))
        return index.search(point.envelope.expanded(by: distance)).contains { number in
            guard areas[number].owner != owner else { return false }
            do {
                return try engine.distance(point, areas[number].geometry) <= distance
            } catch {
                failure = failure ?? error
                return false
            }
        }
    }

    func rethrow() throws {
        if let failure { throw failure }
    }
}
