// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import Foundation
import PluginHosting

struct PluginCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a plugin as a host does before it lets it in, and says what to improve.",
        discussion: """
            FILE is a library, or the folder of a plugin. It is read, then tried in a confined child with tables of \
            its own that are thrown away. Exits with 1 when a check failed.
            """)

    @Argument(help: "The library, or the plugin's folder.")
    var file: String

    @Option(
        name: .customLong("district"),
        help: "Ask layers for this district's extent, and keep the result, so that its next start need not check again.")
    var district: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let folder = URL(fileURLWithPath: district ?? ".", isDirectory: true).standardizedFileURL
        // Where the check is made for one; the folder that somebody happens to be in
        // is no reason to fail.
        let named = try district.map { _ in try District.load(from: folder) }
        var check = PluginCheck()
        check.districtExtent = (named ?? (try? District.load(from: folder))).flatMap { DistrictExtent($0).degrees }
        let report: PluginCheckReport
        do {
            report = try check.run(file)
        } catch {
            throw CommandError(.wrongUse, error.description)
        }
        if let named {
            let configuration = PluginHostConfiguration(named)
            try PluginAdmissions(stateFolder: configuration.stateFolder).keep(report, of: file)
        }
        if json {
            print(try jsonText(report))
        } else {
            for line in Self.lines(of: report) { print(line) }
        }
        if !report.failures.isEmpty { throw ExitStatus.needsPerson }
    }

    private static func lines(of report: PluginCheckReport) -> [String] {
        let findings = report.findings.map(\.line)
        let name = report.plugin.map { "\($0) \(report.version ?? "")" } ?? report.file
        let warnings = report.findings.filter { $0.outcome == .warning }.count
        let failures = report.failures.count
        let verdict =
            failures == 0
            ? "\(name) passes\(warnings == 0 ? "" : ", with \(warnings) to improve")."
            : "\(name) does not pass: \(failures) of \(report.findings.count) checks failed."
        return findings + [verdict]
    }
}

extension PluginFinding {
    /// The finding in one line.
    var line: String {
        let outcome = outcome.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        return "\(outcome)\(check): \(sentence)\(cure.map { " \($0)" } ?? "")"
    }
}

struct PluginWaiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waive",
        abstract: "Lets a plugin into a district although it fails some checks.",
        discussion: """
            The reason is written down with your name and the time, and `plugin list` shows it. It holds for the \
            files as they are now. What could not be loaded, or crashes when it starts, cannot be waived.
            """)

    @OptionGroup var district: DistrictOption

    @Argument(help: "The library, or the plugin's folder.")
    var file: String

    @Option(help: "Why it may be in all the same; at least 10 characters.")
    var reason: String

    func run() throws {
        let configuration = PluginHostConfiguration(try District.load(from: district.directory))
        var check = PluginCheck()
        check.districtExtent = configuration.districtExtent()
        let waived: [PluginFinding]
        do {
            waived = try PluginAdmissions(stateFolder: configuration.stateFolder)
                .waive(file, reason: reason, by: NSUserName(), check: check)
        } catch {
            throw Self.refusal(error)
        }
        guard !waived.isEmpty else { return print("\(file) passes the check and needs no waiver.") }
        print("\(file) is let in although it fails \(waived.map(\.check).joined(separator: ", ")).")
    }

    private static func refusal(_ error: PluginHostingError) -> any Error {
        switch error.kind {
        case .invalid, .notFound: CommandError(.wrongUse, error.description)
        case .denied: CommandError(.needsPerson, error.description)
        default: error
        }
    }
}
