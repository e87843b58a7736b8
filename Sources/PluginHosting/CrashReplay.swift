// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import GRDB
import PluginMessages
import SwiftProtobuf

/// Makes the call of a crash card again, in a confined child and with a copy of
/// what the plugin held, so that it changes nothing.
public struct CrashReplay: Sendable {
    /// What became of the call.
    public enum Outcome: Sendable {
        /// It crashed as on the card.
        case same(CrashCard)
        /// It crashed in another way.
        case another(CrashCard)
        /// It came back; the sentence is the plugin's own when it refused.
        case none(String?)
    }

    private let card: CrashCard
    private let stateFolder: String
    private let configuration: PluginHostConfiguration
    private let resourceFolder: String

    /// Looks at a card.
    ///
    /// - Parameters:
    ///   - file: the card, in the `crashes` folder of a state folder; elsewhere,
    ///     the plugin is taken to hold what it does in that of the configuration.
    ///   - configuration: of the district.
    ///   - anyway: also when another build of the library is there now.
    /// - Throws: `.invalid` for a file that is no card or holds no call, and for a
    ///   library that has gone or is another than the one that crashed.
    public init(
        card file: String, configuration: PluginHostConfiguration, anyway: Bool
    ) throws(PluginHostingError) {
        card = try CrashCard.read(file)
        let folder = URL(fileURLWithPath: file).standardizedFileURL.deletingLastPathComponent()
        stateFolder =
            folder.lastPathComponent == "crashes" ? folder.deletingLastPathComponent().path : configuration.stateFolder
        self.configuration = configuration
        let library = card.library
        guard FileManager.default.fileExists(atPath: library) else {
            throw PluginHostingError(.invalid, library, "The library of the card, \(library), is not there any more.")
        }
        guard PluginContract.isIdentifier(card.plugin) else {
            throw PluginHostingError(.invalid, file, "\(file) names no plugin, and is no crash card.")
        }
        let installed = (try? ELFFile(path: library).buildID) ?? ""
        guard anyway || installed == card.buildID else {
            throw PluginHostingError(
                .invalid, library,
                "\(library) is another build (\(installed)) than the one that crashed (\(card.buildID)); "
                    + "--anyway replays the call with it.")
        }
        guard !card.request.isEmpty || card.call == "load" else {
            throw PluginHostingError(
                .invalid, file, "\(file) tells of a crash between two calls: there is no call to make again.")
        }
        guard card.requestBytes == card.request.count else {
            throw PluginHostingError(
                .invalid, file,
                "\(file) has only the first \(card.request.count) of the \(card.requestBytes) bytes of its call.")
        }
        let candidates = configuration.folders.lazy.flatMap { $0.candidates() }
        resourceFolder = candidates.first { $0.library == library }?.resourceFolder ?? ""
    }

    /// Starts the plugin in a child and makes the call.
    ///
    /// - Parameter debugger: what the child runs under; nil: nothing.
    /// - Throws: when the plugin cannot be brought to where the call was made.
    /// - Thread: blocks for as long as the call takes, or the debugger is open.
    public func run(debugger: Debugger?) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("miaopu-replay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        try copyDatabase(to: folder)

        let reception = Reception()
        let process = try ProcessConnection(
            library: card.library, executable: configuration.probe.executable,
            limits: configuration.budget(of: card.plugin).childLimits, receiver: reception, debugger: debugger)
        defer { process.end(because: "was ended after the replay") }
        let patience = debugger?.isInteractive == true ? Double(Int32.max) : nil
        var message = WirePluginRequest()
        message.describe = WireDescribeRequest()
        var request: [UInt8] = try message.serializedBytes()
        do {
            // The first call also waits until the library is loaded.
            let answer = try process.call(request, within: patience ?? 60)
            let manifest = try WirePluginReply(serializedBytes: answer).describe
            if card.call == "load" { return .none(nil) }
            let desk = desk(manifest, folder.path)
            reception.hand(over: desk)
            let call = try WirePluginRequest(serializedBytes: [UInt8](card.request))
            if case .start = call.call {} else {
                var start = WireStartRequest()
                start.hostContractVersion = PluginContract.version
                start.hostVersion = configuration.hostVersion
                start.resourceFolder = resourceFolder
                start.languages = configuration.languages
                message.start = start
                request = try message.serializedBytes()
                _ = try desk.collectLayers { () throws(PluginHostingError) in
                    _ = try process.call(request, within: patience ?? configuration.budget.start)
                }
            }
            request = [UInt8](card.request)
            let seconds = patience ?? call.call.map { configuration.budget.seconds(for: $0) } ?? 10
            if case .start = call.call {
                _ = try desk.collectLayers { () throws(PluginHostingError) in
                    _ = try process.call(request, within: seconds)
                }
            } else {
                _ = try process.call(request, within: seconds)
            }
            return .none(nil)
        } catch let error as PluginHostingError {
            guard error.kind == .crashed || error.kind == .timedOut else { return .none(error.description) }
            return outcome(of: process, request, error)
        }
    }

    private func outcome(of process: ProcessConnection, _ request: [UInt8], _ error: PluginHostingError) -> Outcome {
        // A child whose time was over is dead a moment later.
        for _ in 0..<100 where process.death == nil { usleep(100_000) }
        let death =
            process.death
            ?? ProcessConnection.Death(clause: error.description, cause: nil, diagnostics: "", usage: nil)
        let subject = CrashSubject(
            plugin: card.plugin, version: card.version, library: card.library,
            buildID: (try? ELFFile(path: card.library).buildID) ?? "", hosting: .process)
        var again = SupervisedConnection.Crash(death: death, request: request, history: CrashHistory())
            .card(of: subject, log: [])
        again.name(death.crash)
        return again.fingerprint == card.fingerprint ? .same(again) : .another(again)
    }

    /// What the plugin meets: its own tables, and nothing of the district.
    private func desk(_ manifest: WireManifest, _ folder: String) -> ServiceDesk {
        ServiceDesk(
            plugin: manifest.id, permissions: Permissions(manifest), services: HostServices(),
            database: PluginDatabase(plugin: manifest.id, stateFolder: folder), auditLog: AuditLog(stateFolder: folder),
            publish: { _ in })
    }

    /// A consistent copy, also while a server writes to the original.
    private func copyDatabase(to folder: URL) throws {
        let original = "\(stateFolder)/\(card.plugin).sqlite"
        guard FileManager.default.fileExists(atPath: original) else { return }
        var configuration = Configuration()
        configuration.readonly = true
        let source = try DatabaseQueue(path: original, configuration: configuration)
        let copy = try DatabaseQueue(path: folder.appendingPathComponent("\(card.plugin).sqlite").path)
        try source.backup(to: copy)
    }
}
