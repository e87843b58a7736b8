// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import Foundation
import Merging

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Turns a folder of town files into a district that a person can read and correct.",
        discussion: """
            Copies the folder's files to DIR/maps unless they are in DIR already, looks into each, and writes \
            DIR/district.yaml with one source for each layer found, and a layer with a default style for what the \
            shipped layers do not cover.
            """)

    @Argument(help: "The district's folder; made if it is not there.")
    var directory: String

    @Argument(help: "The folder with the towns' files.")
    var folder: String

    @Option(help: "What the district is called; left out: the name of its folder.")
    var name: String?

    func run() throws {
        let district = URL(fileURLWithPath: directory, isDirectory: true).standardizedFileURL
        let source = URL(fileURLWithPath: folder, isDirectory: true).standardizedFileURL
        let file = district.appendingPathComponent("district.yaml")
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw CommandError(.wrongUse, "\(directory) is a district already; correct its district.yaml by hand.")
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw CommandError(.wrongUse, "There is no folder \(folder).")
        }
        let interruption = Interruption()
        let progress = ProgressLine(isQuiet: false)
        var options = DistrictProposer.Options(name: name ?? district.lastPathComponent)
        options.isCancelled = { interruption.isRequested }
        options.progress = { progress.show($0) }

        let inside = Self.path(of: source, in: district)
        let catalogue = try LayerCatalogue(shipped: InstalledFiles.located().layers, own: nil)
        let proposal = try DistrictProposer(catalogue, options: options).propose(source, path: inside ?? "maps")
        progress.clear()
        guard !proposal.document.sources.isEmpty else {
            throw CommandError(
                .needsPerson,
                (["No map was found in \(folder); nothing was written."]
                    + proposal.document.skipped.map { "  \($0.file): \($0.reason)" }).joined(separator: "\n"))
        }
        try FileManager.default.createDirectory(at: district, withIntermediateDirectories: true)
        if inside == nil {
            progress.show("Copying the files")
            try copy(source, to: district.appendingPathComponent("maps")) { interruption.isRequested }
            progress.clear()
        }
        for layer in proposal.layers { try layer.write(to: district) }
        try proposal.document.write(to: district)
        tell(proposal)
    }

    /// How a folder inside of the district is named there; nil when it is not.
    private static func path(of folder: URL, in district: URL) -> String? {
        let parent = district.path.hasSuffix("/") ? district.path : district.path + "/"
        guard folder.path.hasPrefix(parent) else { return nil }
        return String(folder.path.dropFirst(parent.count))
    }

    private func copy(_ source: URL, to target: URL, isCancelled: @escaping () -> Bool) throws {
        guard !FileManager.default.fileExists(atPath: target.path) else {
            throw CommandError(.wrongUse, "\(directory)/maps is there already; it may hold other files.")
        }
        let building = target.appendingPathExtension("new")
        try? FileManager.default.removeItem(at: building)
        do {
            try FolderCopy(isCancelled: isCancelled).copy(source, to: building)
            try FileManager.default.moveItem(at: building, to: target)
        } catch {
            try? FileManager.default.removeItem(at: building)
            throw error
        }
    }

    private func tell(_ proposal: DistrictProposer.Proposal) {
        let sources = proposal.document.sources
        print("\(sources.count) sources in \(directory)/district.yaml, on \(proposal.document.grid.crs).")
        for source in sources {
            let question = source.crs?.comment == "the file does not say" ? "  (reference system not known)" : ""
            print("  \(source.id) → \(source.layers.joined(separator: ", "))\(question)")
        }
        if !proposal.layers.isEmpty {
            print("New layers: \(proposal.layers.map(\.id).joined(separator: ", ")).")
        }
        for skipped in proposal.document.skipped { print("Skipped \(skipped.file): \(skipped.reason)") }
        print("Read district.yaml, correct it, then: miaopu merge --district \(directory)")
    }
}
