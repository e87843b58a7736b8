// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// Looks at a plugin as a host does before it lets it in, and as its author does
/// before handing it over: first at the file, then at what it does in a confined
/// child with a state folder of its own that is thrown away.
public struct PluginCheck: Sendable {
    /// The program whose children try the plugin; nil: the one that is running.
    public var executable: String?
    /// What a call may cost.
    public var budget = CallBudget()
    /// The rectangle of the district's features in OGC:CRS84, which viewers ask
    /// every layer for; nil: of no district.
    public var districtExtent: Envelope?
    /// Whether leaks are looked for with valgrind, which takes some seconds.
    public var looksForLeaks = true

    /// Prepares a check.
    public init(executable: String? = nil) {
        self.executable = executable
    }

    /// Grows when a check is added or becomes stricter: what an earlier one found
    /// counts no more.
    static let edition = 2

    /// Checks a library, or the folder of a plugin.
    ///
    /// - Throws: `.notFound` when there is nothing at the path, or a folder
    ///   without exactly one plugin. A plugin that fails is no error.
    /// - Thread: blocks for as long as the plugin takes, some seconds.
    public func run(_ path: String) throws(PluginHostingError) -> PluginCheckReport {
        let candidate = try PluginFolder.candidate(at: path)
        return run(candidate)
    }

    func run(_ candidate: PluginFolder.Candidate) -> PluginCheckReport {
        var report = PluginCheckReport(file: candidate.shownLibrary)
        let stamp: PluginStamp?
        do {
            stamp = try readFile(candidate, &report)
        } catch {
            report.fail(
                error.kind == .incompatible ? "stamp" : "file", error.description,
                cure: error.kind == .incompatible
                    ? "Build the plugin anew as the sentence says."
                    : "A library that was built with MiaopuSDK or miaopu_plugin.h for this computer is accepted, or a "
                        + "folder with a plugin.json.", canBeWaived: false)
            return report
        }
        guard !report.failures.contains(where: { !$0.canBeWaived }) else { return report }
        do {
            let state = try TemporaryFolder("miaopu-check")
            var test = SelfTest(
                candidate: candidate, state: state.path, executable: executable, budget: budget,
                districtExtent: districtExtent, report: report)
            test.run()
            report = test.report
        } catch {
            report.fail(
                "self-test", "No folder for the self-test could be made: \(error)",
                cure: "Make room in \(FileManager.default.temporaryDirectory.path).")
        }
        if looksForLeaks, let stamp, !report.failures.contains(where: { !$0.canBeWaived }) {
            LeakCheck(library: candidate.library, stamp: stamp, executable: executable).run(&report)
        }
        return report
    }

    /// Everything that can be said before anything of the plugin runs.
    ///
    /// - Returns: a library's stamp; a command has none.
    private func readFile(
        _ candidate: PluginFolder.Candidate, _ report: inout PluginCheckReport
    ) throws(PluginHostingError) -> PluginStamp? {
        guard candidate.isCommand else { return try LibraryCheck(path: candidate.library).run(&report) }
        let command = try PluginCommand(file: candidate.library)
        report.ok("file", "It is a command: \(command.arguments.joined(separator: " ")).")
        return nil
    }
}

/// A folder that is gone with this object.
final class TemporaryFolder: Sendable {
    let path: String

    /// - Throws: when the system's folder for temporary files cannot be written to.
    init(_ name: String) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(name)-\(UUID().uuidString)")
        path = url.path
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
