// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Dispatch
import PluginMessages
import SwiftProtobuf

/// Checks a library, loads it and starts the plugin in it.
struct PluginLoader: Sendable {
    /// What else there is in the host.
    struct Surroundings: Sendable {
        /// The libraries of the plugins that run, by id.
        var libraryOfID: [String: String] = [:]
        /// The libraries that this process has ever loaded, by plugin id. None of
        /// them is ever closed.
        var loadedHere: [String: String] = [:]
        /// The plugin that came out of the same place and serves until its
        /// successor has started.
        var predecessor: PluginOutcome?
    }

    let configuration: PluginHostConfiguration
    let services: HostServices
    let publish: @Sendable (PluginEvent) -> Void
    /// Nil when none is kept, or there is no room for it.
    let journal: HostJournal?

    /// What becomes of a library.
    ///
    /// - Thread: blocks for up to five seconds, and for as long as the plugin
    ///   takes to start.
    func load(_ sighting: PluginSighting, _ surroundings: Surroundings) -> PluginOutcome {
        var finding = PluginOutcome(sighting: sighting)
        var manifest: WireManifest?
        var candidate = sighting.candidate
        do {
            candidate = try PluginCopies(stateFolder: configuration.stateFolder).copy(of: sighting)
            finding.copy = candidate.library
            manifest = try look(at: candidate)
            if let manifest { try check(manifest, candidate, surroundings) }
            if manifest.map({ configuration.wants($0.id) }) ?? true {
                try admit(candidate)
                finding.plugin = try open(candidate, known: &manifest, surroundings)
            }
            describe(&finding, manifest, candidate, finding.plugin == nil ? .off : .running)
        } catch let error as PluginHostingError {
            finding.error = candidate.named(error)
            finding.admissions = PluginAdmissions(stateFolder: configuration.stateFolder).mark
            finding.isTaken = manifest.map { isTaken($0, candidate, surroundings) != nil } ?? false
            if error.kind != .notAPlugin || candidate.mustBePlugin {
                describe(&finding, manifest, candidate, .refused(candidate.named(error).description))
            }
        } catch {
            finding.error = PluginHostingError(.failed, sighting.candidate.library, "\(error)")
            describe(&finding, manifest, candidate, .refused(String(describing: error)))
        }
        return finding
    }

    /// - Returns: nil when the district does not ask for the plugin, which was
    ///   not known before it was asked.
    private func open(
        _ candidate: PluginFolder.Candidate, known: inout WireManifest?, _ surroundings: Surroundings
    ) throws -> LoadedPlugin? {
        if let known { try checkQuarantine(of: known) }
        // The plugin cannot ask for anything before its id is known and its
        // desk stands.
        let reception = Reception()
        let knownID = known?.id
        var connection: any PluginConnection =
            switch hosting(of: knownID, candidate) {
            case .process: try process(knownID, of: candidate, receiver: reception)
            case .inProcess: try inProcess(known, candidate, receiver: reception)
            }
        let manifest = try firstWords(of: connection, candidate)
        known = manifest
        if manifest.id != knownID {
            try check(manifest, candidate, surroundings)
            guard configuration.wants(manifest.id) else { return nil }
            try checkQuarantine(of: manifest)
        }
        if let first = connection as? ProcessConnection {
            connection = try withinBudget(first, manifest.id, candidate, receiver: reception)
        }

        let log = PluginLog(plugin: manifest.id, services: services, mirror: connection as? JournaledConnection)
        let database = PluginDatabase(plugin: manifest.id, stateFolder: configuration.stateFolder)
        let desk = ServiceDesk(
            plugin: manifest.id, permissions: Permissions(manifest), services: log.guarding(services),
            database: database, auditLog: AuditLog(stateFolder: configuration.stateFolder), publish: publish)
        reception.hand(over: desk)
        let start = WirePluginRequest.OneOf_Call.start(startRequest(candidate))
        let reliability = ReliabilityLedger(plugin: manifest.id, stateFolder: configuration.stateFolder) {
            services.log(manifest.id, .warning, $0)
        }
        if let process = connection as? ProcessConnection {
            connection = try supervise(process, manifest, candidate, desk, start, log, reliability)
        }
        let former = surroundings.predecessor.flatMap { $0.description?.id == manifest.id ? $0 : nil }
        let takeover = try PluginTakeover(
            PluginVersions(plugin: manifest.id, stateFolder: configuration.stateFolder), to: manifest.version,
            predecessor: former?.plugin?.database, lastVersion: former?.plugin?.manifest.version)
        let budget = configuration.budget(of: manifest.id)
        do {
            let layers = try desk.collectLayers { () throws(PluginHostingError) in
                let (reply, seconds, _) = LoadedPlugin.measure(
                    start, over: connection, plugin: manifest.id, within: budget.start)
                if case .failure(let error) = reply {
                    throw PluginHostingError(
                        .failedToStart, manifest.id,
                        "The plugin \(manifest.id) is not loaded: it failed to start: \(error.description)")
                }
                reliability.count { $0.add(start, seconds: seconds, failed: false) }
            }
            takeover.finish()
            return LoadedPlugin(
                manifest: manifest, layers: layers, connection: connection,
                queue: DispatchQueue(label: "plugin.\(manifest.id)"), budget: budget,
                database: database, reliability: reliability)
        } catch {
            if let complaint = takeover.revert(closing: database) { services.log(manifest.id, .error, complaint) }
            throw error
        }
    }

    private func startRequest(_ candidate: PluginFolder.Candidate) -> WireStartRequest {
        var message = WireStartRequest()
        message.hostContractVersion = PluginContract.version
        message.hostVersion = configuration.hostVersion
        message.resourceFolder = candidate.resourceFolder ?? ""
        message.languages = configuration.languages
        return message
    }

    /// Whether a plugin can run beside what runs already.
    ///
    /// - Throws: for a manifest that says nothing usable, for an id that is taken,
    ///   and for another version of what is loaded in this process.
    private func check(
        _ manifest: WireManifest, _ candidate: PluginFolder.Candidate, _ surroundings: Surroundings
    ) throws(PluginHostingError) {
        let library = candidate.library
        try ManifestCheck.check(manifest, library: library)
        guard configuration.wants(manifest.id) else { return }
        if let other = isTaken(manifest, candidate, surroundings) {
            throw PluginHostingError(
                .invalid, library,
                "\(library) is not loaded: its id \(manifest.id) is taken by \(other); remove one of the two.")
        }
        try refuseInProcess(manifest.id, candidate)
        if let loaded = surroundings.loadedHere[manifest.id], loaded != library,
            hosting(of: manifest.id, candidate) == .inProcess
        {
            throw PluginHostingError(
                .postponed, library,
                "\(library) is not loaded yet: the plugin \(manifest.id) ran in this process before, and its library "
                    + "stays there; the new one is taken up when the host starts next.")
        }
    }

    /// The library that has the same id.
    private func isTaken(
        _ manifest: WireManifest, _ candidate: PluginFolder.Candidate, _ surroundings: Surroundings
    ) -> String? {
        guard let other = surroundings.libraryOfID[manifest.id], other != candidate.shownLibrary else {
            return nil
        }
        return other
    }

    private func describe(
        _ finding: inout PluginOutcome, _ manifest: WireManifest?, _ candidate: PluginFolder.Candidate,
        _ state: PluginDescription.State
    ) {
        finding.settings = manifest.map { configuration.settings(of: $0.id, candidate) }
        finding.seen = finding.settings
        var description = PluginDescription(
            manifest, id: finding.sighting.candidate.name, library: finding.library, state: state,
            hosting: finding.settings?.hosting, layers: finding.plugin?.layers ?? [])
        description.refusal = finding.error?.kind
        description.folder = candidate.resourceFolder
        finding.description = description
    }
}
