// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import PluginMessages
import SwiftProtobuf

/// Plugins in processes of their own.
extension PluginLoader {
    /// Where a plugin runs: as the district says, else as its folder says.
    func hosting(of id: String?, _ candidate: PluginFolder.Candidate) -> PluginHostConfiguration.Hosting {
        if candidate.isCommand { return .process }
        guard let id, let wish = configuration.plugins?[id] else { return candidate.hosting }
        return wish ?? candidate.hosting
    }

    /// A child that has loaded the library and not yet started the plugin.
    func process(
        _ id: String?, of candidate: PluginFolder.Candidate, receiver: any HostCallReceiver
    ) throws(PluginHostingError) -> ProcessConnection {
        try ProcessConnection(
            library: candidate.library, executable: configuration.probe.executable,
            limits: configuration.budget(of: id).childLimits, receiver: receiver)
    }

    /// The process with the ceilings that the district gives the plugin. A command
    /// says its id only when it runs, under the usual ones: then another process
    /// takes the place of the first, since ceilings can only be lowered.
    func withinBudget(
        _ first: ProcessConnection, _ id: String, _ candidate: PluginFolder.Candidate, receiver: any HostCallReceiver
    ) throws(PluginHostingError) -> ProcessConnection {
        guard first.limits != configuration.budget(of: id).childLimits else { return first }
        first.end(because: "made way for one with the ceilings of the plugin \(id)")
        return try process(id, of: candidate, receiver: receiver)
    }

    /// Refuses a plugin that crashed too often, or took the host with it.
    ///
    /// - Throws: `.quarantined`.
    func checkQuarantine(of manifest: WireManifest) throws(PluginHostingError) {
        guard let history = PluginQuarantine(stateFolder: configuration.stateFolder).history(of: manifest.id) else {
            return
        }
        throw PluginHostingError(
            .quarantined, manifest.id,
            "The plugin \(manifest.id) is not loaded: it \(history.quarantineClause(manifest.id))")
    }

    /// Puts a process under supervision: its crashes are written down, and
    /// another takes its place.
    ///
    /// - Throws: when its first call cannot be put into bytes.
    func supervise(
        _ process: ProcessConnection, _ manifest: WireManifest, _ candidate: PluginFolder.Candidate,
        _ desk: ServiceDesk, _ start: WirePluginRequest.OneOf_Call, _ log: PluginLog, _ reliability: ReliabilityLedger
    ) throws -> SupervisedConnection {
        let ledger = CrashLedger(plugin: manifest.id, stateFolder: configuration.stateFolder)
        let subject = CrashSubject(manifest, library: candidate.shownLibrary, hosting: .process)
        var message = WirePluginRequest()
        message.call = start
        let request: [UInt8] = try message.serializedBytes()
        let executable = configuration.probe.executable
        let (budget, services) = (configuration.budget(of: manifest.id), services)
        let limits = budget.childLimits
        return SupervisedConnection(
            process, plugin: manifest.id, savedHistory: { ledger.history }, save: { try? ledger.save($0) },
            launch: { () throws(PluginHostingError) in
                let next = try ProcessConnection(
                    library: candidate.library, executable: executable, limits: limits, receiver: desk)
                _ = try desk.collectLayers { () throws(PluginHostingError) in
                    _ = try next.call(request, within: budget.start)
                }
                services.log(manifest.id, .warning, "The plugin \(manifest.id) was started again in a new process.")
                return next
            },
            onCrash: { crash in
                reliability.count { $0.crashes += 1 }
                let card = crash.card(of: subject, log: log.lines)
                do {
                    let path = try CrashFile.write(card, crash.death.crash, history: crash.history, in: ledger)
                    services.log(
                        manifest.id, .error,
                        "The process of the plugin \(manifest.id) \(card.cause). What is known of it: \(path)")
                } catch {
                    services.log(
                        manifest.id, .error,
                        "The process of the plugin \(manifest.id) \(card.cause), and that could not be written down: "
                            + "\(error.localizedDescription)")
                }
            })
    }
}

extension SupervisedConnection.Crash {
    /// The card, without what takes time.
    func card(of subject: CrashSubject, log: [String]) -> CrashCard {
        var card = CrashCard(
            subject, time: Date(), cause: death.clause, report: death.crash, request: request,
            requestBytes: request.count, log: log, output: death.diagnostics,
            peakMemoryBytes: death.usage?.peakMemoryBytes ?? 0)
        card.call = WirePluginRequest.OneOf_Call.summary(of: request)
        return card
    }
}

extension CallBudget {
    /// What a plugin's process may use. It lives as long as the host.
    var childLimits: ChildLimits {
        ChildLimits(
            cpuSeconds: Int(Int32.max), wallSeconds: Int(Int32.max), addressSpaceBytes: addressSpaceBytes,
            // Files in memory are no part of the address space: this keeps them, too,
            // within bounds. The largest answer is the largest that anybody needs.
            fileBytes: PluginContract.maxReplyBytes, openFiles: 64,
            frameBytes: PluginContract.maxReplyBytes + PluginFrame.headBytes)
    }
}

extension PluginProbe {
    /// The program whose children host plugins; nil: the one that is running.
    var executable: String? {
        if case .child(let executable) = self { executable } else { nil }
    }
}
