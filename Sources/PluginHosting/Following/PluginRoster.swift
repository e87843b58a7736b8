// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import Synchronization

/// Keeps the set of plugins as the folders and the district's wishes are.
final class PluginRoster: Sendable {
    private struct State {
        var configuration: PluginHostConfiguration
        var current: PluginSet
        var hasStopped = false
    }

    /// What only the thread that changes the set needs.
    private struct Memory {
        /// Changes that were seen and have to last for a second, by library.
        var unsettled: [String: PluginSettling] = [:]
        /// The libraries that this process has loaded, by plugin id.
        var loadedHere: [String: String] = [:]
    }

    private let services: HostServices
    private let router: EventRouter
    /// Nil when none is kept, or there is no room for it.
    let journal: HostJournal?
    /// Nil unless this host serves the district.
    private let record: ServingRecord?
    private let state: Mutex<State>
    /// Held while the set is changed.
    private let memory = Mutex(Memory())

    init(_ configuration: PluginHostConfiguration, services: HostServices, router: EventRouter) {
        self.services = services
        self.router = router
        journal = HostJournal.opened(configuration, services)
        record =
            configuration.servesDistrict
            ? ServingRecord(stateFolder: configuration.stateFolder) { services.log("plugins", .warning, $0) } : nil
        state = Mutex(
            State(configuration: configuration, current: PluginSet([], version: 0, configuration: configuration)))
        memory.withLock { memory in
            var findings: [PluginOutcome] = []
            for sighting in configuration.folders.flatMap(PluginSighting.all) {
                findings.append(load(sighting, beside: findings, replacing: nil, configuration, &memory))
                // What was not looked at yet is not missing.
                record?.write(findings, findings.compactMap(\.description))
            }
            commit(findings)
        }
    }

    var current: PluginSet { state.withLock { $0.current } }

    var servesDistrict: Bool { state.withLock { $0.configuration.servesDistrict } }

    /// Folders that sentences may name: those of plugins, and the district's.
    var folders: [String] {
        let configuration = state.withLock { $0.configuration }
        let district = (configuration.stateFolder as NSString).deletingLastPathComponent
        return configuration.folders.map(\.path) + [district]
    }

    /// How reliable a plugin was, whether it runs or not; nil for one without an id.
    func reliability(of id: String) -> PluginReliability? {
        let (set, folder) = state.withLock { ($0.current, $0.configuration.stateFolder) }
        guard let plugin = set.plugins[id] else { return try? PluginReliability(of: id, stateFolder: folder) }
        return PluginReliability(
            figures: plugin.figures, ledger: CrashLedger(plugin: id, stateFolder: folder))
    }

    /// No plugin is loaded from now on.
    ///
    /// - Returns: those that run.
    func stop() -> [LoadedPlugin] {
        record?.close()
        return state.withLock { state in
            state.hasStopped = true
            return Array(state.current.plugins.values)
        }
    }

    /// Brings the set up to date. Each change is in effect at once, also when
    /// the next one takes long.
    ///
    /// - Returns: whether it is another one now.
    func follow(_ wished: PluginHostConfiguration?, at now: ContinuousClock.Instant) -> Bool {
        memory.withLock { memory in
            let (configuration, former, before) = state.withLock { state in
                let former = state.configuration
                if let wished { state.configuration = wished }
                return (state.configuration, former, state.current)
            }
            for plugin in before.plugins.values { plugin.writeQuarantine() }
            let sightings = PluginSettling.settled(before.findings, configuration, at: now, &memory.unsettled)
            var found = Dictionary(before.findings.map { ($0.library, $0) }) { first, _ in first }
            func commitNow() { commit(sightings.compactMap { found[$0.candidate.library] }) }

            let libraries = Set(sightings.map(\.candidate.library))
            let gone = before.findings.filter { !libraries.contains($0.library) }
            if !gone.isEmpty || former.plugins.map({ Set($0.keys) }) != configuration.plugins.map({ Set($0.keys) }) {
                commitNow()
                for finding in gone { end(finding) }
            }
            for sighting in sightings {
                let library = sighting.candidate.library
                let running = found.values.filter { $0.isRunning && libraries.contains($0.library) }
                if let finding = found[library], isUpToDate(finding, sighting, beside: running, configuration) {
                    continue
                }
                let finding = found[library]
                let next = successor(of: finding, sighting, beside: running, configuration, &memory)
                found[library] = next
                commitNow()
                if let finding, finding.plugin !== next.plugin { end(finding) }
            }
            return current.version != before.version
        }
    }

    /// Whether nothing has to be done about a library.
    private func isUpToDate(
        _ finding: PluginOutcome, _ sighting: PluginSighting, beside running: [PluginOutcome],
        _ configuration: PluginHostConfiguration
    ) -> Bool {
        guard finding.sighting.mark == sighting.mark else { return false }
        guard let id = finding.description?.id, let seen = finding.seen else { return true }
        guard seen == configuration.settings(of: id, sighting.candidate) else { return false }
        if finding.isTaken { return running.contains { $0.plugin?.manifest.id == id } }
        switch finding.error?.kind {
        case .quarantined:
            return PluginQuarantine(stateFolder: configuration.stateFolder).history(of: id) != nil
        case .denied: return finding.admissions == PluginAdmissions(stateFolder: configuration.stateFolder).mark
        default: return true
        }
    }

    /// What a library becomes when it or what the district says of it changed.
    private func successor(
        of finding: PluginOutcome?, _ sighting: PluginSighting, beside running: [PluginOutcome],
        _ configuration: PluginHostConfiguration, _ memory: inout Memory
    ) -> PluginOutcome {
        guard var finding, let plugin = finding.plugin else {
            return load(sighting, beside: running, replacing: nil, configuration, &memory)
        }
        let (id, version) = (plugin.manifest.id, plugin.manifest.version)
        finding.seen = configuration.settings(of: id, sighting.candidate)
        if finding.seen?.isWanted == false {
            finding.description = PluginDescription(
                plugin.manifest, id: id, library: finding.library, state: .off, hosting: finding.settings?.hosting)
            finding.plugin = nil
            return finding
        }
        if finding.isInProcess {
            finding.sighting = sighting
            finding.description?.note =
                "Its files or what the district says of it have changed; version \(version) goes on in this process "
                + "until the host starts next."
            return finding
        }
        let next = load(sighting, beside: running, replacing: finding, configuration, &memory)
        if let other = next.plugin {
            services.log(
                id, .info, "The plugin \(id) \(version) was replaced by \(other.manifest.id) \(other.manifest.version).")
            return next
        }
        finding.sighting = sighting
        let reason = next.error?.description ?? "It cannot be loaded."
        finding.description?.note = "Version \(version) goes on: \(reason)"
        services.log(id, .warning, "The plugin \(id) \(version) goes on. \(reason)")
        return finding
    }

    private func load(
        _ sighting: PluginSighting, beside others: [PluginOutcome], replacing predecessor: PluginOutcome?,
        _ configuration: PluginHostConfiguration, _ memory: inout Memory
    ) -> PluginOutcome {
        let libraries = others.compactMap { other in other.plugin.map { ($0.manifest.id, other.library) } }
        let loader = PluginLoader(
            configuration: configuration, services: services, publish: { [router] in router.route($0) },
            journal: journal)
        let finding = loader.load(
            sighting,
            PluginLoader.Surroundings(
                libraryOfID: Dictionary(libraries) { first, _ in first }, loadedHere: memory.loadedHere,
                predecessor: predecessor))
        if let plugin = finding.plugin, finding.settings?.hosting == .inProcess {
            memory.loadedHere[plugin.manifest.id] = finding.copy
        }
        return finding
    }

    private func commit(_ findings: [PluginOutcome]) {
        let (set, plugins) = state.withLock { state in
            state.current = PluginSet(
                findings, version: state.current.version + 1, configuration: state.configuration)
            return (state.current, state.hasStopped ? [] : findings.compactMap(\.plugin))
        }
        router.serve(plugins)
        record?.write(set.findings, set.descriptions)
    }

    /// Stops a plugin that is no longer in the set, in its own time: one that
    /// hangs keeps nobody waiting. Its library stays loaded.
    private func end(_ finding: PluginOutcome) {
        guard let plugin = finding.plugin else { return }
        let counts = servesDistrict
        Thread.detachNewThread { [services] in
            plugin.end { services.log(plugin.manifest.id, .error, $0) }
            if counts { plugin.writeFigures() }
        }
    }
}
