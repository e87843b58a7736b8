// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Dispatch
import PluginMessages
import SwiftProtobuf

/// Finds libraries, checks them, loads them and starts the plugins in them.
struct PluginLoader {
    let configuration: PluginHostConfiguration
    let services: HostServices
    let publish: @Sendable (PluginEvent) -> Void
    /// Nil when none is kept, or there is no room for it.
    let journal: HostJournal?
    private(set) var loaded: [LoadedPlugin] = []
    private(set) var descriptions: [PluginDescription] = []
    /// Why libraries were passed over that nobody said are plugins.
    private var passedOver: [PluginHostingError] = []

    init(
        _ configuration: PluginHostConfiguration, services: HostServices,
        publish: @escaping @Sendable (PluginEvent) -> Void
    ) {
        self.configuration = configuration
        self.services = services
        self.publish = publish
        journal = HostJournal.opened(configuration, services)
        for folder in configuration.folders {
            for candidate in folder.candidates() { load(candidate) }
        }
        reportMissing()
    }

    private mutating func load(_ candidate: PluginFolder.Candidate) {
        var manifest: WireManifest?
        do {
            manifest = try look(at: candidate)
            if let manifest {
                guard try isWanted(manifest, candidate) else { return }
            }
            try admit(candidate)
            try open(candidate, known: &manifest)
        } catch let error as PluginHostingError {
            if error.kind == .notAPlugin && !candidate.mustBePlugin {
                passedOver.append(error)
            } else {
                describe(manifest, candidate, .refused(error.description))
            }
        } catch {
            describe(manifest, candidate, .refused(String(describing: error)))
        }
    }

    private mutating func open(_ candidate: PluginFolder.Candidate, known: inout WireManifest?) throws {
        if let known { try checkQuarantine(of: known) }
        // The plugin cannot ask for anything before its id is known and its
        // desk stands.
        let reception = Reception()
        var connection: any PluginConnection =
            switch hosting(of: known?.id, candidate) {
            case .process: try process(of: candidate, receiver: reception)
            case .inProcess: try inProcess(known, candidate, receiver: reception)
            }
        var describe = WirePluginRequest()
        describe.describe = WireDescribeRequest()
        let answer = try firstWords(of: connection, to: try describe.serializedBytes(), candidate)
        let manifest = try WirePluginReply(serializedBytes: answer).describe
        let isProbed = known != nil
        known = manifest
        if !isProbed {
            guard try isWanted(manifest, candidate) else { return }
            try checkQuarantine(of: manifest)
        }

        let log = PluginLog(plugin: manifest.id, services: services, mirror: connection as? JournaledConnection)
        let database = PluginDatabase(plugin: manifest.id, stateFolder: configuration.stateFolder)
        let desk = ServiceDesk(
            plugin: manifest.id, permissions: Permissions(manifest), services: log.guarding(services),
            database: database, auditLog: AuditLog(stateFolder: configuration.stateFolder), publish: publish)
        reception.hand(over: desk)
        var message = WireStartRequest()
        message.hostContractVersion = PluginContract.version
        message.hostVersion = configuration.hostVersion
        message.resourceFolder = candidate.resourceFolder ?? ""
        message.languages = configuration.languages
        let start = WirePluginRequest.OneOf_Call.start(message)
        if let process = connection as? ProcessConnection {
            connection = try supervise(process, manifest, candidate, desk, start, log)
        }
        var statistics = CallStatistics()
        let layers = try desk.collectLayers { () throws(PluginHostingError) in
            let (reply, seconds, bytes) = LoadedPlugin.measure(
                start, over: connection, plugin: manifest.id, within: configuration.budget.start)
            statistics.add(seconds: seconds, bytes: bytes, failure: nil)
            if case .failure(let error) = reply {
                throw PluginHostingError(
                    .failedToStart, manifest.id,
                    "The plugin \(manifest.id) is not loaded: it failed to start: \(error.description)")
            }
        }
        loaded.append(
            LoadedPlugin(
                manifest: manifest, layers: layers, connection: connection,
                queue: DispatchQueue(label: "plugin.\(manifest.id)"), budget: configuration.budget,
                database: database, statistics: statistics))
        self.describe(manifest, candidate, .running, layers: layers)
    }

    /// Whether the district asks for the plugin, which is written down when not.
    ///
    /// - Throws: for an id that is none or is taken, and for a hosting mode that
    ///   there is not.
    private mutating func isWanted(
        _ manifest: WireManifest, _ candidate: PluginFolder.Candidate
    ) throws(PluginHostingError) -> Bool {
        let library = candidate.library
        try ManifestCheck.check(manifest, library: library)
        if let other = descriptions.first(where: { $0.id == manifest.id && $0.state == .running }) {
            throw PluginHostingError(
                .invalid, library,
                "\(library) is not loaded: its id \(manifest.id) is taken by \(other.library); remove one of the two.")
        }
        try refuseInProcess(manifest.id, candidate)
        guard let plugins = configuration.plugins else { return true }
        guard plugins.keys.contains(manifest.id) else {
            describe(manifest, candidate, .off)
            return false
        }
        return true
    }

    /// Plugins that the district asks for and that no library offered.
    private mutating func reportMissing() {
        for id in (configuration.plugins ?? [:]).keys.sorted() where !descriptions.contains(where: { $0.id == id }) {
            let places = configuration.folders.map(\.path).joined(separator: ", ")
            // A library of that name that was passed over is the likely cause.
            let cause = passedOver.first { $0.subject.lowercased().contains("lib\(id).so") }
            let sentence =
                cause?.description ?? "The plugin \(id), which the district asks for, was not found in \(places)."
            descriptions.append(
                PluginDescription(nil, id: id, library: "", state: .refused(sentence), hosting: nil))
        }
    }

    private mutating func describe(
        _ manifest: WireManifest?, _ candidate: PluginFolder.Candidate, _ state: PluginDescription.State,
        layers: [LiveLayer] = []
    ) {
        let library = candidate.library
        let hosting = manifest.map { self.hosting(of: $0.id, candidate) }
        let file = candidate.isCommand ? candidate.resourceFolder ?? library : library
        let name = file.split(separator: "/").last.map(String.init) ?? file
        descriptions.append(
            PluginDescription(manifest, id: name, library: library, state: state, hosting: hosting, layers: layers))
    }
}
