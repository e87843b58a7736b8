// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// gdb, for a child to run under. The child then has this program's own standard
/// streams, and so has gdb.
public struct Debugger: Hashable, Sendable {
    /// Whether a person types; else gdb prints where the child stood, and ends.
    public var isInteractive: Bool
    let program: String

    /// Nil when gdb is not in `PATH`.
    public init?(isInteractive: Bool) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        guard
            let program = folders.lazy.map({ "\($0)/gdb" })
                .first(where: { FileManager.default.isExecutableFile(atPath: $0) })
        else { return nil }
        self.program = program
        self.isInteractive = isInteractive
    }

    /// The command line that runs a program under it.
    func arguments(_ program: String, _ rest: [String]) -> [String] {
        let quiet = ["gdb", "-q", "-iex", "set startup-with-shell off", "-iex", "set debuginfod enabled off"]
        let run = ["-ex", "set confirm off", "-ex", "run"] + (isInteractive ? [] : ["-ex", "bt"])
        // A link to itself would be gdb's own.
        let file = (try? FileManager.default.destinationOfSymbolicLink(atPath: program)) ?? program
        return quiet + (isInteractive ? [] : ["-batch"]) + run + ["--args", file] + rest
    }
}
