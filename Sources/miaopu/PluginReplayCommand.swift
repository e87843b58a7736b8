// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import ChildProcesses
import Districts
import Foundation
import PluginHosting

struct PluginReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Makes the call of a crash card again.",
        discussion: """
            Starts the plugin in a child process with a copy of its data, makes the call that was in progress, and \
            says what became of it. Nothing is changed. Exits with 1 when it crashed, 0 when it did not.
            """)

    @OptionGroup var district: DistrictOption

    @Argument(help: ArgumentHelp("The card, out of the district's state/crashes/.", valueName: "card"))
    var card: String

    @Flag(help: "Run the child under gdb: with a prompt on a terminal, else it prints where the child stood.")
    var gdb = false

    @Flag(help: "Also with another build of the library than the one that crashed.")
    var anyway = false

    func run() throws {
        let configuration = PluginHostConfiguration(try District.load(from: district.directory))
        let replay: CrashReplay
        do {
            replay = try CrashReplay(card: card, configuration: configuration, anyway: anyway)
        } catch {
            throw CommandError(.wrongUse, error.description)
        }
        var debugger: Debugger?
        if gdb {
            debugger = Debugger(isInteractive: isatty(0) == 1)
            guard debugger != nil else {
                throw CommandError(.systemFailed, "gdb is not installed; `apt-get install gdb` does that.")
            }
        }
        let outcome = try replay.run(debugger: debugger)
        switch outcome {
        case .none(nil): print("The call came back: it did not crash.")
        case .none(let sentence?): print("The call came back: it did not crash. The plugin says: \(sentence)")
        // Under gdb it is gdb that says how it ended.
        case .same where gdb, .another where gdb: throw ExitStatus.needsPerson
        case .same(let again):
            print("It crashed again the same way: it \(again.cause).")
            print(again.stack.map { "  \($0)" }.joined(separator: "\n"))
            throw ExitStatus.needsPerson
        case .another(let again):
            print("It crashed again, in another way: it \(again.cause).")
            print(again.stack.map { "  \($0)" }.joined(separator: "\n"))
            throw ExitStatus.needsPerson
        }
    }
}
