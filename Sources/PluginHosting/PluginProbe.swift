// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import PluginMessages
import SwiftProtobuf

/// Loads a library in a throw-away child and asks who it is: a constructor that
/// crashes or hangs, or a library that faults while it is loaded, costs that
/// child only. `miaopu` offers it to `ChildMain.runIfRequested`.
public enum PluginProbeJob: ChildJob {
    /// The word on the child's command line.
    public static let name = "probe-plugin"

    /// The request is the library's path in UTF-8; the one frame is a manifest.
    public static func run(request: [UInt8], channel: ChildChannel) throws {
        let path = String(decoding: request, as: UTF8.self)
        let connection = try InProcessConnection(library: path, receiver: NoServices())
        var message = WirePluginRequest()
        message.describe = WireDescribeRequest()
        let reply = try WirePluginReply(serializedBytes: try connection.call(try message.serializedBytes()))
        try channel.send(kind: 1, payload: try reply.describe.serializedBytes())
    }
}

/// A host that offers nothing: what a plugin meets before it is started.
private final class NoServices: HostCallReceiver {
    func answer(_ request: UnsafeBufferPointer<UInt8>) -> (status: Int32, bytes: [UInt8]) {
        (ContractStatus.number(of: .denied), Array("The host serves no calls before start.".utf8))
    }
}

/// How a library is tried before it is loaded.
public enum PluginProbe: Hashable, Sendable {
    /// In a child of a program that offers `PluginProbeJob`; nil: of the program
    /// that is running.
    case child(executable: String?)
    /// Not at all: for programs that have no child to offer, such as tests.
    case none

    /// Five seconds, as a start-up waits for it.
    static let limits = ChildLimits(cpuSeconds: 5, wallSeconds: 5, openFiles: 64, frameBytes: 1 << 20)

    /// The manifest that the library gives in a child, or nil when it is not
    /// probed.
    ///
    /// - Throws: `.failedToStart` when the child died or the library could not
    ///   be loaded in it.
    func manifest(of library: String) throws(PluginHostingError) -> WireManifest? {
        guard case .child(let executable) = self else { return nil }
        var manifest: WireManifest?
        let exit: ChildExit
        do {
            exit = try ChildProcess.run(
                job: PluginProbeJob.name, request: Array(library.utf8), limits: Self.limits, executable: executable
            ) { frame in manifest = try WireManifest(serializedBytes: frame.payload) }
        } catch {
            throw PluginHostingError(
                .failedToStart, library, "\(library) is not loaded: it could not be tried in a child process: \(error)")
        }
        switch exit.ending {
        case .finished: break
        // The job's own sentence names the library already.
        case .failed(let sentence): throw PluginHostingError(.failedToStart, library, sentence)
        case .killed(let death):
            throw PluginHostingError(
                .failedToStart, library,
                "\(library) is not loaded: when it was tried in a child process, the child \(death.clause).")
        }
        guard let manifest else {
            throw PluginHostingError(
                .failedToStart, library, "\(library) is not loaded: it did not say who it is when it was tried.")
        }
        return manifest
    }
}
