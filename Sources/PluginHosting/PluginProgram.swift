// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation

/// What a plugin's process runs: a library that our own program loads, or a
/// command.
enum PluginProgram {
    case library(String)
    case command(PluginCommand)

    /// Tells the two apart by the file's name, and reads a command's file: each
    /// start runs what stands there then.
    ///
    /// - Throws: as `PluginCommand.init`.
    init(file path: String) throws(PluginHostingError) {
        self = PluginCommand.isFile(path) ? .command(try PluginCommand(file: path)) : .library(path)
    }

    /// The job of the child.
    var job: String {
        switch self {
        case .library: PluginHostJob.name
        case .command: PluginCommandJob.name
        }
    }

    /// The job's request.
    var request: [UInt8] {
        switch self {
        case .library(let path): Array(path.utf8)
        case .command(let command): PluginCommandJob.request(command)
        }
    }

    /// Whether the host may send frames whose bytes lie in memory: a command need
    /// not understand them.
    var takesMemory: Bool {
        switch self {
        case .library: true
        case .command: false
        }
    }
}

/// Becomes a command that is a plugin. `miaopu` offers it to
/// `ChildMain.runIfRequested`.
public enum PluginCommandJob: ChildJob {
    /// The word on the child's command line.
    public static let name = "host-command"

    /// The filter of its process leaves the way to programs open.
    public static var becomesProgram: Bool { true }

    private struct Request: Codable {
        var program: String
        var arguments: [String]
        var folder: String
    }

    static func request(_ command: PluginCommand) -> [UInt8] {
        let request = Request(program: command.program, arguments: command.arguments, folder: command.folder)
        // Texts can always be encoded; an empty request is one that is refused.
        return (try? JSONEncoder().encode(request)).map { Array($0) } ?? []
    }

    /// The frames that follow are between host and command: `PluginFrame`s.
    public static func run(request: [UInt8], channel: ChildChannel) throws {
        let request = try JSONDecoder().decode(Request.self, from: Data(request))
        try channel.become(request.program, arguments: request.arguments, in: request.folder)
    }
}
