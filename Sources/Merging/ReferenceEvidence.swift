// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats
import Foundation
import Projections
import SimpleFeatures
import Verdicts

/// What the positions of a delivery say of its reference system, in the child
/// that reads it.
enum ReferenceEvidence {
    /// Records that the sample is chosen from: the first ones of the file.
    private static let mostRecords = 20_000
    private static let mostPositions = 2_000_000

    /// Enough was seen.
    private struct Enough: Error {}

    /// A bounded sample of a layer. What cannot be read has no part in it;
    /// reading the layer for good will say why.
    static func sample(of layer: LayerDescription, in dataset: Dataset) -> PositionSample {
        var sampler = PositionSampler()
        var records = 0
        var positions = 0
        _ = try? dataset.forEachFeature(in: layer.name) { raw in
            records += 1
            if let geometry = raw.geometry {
                positions += geometry.coordinateCount
                sampler.take(geometry)
            }
            if records >= mostRecords || positions >= mostPositions { throw Enough() }
        }
        return sampler.sample
    }

    /// What the file itself says.
    static func claim(of layer: LayerDescription) -> ReferenceClaim {
        guard let crs = layer.crs else { return .none }
        return ReferenceClaim(crs.isImpliedByFormat ? .format : .file, crs.authorityCode ?? crs.wkt)
    }

    /// The verdict on a source; nil when nothing can be said that was not said
    /// already: the district knows its towns nowhere, or what places the source
    /// cannot be used, which opening it will say.
    static func verdict(on job: SourceJob, _ layer: LayerDescription, in dataset: Dataset) throws -> ReferenceVerdict? {
        guard job.addresses == nil else { return nil }
        let claim: ReferenceClaim
        var isNorthFirst = false
        var placing: CoordinateTransform?
        switch job.reference {
        case .fitted, .shifted:
            let grid = try CoordinateReferenceSystem(parsing: job.gridCRS)
            guard let measured = try? MeasuredReference(job.reference, to: grid) else { return nil }
            claim = ReferenceClaim(.district, measured.name)
            placing = measured.transform
        case .declared(let definition, let axes):
            claim = ReferenceClaim(.district, definition)
            isNorthFirst = axes == .northFirst
        case .fromFile: claim = Self.claim(of: layer)
        }
        guard job.ground != nil || claim.origin == .nobody else { return nil }
        let areas = try job.ground.map(GroundPacking.unpack) ?? []
        let judge = try ReferenceJudge(ReferenceGround(gridCRS: job.gridCRS, areas: areas))
        var sample = sample(of: layer, in: dataset)
        if isNorthFirst { sample.positions = sample.positions.map { Coordinate(x: $0.y, y: $0.x) } }
        return judge.verdict(on: sample, claim: claim, town: job.town, placing: placing, isQuick: true)
    }
}
