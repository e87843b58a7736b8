// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import PluginMessages
import SwiftProtobuf

extension PluginFolder.Candidate {
    /// Whether it is a command's `plugin.json` and no library.
    var isCommand: Bool { PluginCommand.isFile(library) }
}

/// What is different for a plugin that is a command.
extension PluginLoader {
    /// What is known of a plugin before it is opened: a library is read and tried
    /// in a child. A command's file is read; there is nothing to try, since it
    /// runs in a child in any case.
    func look(at candidate: PluginFolder.Candidate) throws(PluginHostingError) -> WireManifest? {
        if candidate.isCommand {
            _ = try PluginCommand(file: candidate.library)
            return nil
        }
        try PluginStamp(library: candidate.library).check(library: candidate.library)
        return try configuration.probe.manifest(of: candidate.library)
    }

    /// What a plugin says of itself, in its first call. A process that dies of it is
    /// one that could not be loaded, and the last line that it wrote says more than
    /// its exit code.
    func firstWords(
        of connection: any PluginConnection, _ candidate: PluginFolder.Candidate
    ) throws(PluginHostingError) -> WireManifest {
        var describe = WirePluginRequest()
        describe.describe = WireDescribeRequest()
        let request: [UInt8] = (try? describe.serializedBytes()) ?? []
        let answer: Data
        do {
            answer = try connection.call(request, within: configuration.budget.describe)
        } catch where candidate.isCommand && (error.kind == .crashed || error.kind == .timedOut) {
            let output = (connection as? ProcessConnection)?.death?.diagnostics ?? ""
            let line = output.split(whereSeparator: \.isNewline).last.map { ". It wrote: \($0.prefix(300))" } ?? ""
            let sentence = error.description.hasSuffix(".") ? String(error.description.dropLast()) : error.description
            throw PluginHostingError(
                .failedToStart, candidate.library,
                "\(candidate.library) is not loaded: when it was asked who it is: \(sentence)\(line)")
        }
        guard let reply = try? WirePluginReply(serializedBytes: answer) else {
            throw PluginHostingError(
                .notAPlugin, candidate.library,
                "\(candidate.library) is not loaded: when it was asked who it is it answered \(answer.count) bytes that are "
                    + "no message of the plugin contract.")
        }
        return reply.describe
    }

    /// - Throws: `.invalid` when the district wants a command in its own process.
    func refuseInProcess(_ id: String, _ candidate: PluginFolder.Candidate) throws(PluginHostingError) {
        guard candidate.isCommand, configuration.plugins?[id] == .some(.inProcess) else { return }
        throw PluginHostingError(
            .invalid, candidate.library,
            "\(candidate.library) is not loaded: the plugin \(id) is a command, which runs in a process of its own only; "
                + "`hosting: process` is accepted.")
    }
}
