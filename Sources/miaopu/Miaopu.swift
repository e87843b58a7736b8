// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Foundation

/// The command line.
struct Miaopu: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "miaopu",
        abstract: "Brings the maps that towns draw onto one district grid, and serves the result.",
        discussion: """
            Exit codes: 0 done, 1 the work found problems that need a person, 2 wrong use, 3 the system failed \
            (disk full, for instance), 130 stopped with Ctrl-C.
            """,
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, InitCommand.self, InspectCommand.self, MergeCommand.self, UndoCommand.self,
            LogCommand.self, ShowCommand.self, FiguresCommand.self, SlipCommand.self, ServeCommand.self,
            TileCommand.self, PluginCommand.self,
        ])

    /// Runs the verb on the command line and ends the process with its exit code.
    static func runAsProgram() async -> Never {
        // A reader that goes away (`miaopu … | head`) is no crash.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            Foundation.exit(ExitStatus.done.rawValue)
        } catch {
            Foundation.exit(ExitStatus.report(error, for: self).rawValue)
        }
    }
}

/// The district that a verb works on.
struct DistrictOption: ParsableArguments {
    @Option(name: .customLong("district"), help: "The district's folder.")
    var path = "."

    var directory: URL { URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL }
}
