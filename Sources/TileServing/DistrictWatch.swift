// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import Logging
import PluginHosting
import ServiceLifecycle

/// Runs beside the server: looks once a second whether the district or its
/// plugins changed, and gives plugins their ticks.
struct DistrictWatch: Service {
    let site: MapSite
    let preparation: CataloguePreparation
    let host: PluginHost?
    let configuration: DistrictServer.PluginWishes?
    let logger: Logger
    // Looking and cutting block; ticks run on a thread of their own, so that a
    // plugin that hangs does not keep new data off the map.
    private let lookout = RenderingPool<Void>(threads: 1, queueBound: 4) { () }
    private let ticker = RenderingPool<Void>(threads: 1, queueBound: 4) { () }
    // A plugin may take half a minute to start.
    private let follower = RenderingPool<Void>(threads: 1, queueBound: 4) { () }

    init(
        site: MapSite, preparation: CataloguePreparation, host: PluginHost?,
        configuration: DistrictServer.PluginWishes? = nil, logger: Logger
    ) {
        self.site = site
        self.preparation = preparation
        self.host = host
        self.configuration = configuration
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await watch() }
                group.addTask { await tick() }
                group.addTask { await follow() }
            }
        }
        lookout.stop()
        ticker.stop()
        follower.stop()
    }

    private func follow() async {
        guard let host else { return }
        var known = preparation.descriptionStamp
        while await sleep() {
            let stamp = preparation.descriptionStamp
            let isNew = stamp != known
            known = stamp
            let changed = try? await follower.run { [preparation, configuration] _ in
                // A file with a mistake in it leaves everything as it is; the
                // watch says so.
                let district = isNew ? try? District.load(from: preparation.folder) : nil
                return host.follow(district.flatMap { configuration?($0) })
            }
            guard changed == true else { continue }
            site.forgetPlugins(allBut: Set(host.descriptions.filter { $0.state == .running }.map(\.id)))
        }
    }

    private func watch() async {
        var known = try? await lookout.run { _ in try preparation.state() }
        while await sleep() {
            // Between a merge's rename and its end the store may not be readable;
            // the next look finds it.
            guard let state = try? await lookout.run({ _ in try preparation.state() }), state != known else { continue }
            known = state
            do {
                let catalogue = try await lookout.run { _ in try preparation.freshCatalogue() }
                site.shelf.catalogue = catalogue
                site.tiles.forget()
                logger.info("The map shows the district as it is now.")
                for problem in catalogue.problems { logger.warning("\(problem)") }
            } catch {
                logger.error("The district changed and cannot be read; the map stays as it was. \(error)")
            }
        }
    }

    private func tick() async {
        guard let host else { return }
        while await sleep() {
            try? await ticker.run { _ in
                host.tick(now: Int64(Date().timeIntervalSince1970 * 1000))
                host.countServedTime()
            }
        }
    }

    /// Waits a second; `false` when the server is stopping.
    private func sleep() async -> Bool {
        do {
            try await Task.sleep(for: .seconds(1))
            return true
        } catch {
            return false
        }
    }
}
