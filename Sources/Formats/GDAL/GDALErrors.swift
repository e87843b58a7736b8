// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import ChildProcesses
import Foundation

/// What GDAL complains about while `collect` runs. GDAL returns success in many
/// cases where it has failed: a failure that was reported counts, whatever was
/// returned.
final class GDALErrors {
    private(set) var failures: [String] = []
    private static let kept = 20

    /// Runs `body` with GDAL's messages coming here.
    func collect<Result>(_ body: () throws -> Result) rethrows -> Result {
        CPLPushErrorHandlerEx(
            { level, _, text in
                guard let context = CPLGetErrorHandlerUserData() else { return }
                Unmanaged<GDALErrors>.fromOpaque(context).takeUnretainedValue().take(level, text)
            }, Unmanaged.passUnretained(self).toOpaque())
        defer { CPLPopErrorHandler() }
        return try body()
    }

    /// The failures since the last call.
    func takeFailures() -> [String] {
        guard !failures.isEmpty else { return [] }
        defer { failures.removeAll() }
        return failures
    }

    /// The failures since the last call, all of them faults of the file.
    ///
    /// - Throws: what `exhaustion` finds.
    func takeFailures(reading name: String) throws(FormatsError) -> [String] {
        let failures = takeFailures()
        if let exhaustion = Self.exhaustion(failures, reading: name) { throw exhaustion }
        return failures
    }

    /// What is no fault of the file's: a full disk, or too little memory. GDAL
    /// tells the one in words alone, and the other not always.
    static func exhaustion(_ failures: [String], reading name: String) -> FormatsError? {
        guard !failures.isEmpty else { return nil }
        func tell(_ words: [String]) -> Bool {
            failures.contains { failure in words.contains { failure.lowercased().contains($0) } }
        }
        if tell(["no space left on device", "disk is full"]) { return .scratch(name, ENOSPC) }
        if tell(["bad_alloc", "out of memory", "cannot allocate"]) || MemoryCeiling.wasNearlyReached {
            return .memory(name)
        }
        return nil
    }

    private func take(_ level: CPLErr, _ text: UnsafePointer<CChar>?) {
        let message = text.map { String(cString: $0) } ?? ""
        if level == CE_Failure || level == CE_Fatal {
            if failures.count < Self.kept { failures.append(message) }
        }
    }

    /// A message of GDAL as a clause: one line, no paths of ours, no full stop.
    static func clause(_ messages: [String], folder: String) -> String {
        guard let first = messages.first(where: { !$0.isEmpty }) else { return "GDAL gives no reason" }
        var text = first.split(whereSeparator: \.isNewline).joined(separator: " ")
        if !folder.isEmpty { text = text.replacing("\(folder)/", with: "") }
        // Some messages begin with the place in GDAL's own sources.
        if text.hasPrefix("./"), let end = text.firstRange(of: ".cpp, "),
            let colon = text[end.upperBound...].firstIndex(of: ":")
        {
            text = String(text[text.index(after: colon)...].drop { $0 == " " })
        }
        while text.hasSuffix(".") || text.hasSuffix(" ") { text.removeLast() }
        return String(text.prefix(300))
    }
}
