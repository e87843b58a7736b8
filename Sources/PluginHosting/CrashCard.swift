// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import PluginMessages
import SwiftProtobuf

/// What is known of one crash of a plugin.
public struct CrashCard: Hashable, Codable, Sendable {
    /// The plugin's id.
    public var plugin: String
    /// `major.minor.patch`.
    public var version: String
    /// The library's path.
    public var library: String
    /// ISO 8601, UTC.
    public var time: String
    /// What happened, without a subject: “crashed (memory access fault, SIGSEGV)”.
    public var cause: String
    /// The call in progress in a few words: `features benches z14`; empty when
    /// there was none.
    public var call: String
    /// The call in progress as bytes of the contract, for a replay.
    public var request: Data
    /// The end of what the plugin's process wrote to standard output and error.
    public var output: String
    /// The most memory that the process held, in bytes; 0 when it is not known.
    public var peakMemoryBytes: Int

    init(_ crash: SupervisedConnection.Crash, manifest: WireManifest, library: String) {
        plugin = manifest.id
        version = manifest.version
        self.library = library
        time = Date().formatted(.iso8601.time(includingFractionalSeconds: true))
        cause = crash.death.clause
        call = (try? WirePluginRequest(serializedBytes: crash.request)).flatMap(\.call?.summary) ?? ""
        request = Data(crash.request)
        output = crash.death.diagnostics
        peakMemoryBytes = crash.death.usage?.peakMemoryBytes ?? 0
    }
}

extension WirePluginRequest.OneOf_Call {
    /// The call in a few words, without anything that a person typed.
    var summary: String {
        switch self {
        case .describe: "describe"
        case .start: "start"
        case .features(let message): "features \(message.layer) z\(message.zoom)"
        case .handle(let message): "handle \(message.method) \(message.path)"
        case .observe(let message): "observe \(message.topic)"
        case .tick: "tick"
        case .stop: "stop"
        }
    }
}
