// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import Synchronization

/// The way from a command to the plugins of a district: through the server when
/// one serves it, since a plugin runs once on its data; else the command starts
/// them, and a server that begins meanwhile waits for it.
public struct OperatorLine: Sendable {
    private let configuration: PluginHostConfiguration

    private let patience: Double
    /// The most that crosses, either way: more than plugins may take or say.
    private static let ceiling = 1 << 30

    /// - Parameters:
    ///   - configuration: of the plugins that are started where no server is.
    ///   - patience: seconds for a server that starts, or another command, to be done.
    public init(_ configuration: PluginHostConfiguration, patience: Double = 60) {
        self.configuration = configuration
        self.patience = patience
    }

    /// Has a plugin do something.
    ///
    /// - Throws: as `PluginHost.answer`; `.postponed` when a server or another
    ///   command has the plugins and does not come to an end.
    /// - Thread: blocks for as long as that takes.
    public func answer(_ call: OperatorCall, of plugin: String) throws(PluginHostingError) -> PluginResponse {
        let state = configuration.stateFolder
        let end = ContinuousClock.now + .seconds(patience)
        while ContinuousClock.now < end {
            if ServingRecord.isHeld(stateFolder: state) {
                if let line = LocalLine(to: Self.path(in: state)) { return try Self.ask(call, plugin, line) }
            } else if let turn = PluginTurn(stateFolder: state) {
                return try withExtendedLifetime(turn) { () throws(PluginHostingError) in
                    // The others stay off.
                    var own = configuration
                    own.only = plugin
                    let host = PluginHost(own)
                    defer { host.stop() }
                    return try host.answer(call, of: plugin)
                }
            }
            usleep(100_000)
        }
        throw PluginHostingError(
            .postponed, plugin,
            "A server or another command has had the district's plugins for \(Int(patience.rounded(.up))) s and cannot be asked; "
                + "try again when it has ended.")
    }

    private static func ask(
        _ call: OperatorCall, _ plugin: String, _ line: LocalLine
    ) throws(PluginHostingError) -> PluginResponse {
        let (head, body) =
            switch call {
            case .take(let file): (Request(plugin: plugin, takesFile: true), file)
            case .features: (Request(plugin: plugin, takesFile: false), [])
            }
        do {
            try line.send([UInt8](JSONEncoder().encode(head)))
            try line.send(body)
        } catch {
            throw lost(plugin)
        }
        guard let reply = line.receive(ceiling: 1 << 20), let body = line.receive(ceiling: ceiling),
            let answer = try? JSONDecoder().decode(Reply.self, from: Data(reply))
        else { throw lost(plugin) }
        if let failure = answer.failure { throw PluginHostingError(failure.kind, plugin, failure.sentence) }
        return PluginResponse(
            status: answer.status, contentType: answer.contentType, headers: [], body: body)
    }

    private static func lost(_ plugin: String) -> PluginHostingError {
        PluginHostingError(
            .failed, plugin,
            "The server ended before the plugin \(plugin) had answered; whether it did what it was asked is not known.")
    }

    /// Answers commands, as the host that serves the district.
    ///
    /// - Returns: nil when that cannot be, which is said.
    static func listen(
        in stateFolder: String, log: (String) -> Void,
        answer: @escaping @Sendable (OperatorCall, String) -> Result<PluginResponse, PluginHostingError>?
    ) -> LocalListener? {
        do {
            return try LocalListener(at: path(in: stateFolder)) { line in
                guard let bytes = line.receive(ceiling: 1 << 16), let file = line.receive(ceiling: ceiling),
                    let request = try? JSONDecoder().decode(Request.self, from: Data(bytes)),
                    let result = answer(request.takesFile ? .take(file: file) : .features, request.plugin)
                else { return }
                var reply = Reply(status: 0, contentType: "")
                var body: [UInt8] = []
                switch result {
                case .success(let response):
                    reply = Reply(status: response.status, contentType: response.contentType)
                    body = response.body
                case .failure(let error): reply.failure = Reply.Failure(kind: error.kind, sentence: error.description)
                }
                guard let head = try? JSONEncoder().encode(reply) else { return }
                // A command that has gone misses nothing.
                try? line.send([UInt8](head))
                try? line.send(body)
            }
        } catch {
            log("\(error) Commands such as `miaopu plugin import` will not reach the server.")
            return nil
        }
    }

    private static func path(in stateFolder: String) -> String { "\(stateFolder)/plugins/serving.sock" }

    private struct Request: Codable {
        var plugin: String
        var takesFile: Bool
    }

    private struct Reply: Codable {
        struct Failure: Codable {
            var kind: PluginHostingError.Kind
            var sentence: String
        }
        var failure: Failure?
        var status: Int
        var contentType: String
    }
}

/// The right of one command to start a district's plugins. A server that begins
/// waits until it is given back.
public final class PluginTurn: Sendable {
    private let descriptor: Int32

    /// Nil when a server or another command has the plugins now.
    public init?(stateFolder: String) {
        guard let descriptor = Self.opened(stateFolder) else { return nil }
        self.descriptor = descriptor
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    }

    /// That of a server: shared, and waited for.
    init?(serving stateFolder: String, log: (String) -> Void) {
        guard let descriptor = Self.opened(stateFolder) else { return nil }
        self.descriptor = descriptor
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return }
        log("A command works with the district's plugins; the server begins when it has ended.")
        while flock(descriptor, LOCK_SH) != 0, errno == EINTR {}
    }

    deinit {
        close(descriptor)
    }

    private static func opened(_ stateFolder: String) -> Int32? {
        let folder = "\(stateFolder)/plugins"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let descriptor = open("\(folder)/hosting.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        return descriptor >= 0 ? descriptor : nil
    }
}
