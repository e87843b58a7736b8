// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A process that is not mistaken for a later one with its number.
struct ProcessIdentity: Hashable {
    var process: Int32
    /// Clock ticks between the start of the machine and that of the process.
    var start: UInt64

    /// This process; nil where there is no /proc.
    static let current: ProcessIdentity? = start(of: getpid()).map { ProcessIdentity(process: getpid(), start: $0) }

    /// Changes with each start of the machine; empty where there is no /proc.
    static let boot: String =
        (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
        .trimmingCharacters(in: .whitespacesAndNewlines) ?? ""

    /// Whether it runs on this machine now.
    var isAlive: Bool { Self.start(of: process) == start }

    /// Nil for a process that there is not, and for one that has ended and is
    /// only waited for.
    private static func start(of process: Int32) -> UInt64? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            // The second field is a name, which may hold blanks and brackets.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return UInt64(fields[19])
    }
}
