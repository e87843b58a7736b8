// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TileMatrixSets

/// Asks plugins for the features of live layers, on threads of their own, so
/// that a slow plugin delays neither drawing nor HTTP.
final class LiveFeatures: Sendable {
    private struct Question: Hashable {
        var layer: String
        var address: TileAddress
        var time: Int64?
    }

    private let plugins: PluginGateway
    private let patience: Duration
    private let flights = FlightBoard<Question, [Feature]>()
    private let lanes = PluginLanes(queueBound: 256)
    private let breaker = LayerBreaker()

    init(plugins: PluginGateway, options: ServingOptions) {
        self.plugins = plugins
        patience = options.pluginPatience
    }

    /// Fills in the job's live features, or why there are none.
    func collect(for job: inout TileJob) async {
        let address = job.route.address
        let time = job.route.time
        let answers = await withTaskGroup(of: (String, Result<[Feature], any Error>).self) { group in
            for layer in job.layers {
                guard case .live(let plugin) = layer.content else { continue }
                // MapLibre's zoom is that of tiles with 512 pixels; a browser shows
                // a vector tile up to the next zoom.
                let zoom = job.route.format == .png(scale: 1) ? address.tileMatrix - 1 : address.tileMatrix
                guard Double(zoom + 1) > layer.minZoom else { continue }
                group.addTask {
                    do {
                        let features = try await self.ask(plugin, layer.id, address, zoom: zoom, time: time)
                        return (layer.id, .success(features))
                    } catch {
                        return (layer.id, .failure(error))
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (layer, result) in answers {
            switch result {
            case .success(let features): job.liveFeatures[layer] = features
            case .failure(let error): job.liveFailures[layer] = "\(error)"
            }
        }
    }

    func stop() {
        lanes.stop()
    }

    /// Begins anew with the plugins that there are.
    func forget(allBut plugins: Set<String>) {
        lanes.keep(plugins)
        breaker.forget()
    }

    private func ask(
        _ plugin: String, _ layer: String, _ address: TileAddress, zoom: Int, time: Int64?
    ) async throws -> [Feature] {
        try breaker.enter(layer)
        let question = Question(layer: layer, address: address, time: time)
        do {
            if let complaint = plugins.complaint(plugin) { throw TileServingError(.unavailable, complaint) }
            let lane = try lanes.lane(for: plugin)
            let features = try await flights.value(for: question, patience: patience) { [plugins] in
                try await lane.run { _ in
                    try plugins.features(
                        layer, WebMercatorGround.degrees(address, marginInTiles: 0.125), Double(max(0, zoom)), time)
                }
            }
            breaker.note(layer, failure: nil)
            return features
        } catch let error as CancellationError {
            breaker.note(layer, failure: "The question was given up.")
            throw error
        } catch {
            breaker.note(layer, failure: "\(error)")
            throw error
        }
    }
}
