// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import ChildProcesses
import DistrictStores
public import Districts
public import Formats
import Foundation
import Projections
import SimpleFeatures
public import Verdicts

/// Judges which reference systems the layers of a file are in, in a child, for
/// people who look at a file before it is merged.
public enum JudgeJob: ChildJob {
    public static let name = "judge"

    /// Frames: verdicts by layer as JSON, or why there are none.
    static let answer: UInt8 = 1
    static let refusal: UInt8 = 2

    struct Request: Codable {
        var dataset: DatasetRequest
        var gridCRS: String
        var ground: Data?
        var lines: Data?
    }

    public static func run(request: [UInt8], channel: ChildChannel) throws {
        let request = try JSONDecoder().decode(Request.self, from: Data(request))
        do {
            let dataset = try Dataset(opening: request.dataset)
            let areas = try request.ground.map(GroundPacking.unpack) ?? []
            let lines = try request.lines.map(GroundPacking.unpack) ?? []
            let judge = try ReferenceJudge(
                ReferenceGround(gridCRS: request.gridCRS, areas: areas, lines: lines.flatMap(\.rings)))
            var verdicts: [String: ReferenceVerdict] = [:]
            for layer in dataset.layers {
                verdicts[layer.name] = judge.verdict(
                    on: ReferenceEvidence.sample(of: layer, in: dataset), claim: ReferenceEvidence.claim(of: layer))
            }
            try channel.send(kind: answer, payload: Array(JSONEncoder().encode(verdicts)))
        } catch {
            try channel.send(kind: refusal, payload: Array("\(error)".utf8))
        }
    }
}

/// The parent's side of `JudgeJob`: the known ground of a district.
public struct KnownGround {
    private let gridCRS: String
    private let ground: Data?
    private let lines: Data?

    /// Layers whose lines other deliveries may share, in the order in which they
    /// are taken until there are enough.
    private static let lineLayers = ["districts", "boundaries", "rivers", "railways", "roads"]
    private static let mostLineVertices = 40_000

    /// What the store of a district holds: the areas of its towns, and lines of
    /// other layers. Without a store numbers alone can be judged.
    public init(of district: District) {
        gridCRS = district.grid.crs
        guard let store = try? DistrictStore(opening: Merger.store(of: district)) else {
            (ground, lines) = (nil, nil)
            return
        }
        let areas = Self.rings(of: GroundStage.layer, in: store)
        ground = areas.isEmpty ? nil : GroundPacking.pack(areas)
        var found: [ReferenceGround.Area] = []
        var vertices = 0
        for layer in Self.lineLayers where vertices < Self.mostLineVertices {
            for area in Self.rings(of: layer, in: store, atMost: Self.mostLineVertices - vertices) {
                found.append(area)
                vertices += area.rings.reduce(0) { $0 + $1.count }
            }
        }
        lines = found.isEmpty ? nil : GroundPacking.pack(found)
    }

    /// Enough was read.
    private struct Enough: Error {}

    /// - Parameter limit: vertices from which on no further feature is read.
    private static func rings(
        of layer: String, in store: DistrictStore, atMost limit: Int = .max
    ) -> [ReferenceGround.Area] {
        var areas: [ReferenceGround.Area] = []
        var vertices = 0
        try? store.forEachFeature(in: layer) { feature in
            guard vertices < limit else { throw Enough() }
            guard let geometry = try? GeoPackageGeometry.decode(feature.geometry).geometry else { return }
            var rings: [[Coordinate]] = []
            geometry.forEachCoordinates { rings.append($0) }
            areas.append(.init(town: nil, rings: rings))
            vertices += rings.reduce(0) { $0 + $1.count }
        }
        return areas
    }

    /// The verdicts on the layers of a file, by their names; empty when it cannot
    /// be read, which inspecting it will say.
    ///
    /// - Throws: `ChildProcessesError` when no child can be started.
    /// - Thread: blocks, as `ChildProcess.run` does.
    public func verdicts(
        on dataset: DatasetRequest, isCancelled: () -> Bool = { false }
    ) throws -> [String: ReferenceVerdict] {
        let request = JudgeJob.Request(dataset: dataset, gridCRS: gridCRS, ground: ground, lines: lines)
        var verdicts: [String: ReferenceVerdict] = [:]
        _ = try ChildProcess.run(
            job: JudgeJob.name, request: Array(JSONEncoder().encode(request)), isCancelled: isCancelled
        ) { frame in
            guard frame.kind == JudgeJob.answer else { return }
            verdicts = try JSONDecoder().decode([String: ReferenceVerdict].self, from: Data(frame.payload))
        }
        return verdicts
    }
}
