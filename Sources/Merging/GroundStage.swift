// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Crypto
import DistrictStores
import Districts
import Foundation
import SimpleFeatures
import Verdicts

/// The ground that deliveries are judged by: what the sources of the layer
/// `towns` say now, each in the reference system that it declares.
///
/// It is made of `district.yaml` and of the files it names alone. Neither the
/// order of merges nor what the store happens to hold has a part in it, so a
/// first merge, a later one and merges of single sources judge alike. A source
/// of `towns` is judged by all the others.
struct GroundStage {
    static let layer = "towns"

    private let sources: [PreparedSource]
    private let options: Merger.Options
    private let limits: ReadingLimits
    private let cache: ReadingCache
    private var areas: [String: [ReferenceGround.Area]]?
    /// What all sources but those of towns get, packed once.
    private var whole: Data?

    /// A source of towns that cannot be prepared has no part in the ground.
    init(_ district: District, gridID: Int32, options: Merger.Options) {
        sources = district.sources.filter { $0.layer == Self.layer }.sorted { $0.id < $1.id }.compactMap {
            try? PreparedSource($0, in: district, gridID: gridID)
        }
        self.options = options
        limits = district.limits
        cache = ReadingCache(in: district.directory, layer: Self.layer)
    }

    /// Stands for the ground in fingerprints, before any of it is read.
    func digest(for source: SourceDefinition) -> String {
        var digest = SHA256()
        for prepared in sources where prepared.source.id != source.id {
            digest.update(data: Data("\(prepared.source.id):\(prepared.fingerprint)\n".utf8))
        }
        return digest.finalize().hexadecimal
    }

    /// The ground for one source, packed; nil when there is none. Reads the
    /// towns when it is asked for the first time.
    ///
    /// - Throws: `MergingError` when the machine failed or the merge is stopped;
    ///   a source of towns that is refused has no part in the ground.
    mutating func ground(for source: SourceDefinition) throws -> Data? {
        let all = try areas ?? read()
        areas = all
        let isTown = all[source.id] != nil
        if !isTown, let whole { return whole }
        let others = all.filter { $0.key != source.id }.sorted { $0.key < $1.key }.flatMap(\.value)
        guard !others.isEmpty else { return nil }
        let packed = GroundPacking.pack(others)
        if !isTown { whole = packed }
        return packed
    }

    private func read() throws -> [String: [ReferenceGround.Area]] {
        guard !sources.isEmpty else { return [:] }
        options.progress("towns")
        var found: [String: [ReferenceGround.Area]] = [:]
        try LayerReading(sources, options: options, limits: limits, cache: cache).forEachSource { prepared, frames in
            let areas = try frames.flatMap { try Self.areas(in: $0, of: prepared) }
            if !areas.isEmpty { found[prepared.source.id] = areas }
        }
        return found
    }

    private static func areas(in bytes: [UInt8], of prepared: PreparedSource) throws -> [ReferenceGround.Area] {
        try bytes.withUnsafeBytes { buffer in
            var reader = RecordFrameReader(buffer)
            var areas: [ReferenceGround.Area] = []
            while !reader.isAtEnd {
                let header = try reader.nextHeader()
                for _ in prepared.layer.schema.fields { _ = try reader.nextValue() }
                guard let geometry = try? GeoPackageGeometry.decode(header.geometry).geometry else { continue }
                var rings: [[Coordinate]] = []
                geometry.forEachCoordinates { rings.append($0) }
                areas.append(.init(town: prepared.source.town, rings: rings))
            }
            return areas
        }
    }
}
