// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import PluginMessages

/// What is known of one crash of a plugin. As a file it is JSON.
public struct CrashCard: Hashable, Codable, Sendable {
    /// The plugin's id.
    public var plugin: String
    /// `major.minor.patch`.
    public var version: String
    /// The library's path.
    public var library: String
    /// The build id of the library that ran, in hexadecimal digits; empty when
    /// its linker wrote none.
    public var buildID: String
    /// `process` or `in-process`.
    public var hosting: String
    /// ISO 8601, UTC.
    public var time: String
    /// What happened, without a subject: “crashed (memory access fault, SIGSEGV)”.
    public var cause: String
    /// The number of the signal; nil when there was none.
    public var signal: Int32?
    /// Its name: SIGSEGV.
    public var signalName: String?
    /// The call in progress in a few words: `features benches z13 for the tile
    /// 14/13716/6700`; empty when there was none.
    public var call: String
    /// The call in progress as bytes of the contract, for a replay.
    public var request: Data
    /// How many bytes the call had; more than `request` when only its beginning
    /// was kept.
    public var requestBytes: Int
    /// Who had called whom on the thread that crashed, the innermost first.
    public var stack: [String]
    /// The same in every crash of this fault. Empty until the stack has names.
    public var fingerprint: String
    /// How many crashes with this fingerprint there were, this one included.
    public var count: Int
    /// The last lines that the plugin logged, the newest last.
    public var log: [String]
    /// The end of what the plugin's process wrote to standard output and error.
    public var output: String
    /// The most memory that the process held, in bytes; 0 when it is not known.
    public var peakMemoryBytes: Int
}

/// A library that runs, as its crash cards name it.
struct CrashSubject: Hashable, Sendable {
    var plugin: String
    var version: String
    var library: String
    var buildID: String
    var hosting: PluginHostConfiguration.Hosting

    /// The build id is read from the file as it is now, before it is run.
    init(_ manifest: WireManifest, library: String, hosting: PluginHostConfiguration.Hosting) {
        plugin = manifest.id
        version = manifest.version
        self.library = library
        self.hosting = hosting
        buildID = (try? ELFFile(path: library).buildID) ?? ""
    }

    init(plugin: String, version: String, library: String, buildID: String, hosting: PluginHostConfiguration.Hosting) {
        self.plugin = plugin
        self.version = version
        self.library = library
        self.buildID = buildID
        self.hosting = hosting
    }
}

extension CrashCard {
    /// What is known at once; the stack is without names.
    init(
        _ subject: CrashSubject, time: Date, cause: String, report: CrashReport?, request: [UInt8], requestBytes: Int,
        log: [String], output: String = "", peakMemoryBytes: Int = 0
    ) {
        plugin = subject.plugin
        version = subject.version
        library = subject.library
        buildID = subject.buildID
        hosting = subject.hosting.rawValue
        self.time = time.formatted(.iso8601.time(includingFractionalSeconds: true))
        self.cause = cause
        signal = report?.signal
        signalName = report?.signalName
        call = ""
        self.request = Data(request)
        self.requestBytes = requestBytes
        stack = (report?.frames ?? []).map { frame in
            let place = frame.offset == 0 ? frame.address : frame.offset
            return "\(frame.module)+0x\(String(place, radix: 16))"
        }
        fingerprint = ""
        count = 0
        self.log = log
        self.output = output
        self.peakMemoryBytes = peakMemoryBytes
    }

    /// What takes time: names for the stack, and what it has in common with
    /// earlier crashes.
    mutating func name(_ report: CrashReport?) {
        // A time that was exceeded is the same fault with any number of seconds,
        // wherever the plugin stood when it ran out, and an exit the same whoever
        // tells of it.
        let isStuck = cause.contains("stuck") || cause.contains("took longer")
        let words = isStuck ? "stuck" : cause.contains("exit") ? "exit" : cause.filter { !$0.isNumber }
        let names = report.map { CrashStack($0, library: library, buildID: buildID) }
        if let names { stack = names.lines.map(\.text) }
        if let names, !isStuck {
            fingerprint = names.fingerprint(plugin: plugin, version: version, signal: signalName ?? words)
        } else {
            fingerprint = CrashStack.fingerprint([plugin, version, words, String(call.prefix { $0 != " " })])
        }
    }
}
