// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why a child could not be started or heard. What becomes of a child that did
/// start is a `ChildExit`, not an error.
public struct ChildProcessesError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The system has no process, socket, memory or folder for it.
        case systemRefused
        /// The caller asked for what cannot be: a request or frame larger than
        /// its ceiling, a reserved kind.
        case wrongUse
        /// The other side has gone.
        case disconnected
    }

    public let kind: Kind
    /// One sentence.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// The sentence of a system call that failed with `code`.
    static func system(_ doing: String, code: Int32) -> ChildProcessesError {
        ChildProcessesError(.systemRefused, "\(doing) failed: \(systemMessage(code)).")
    }
}
