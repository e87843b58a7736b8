// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Compressing
import Rendering

/// What a drawing thread owns: the drawing engine and the compressor for
/// vector tiles. Both keep their memory from tile to tile.
final class TileWorker {
    private let renderer = TileRenderer()

    /// Draws a job's tile in its format.
    static func draw(_ job: TileJob, with worker: TileWorker) throws -> ServedTile {
        try worker.tile(for: job)
    }

    private func tile(for job: TileJob) throws -> ServedTile {
        var record = TileRecord(wanted: job.layers.map(\.id))
        var contents: [String: LayerContent] = [:]
        for layer in job.layers {
            switch layer.content {
            case .snapshot(let snapshot):
                contents[layer.id] = .snapshot(snapshot)
                record.drawn.append(.init(layer: layer.id, dataVersion: layer.dataVersion))
            case .live:
                if let reason = job.liveFailures[layer.id] {
                    record.failed.append(.init(layer: layer.id, reason: reason))
                } else {
                    // Absent below the layer's first zoom, where it has nothing to show.
                    contents[layer.id] = .features(job.liveFeatures[layer.id] ?? [])
                    record.drawn.append(.init(layer: layer.id, dataVersion: "live"))
                }
            case .failed(let reason):
                record.failed.append(.init(layer: layer.id, reason: reason))
            }
        }
        switch job.route.format {
        case .png(let scale):
            let picture = try renderer.renderPNG(
                style: job.map.style, layers: contents, address: job.route.address, tileSize: 256 * scale)
            return ServedTile(bytes: picture.png, record: record, lifetime: job.lifetime, isCompressed: false)
        case .vector, .record:
            let bytes = try renderer.renderMVT(layers: contents, address: job.route.address)
            return ServedTile(
                bytes: try Deflate.compress(bytes, format: .gzip, level: 6), record: record, lifetime: job.lifetime,
                isCompressed: true)
        }
    }
}
