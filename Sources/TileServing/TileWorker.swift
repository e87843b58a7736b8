// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing
import Rendering
import TileMatrixSets

/// What a drawing thread owns: a drawing engine that keeps its memory from tile
/// to tile.
final class TileWorker {
    private let renderer = TileRenderer()

    /// Draws a job's tile in its format.
    static func draw(_ job: TileJob, with worker: TileWorker) throws -> ServedTile {
        try worker.tile(for: job)
    }

    private func tile(for job: TileJob) throws -> ServedTile {
        var contents: [String: LayerContent] = [:]
        var failures = job.liveFailures
        for layer in job.layers {
            switch layer.content {
            case .snapshot(let snapshot): contents[layer.id] = .snapshot(snapshot)
            case .live: contents[layer.id] = job.liveFeatures[layer.id].map { .features($0) }
            case .failed(let reason): failures[layer.id] = reason
            }
        }
        switch job.route.format {
        case .png(let scale):
            let picture = try renderer.renderPNG(
                style: job.map.style, layers: contents, address: job.route.address, tileSize: 256 * scale,
                labels: job.map.labels)
            var record = TileRecord(picture.layers, failures: failures)
            record.notDrawn = picture.notDrawn
            return ServedTile(bytes: picture.png, record: record, lifetime: job.lifetime, isCompressed: false)
        case .vector, .record:
            // A browser shows the tile up to the next zoom; what begins later
            // than that need not be in it.
            let wanted = job.layers.filter { $0.minZoom < Double(job.route.address.tileMatrix + 1) }
            let shown = contents.filter { content in wanted.contains { $0.id == content.key } }
            let tile = try renderer.renderVectorTile(layers: shown, address: job.route.address)
            var record = TileRecord(tile.layers, failures: failures)
            for layer in wanted where !record.wanted.contains(layer.id) {
                record.wanted.append(layer.id)
                record.failed.append(.init(layer: layer.id, reason: failures[layer.id] ?? "It has no data here."))
            }
            return ServedTile(
                bytes: try Deflate.compress(tile.bytes, format: .gzip, level: 6), record: record,
                lifetime: job.lifetime, isCompressed: true)
        }
    }
}

extension TileRecord {
    /// - Parameter failures: Why layers could not be handed to the engine, by
    ///   id; the engine itself only knows that they were missing.
    fileprivate init(_ layers: [TileLayerRecord], failures: [String: String]) {
        wanted = layers.map(\.layer)
        for layer in layers {
            switch layer.outcome {
            case .drawn(let version): drawn.append(Drawn(layer: layer.layer, dataVersion: version))
            case .failed(let reason):
                failed.append(Failed(layer: layer.layer, reason: failures[layer.layer] ?? reason))
            }
        }
    }
}
