// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Crypto
import Foundation

/// Which plugins of a district were checked, what was found, and which were let
/// in by a person: `admission.json` in the state folder. A plugin is known by the
/// SHA-256 of its files, so that a changed one is another.
public struct PluginAdmissions: Sendable {
    /// A person let a plugin in that fails some checks.
    public struct Waiver: Hashable, Sendable, Codable {
        /// Why, in the person's own words.
        public let reason: String
        /// The person's name on this computer.
        public let by: String
        /// ISO 8601, UTC.
        public let time: String
    }

    struct Entry: Hashable, Codable {
        /// Where it lay when it was checked.
        var file: String
        var plugin: String?
        /// Of `PluginCheck`.
        var edition: Int
        var time: String
        var failures: [PluginFinding]
        var waiver: Waiver?
    }

    private let folder: URL

    /// Names the folder of `PluginHostConfiguration.stateFolder`.
    public init(stateFolder: String) {
        folder = URL(fileURLWithPath: stateFolder, isDirectory: true)
    }

    private var file: URL { folder.appendingPathComponent("admission.json") }

    /// The waiver with which a plugin is in; nil when it needed none.
    ///
    /// - Parameter library: as in `PluginDescription`.
    public func waiver(of library: String) -> Waiver? {
        guard let candidate = try? PluginFolder.candidate(at: library), let digest = try? PluginDigest.of(candidate)
        else { return nil }
        return entries()[digest]?.waiver
    }

    /// Lets a plugin in that fails checks which may be waived.
    ///
    /// - Parameters:
    ///   - path: a library, or a plugin's folder.
    ///   - reason: at least 10 characters.
    /// - Returns: the failed checks that are waived; empty when it needs no waiver.
    /// - Throws: `.invalid` for too short a reason, `.denied` naming the checks
    ///   that nobody may waive, `.notFound` for no plugin, `.failed` when the
    ///   state folder cannot be written to.
    public func waive(
        _ path: String, reason: String, by person: String, check: PluginCheck
    ) throws(PluginHostingError) -> [PluginFinding] {
        let reason = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard reason.count >= Self.shortestReason, reason.count <= Self.longestReason else {
            throw PluginHostingError(
                .invalid, path,
                "The reason has \(reason.count) characters; \(Self.shortestReason) to \(Self.longestReason) are "
                    + "accepted: say why the plugin may be in all the same.")
        }
        let candidate = try PluginFolder.candidate(at: path)
        let report = check.run(candidate)
        let final = report.failures.filter { !$0.canBeWaived }
        guard final.isEmpty else {
            throw PluginHostingError(
                .denied, path,
                "\(path) cannot be waived: \(final.map { "\($0.check): \($0.sentence)" }.joined(separator: " "))")
        }
        guard !report.failures.isEmpty else { return [] }
        let waiver = Waiver(reason: reason, by: person, time: Self.now)
        try keep(report, of: candidate, waiver: waiver)
        return report.failures
    }

    private static let shortestReason = 10
    private static let longestReason = 1000

    /// Checks a plugin unless the same files were checked before, and keeps what
    /// was found. Leaks are not looked for.
    ///
    /// - Throws: `.denied` with the failed checks and both cures.
    func admit(
        _ candidate: PluginFolder.Candidate, check: @autoclosure () -> PluginCheck
    ) throws(PluginHostingError) {
        let known = entries()[try PluginDigest.of(candidate)]
        if let known, known.edition == PluginCheck.edition { return try judge(known, candidate) }
        var check = check()
        check.looksForLeaks = false
        let report = check.run(candidate)
        // What cannot be kept is found again at the next start.
        try? keep(report, of: candidate, waiver: nil)
        try judge(Entry(report), candidate)
    }

    /// Checks a plugin in full, whatever was found before, and keeps what is found:
    /// for a person who waits for it.
    ///
    /// - Throws: `.denied` with the failed checks and both cures.
    func examine(
        _ candidate: PluginFolder.Candidate, check: PluginCheck
    ) throws(PluginHostingError) -> PluginCheckReport {
        let report = check.run(candidate)
        try? keep(report, of: candidate, waiver: nil)
        var entry = Entry(report)
        entry.waiver = entries()[try PluginDigest.of(candidate)]?.waiver
        try judge(entry, candidate)
        return report
    }

    private func judge(_ entry: Entry, _ candidate: PluginFolder.Candidate) throws(PluginHostingError) {
        guard entry.failures.isEmpty || entry.waiver != nil else {
            let path = candidate.resourceFolder ?? candidate.library
            let failures = entry.failures.map { "\($0.check) (\($0.sentence.trimmingSuffix(".")))" }
            let waive = "or let it in with `miaopu plugin waive \(path) --reason …`"
            throw PluginHostingError(
                .denied, candidate.library,
                "\(candidate.library) is not loaded: it does not pass the check: \(failures.joined(separator: "; ")); "
                    + "correct it with the help of `miaopu plugin check \(path)`"
                    + (entry.failures.allSatisfy(\.canBeWaived) ? ", \(waive)." : "."))
        }
    }

    /// Changes when something is written down.
    var mark: String { PluginSighting.line(file.path) }

    /// Writes down what a check found; a waiver of the same files stays.
    ///
    /// - Throws: `.failed` when the state folder cannot be written to, or holds a
    ///   file that is no list of admissions.
    public func keep(_ report: PluginCheckReport, of path: String) throws(PluginHostingError) {
        try keep(report, of: try PluginFolder.candidate(at: path), waiver: nil)
    }

    private func keep(
        _ report: PluginCheckReport, of candidate: PluginFolder.Candidate, waiver: Waiver?
    ) throws(PluginHostingError) {
        let digest = try PluginDigest.of(candidate)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // Two programs may keep at the same time.
            let lock = open(folder.appendingPathComponent("admission.lock").path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            defer { if lock >= 0 { close(lock) } }
            if lock >= 0 { flock(lock, LOCK_EX) }
            var entries = try read()
            var entry = Entry(report)
            entry.waiver = waiver ?? entries[digest]?.waiver
            entries[digest] = entry
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(entries).write(to: file, options: .atomic)
        } catch {
            throw PluginHostingError(
                .failed, file.path, "\(file.path) cannot be kept: \(error.localizedDescription)")
        }
    }

    /// Empty when there is no file, and when it cannot be read: everything is
    /// checked again then.
    private func entries() -> [String: Entry] {
        (try? read()) ?? [:]
    }

    private func read() throws -> [String: Entry] {
        guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
        return try JSONDecoder().decode([String: Entry].self, from: Data(contentsOf: file))
    }

    fileprivate static var now: String { Date().formatted(.iso8601) }
}

extension PluginAdmissions.Entry {
    init(_ report: PluginCheckReport) {
        self.init(
            file: report.file, plugin: report.plugin, edition: PluginCheck.edition, time: PluginAdmissions.now,
            failures: report.failures, waiver: nil)
    }
}

extension PluginLoader {
    /// Lets a plugin in that passes the check or is waived, where that is asked
    /// for.
    func admit(_ candidate: PluginFolder.Candidate) throws(PluginHostingError) {
        guard candidate.needsAdmission else { return }
        try PluginAdmissions(stateFolder: configuration.stateFolder)
            .admit(candidate, check: configuration.check)
    }
}

/// The fingerprint of a plugin's files.
enum PluginDigest {
    /// The most files and bytes that a plugin's folder may have.
    private static let maxFiles = 10_000
    private static let maxBytes = 2 << 30

    /// The SHA-256 of a library, or of the names and contents of all files in a
    /// plugin's folder, in hexadecimal.
    ///
    /// - Throws: `.notAPlugin` when a file cannot be read, and for more files or
    ///   bytes than a plugin has.
    static func of(_ candidate: PluginFolder.Candidate) throws(PluginHostingError) -> String {
        func refuse(_ reason: String) -> PluginHostingError {
            PluginHostingError(.notAPlugin, candidate.library, "\(candidate.library) is not loaded: \(reason).")
        }
        var hash = SHA256()
        var bytes = 0
        func add(_ path: String) throws(PluginHostingError) {
            guard let file = FileHandle(forReadingAtPath: path) else { throw refuse("\(path) cannot be read") }
            do {
                while let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
                    bytes += part.count
                    guard bytes <= maxBytes else { break }
                    hash.update(data: part)
                }
            } catch {
                throw refuse("\(path) cannot be read")
            }
            guard bytes <= maxBytes else { throw refuse("it has more than \(maxBytes >> 30) GiB") }
        }
        if let folder = candidate.resourceFolder {
            let names = ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []).sorted()
            guard names.count <= maxFiles else { throw refuse("its folder has more than \(maxFiles) files") }
            for name in names {
                let path = "\(folder)/\(name)"
                let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
                if type == .typeDirectory { continue }
                guard type == .typeRegular else { throw refuse("\(path) is no regular file") }
                // Names and lengths, so that no two folders are one run of bytes.
                let before = bytes
                hash.update(data: Data("\(name)\u{0}".utf8))
                try add(path)
                hash.update(data: Data("\u{0}\(bytes - before)\u{0}".utf8))
            }
        } else {
            try add(candidate.library)
        }
        return hash.finalize().map { String(format: "%02x", $0) }.joined()
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
