// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// What is being done: one line that is written over on a terminal, plain lines
/// elsewhere. Goes to standard error.
struct ProgressLine: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    let isQuiet: Bool

    func show(_ text: String) {
        guard !isQuiet else { return }
        try? FileHandle.standardError.write(contentsOf: Data((isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n").utf8))
    }

    func clear() {
        guard !isQuiet, isTerminal else { return }
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K".utf8))
    }
}
