// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import Foundation
import PluginHosting

extension PluginInstaller {
    /// The installer of a district.
    init(_ district: District) {
        self.init(
            folder: district.directory.appendingPathComponent("plugins").path,
            configuration: PluginHostConfiguration(district))
    }

    /// Does something, and says with its exit code who has to act: a plugin
    /// that was refused needs a person, a name that is none was wrong use.
    static func reporting<Value>(_ body: () throws(PluginHostingError) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            let status: ExitStatus =
                switch error.kind {
                case .notFound, .invalid, .notAPlugin: .wrongUse
                case .failed: .systemFailed
                case .incompatible, .failedToStart, .denied, .tooLarge, .crashed, .timedOut, .quarantined,
                    .postponed:
                    .needsPerson
                }
            throw CommandError(status, error.description)
        }
    }
}

struct PluginInstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Puts a plugin into the district, or another version of one.",
        discussion: """
            The plugin is checked and started on a copy of its data first, and left out when it does not pass or does \
            not start. The version before is kept. A server that is running takes it up within seconds.
            """)

    @OptionGroup var district: DistrictOption

    @Flag(help: "Look for no leaks: valgrind runs the plugin outside of the confined child that all other checks run it in.")
    var noLeaks = false

    @Argument(help: "A library (.so), or a folder with one.")
    var source: String

    func run() throws {
        let district = try District.load(from: district.directory)
        let change = try PluginInstaller.reporting { () throws(PluginHostingError) in
            try PluginInstaller(district).install(source, looksForLeaks: !noLeaks)
        }
        print("The plugin \(change.id) \(change.version ?? "") is installed in \(change.path).")
        // Leaks are looked for where valgrind is: that they were not is worth a line.
        for finding in change.findings where finding.outcome != .ok {
            if finding.outcome == .warning || finding.check == "leaks" { print(finding.line) }
        }
        if let former = change.former {
            print("Version \(former) is kept; `miaopu plugin rollback \(change.id)` puts it back.")
        }
        let wanted = district.plugins
        if !wanted.isEmpty, !wanted.contains(where: { $0.id == change.id }) {
            print("It does not run yet: plugins: in district.yaml names the ones that do; add a line `  \(change.id):` there.")
        }
    }
}

struct PluginRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Takes a plugin out of the district; its data stay.")

    @OptionGroup var district: DistrictOption

    @Argument(help: "The plugin's id.")
    var plugin: String

    func run() throws {
        let district = try District.load(from: district.directory)
        let change = try PluginInstaller.reporting { () throws(PluginHostingError) in
            try PluginInstaller(district).remove(plugin)
        }
        print("The plugin \(change.id) \(change.former ?? "") is removed; it is kept in \(change.path).")
        print("Its data stay in state/\(change.id).sqlite; `miaopu plugin export \(change.id) FILE` copies them.")
    }
}

struct PluginRollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Puts the version of a plugin back that was there before.",
        discussion: """
            Without --data the earlier version gets the present data, and is refused when it cannot work with them. \
            With --data it gets the data that it left when it was replaced, and what was written since is lost to it: \
            that is asked first. The present data are backed up in state/backups/.
            """)

    @OptionGroup var district: DistrictOption

    @Flag(help: "Put the data back, too, as that version left them.")
    var data = false

    @Flag(help: "Put the data back without asking; required where there is no terminal.")
    var yes = false

    @Argument(help: "The plugin's id.")
    var plugin: String

    func run() throws {
        let district = try District.load(from: district.directory)
        if data, !yes { try ask(PluginInstaller(district)) }
        let change = try PluginInstaller.reporting { () throws(PluginHostingError) in
            try PluginInstaller(district).rollBack(plugin, withData: data)
        }
        print("The plugin \(change.id) \(change.version ?? "") is back in \(change.path).")
        if data { print("Its data of then are put back when it starts; the present ones are backed up.") }
        if let former = change.former { print("Version \(former) is kept.") }
    }

    /// Lets a person decide about what would be lost.
    private func ask(_ installer: PluginInstaller) throws {
        let loss = try PluginInstaller.reporting { () throws(PluginHostingError) in
            try installer.lossOfRollingBack(plugin)
        }
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandError(.wrongUse, "\(loss.sentence(plugin)) Nothing was changed; --yes does it without asking.")
        }
        print(loss.sentence(plugin))
        print("Put the data of version \(loss.version) back? [y/N] ", terminator: "")
        fflush(nil)
        guard let answer = readLine()?.lowercased(), ["y", "yes"].contains(answer) else {
            throw CommandError(.wrongUse, "Nothing was changed.")
        }
    }
}

struct PluginExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Copies a plugin's data into a file.",
        discussion: """
            FILE.sqlite gets all its tables, also when the plugin is gone. FILE.geojson gets the features of its \
            layers in OGC:CRS84; the server's plugin is asked for them, or where no server is it is started for it.
            """)

    @OptionGroup var district: DistrictOption

    @Argument(help: "The plugin's id.")
    var plugin: String

    @Argument(help: "The file to write: .sqlite or .geojson.")
    var file: String

    func run() throws {
        let url = URL(fileURLWithPath: file)
        var isFolder: ObjCBool = false
        let parent = url.deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: parent, isDirectory: &isFolder), isFolder.boolValue else {
            throw CommandError(.wrongUse, "There is no folder \(parent) to write \(url.lastPathComponent) to.")
        }
        let district = try District.load(from: district.directory)
        switch url.pathExtension {
        case "sqlite":
            try PluginInstaller.reporting { () throws(PluginHostingError) in
                try PluginInstaller(district).exportDatabase(of: plugin, to: url.path)
            }
        case "geojson": try PluginFeatureExport(plugin: plugin).write(district, to: url)
        default: throw CommandError(.wrongUse, "A file that ends in .sqlite or .geojson is accepted, not “\(file)”.")
        }
    }
}
