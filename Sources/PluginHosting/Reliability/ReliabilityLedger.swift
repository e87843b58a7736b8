// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Glibc
import Synchronization

/// The figures of one plugin, in memory and in `state/reliability/<id>.json`.
///
/// What was counted since the last writing is added to what the file holds
/// then: two hosts of one district count together.
final class ReliabilityLedger: Sendable {
    private struct State {
        /// What the file held when it was last read or written.
        var written = ReliabilityFigures()
        /// Counted since.
        var pending = ReliabilityFigures()
        /// On its way into the file.
        var leaving = ReliabilityFigures()
        var isDamageTold = false
    }

    let plugin: String
    private let folder: String
    private let log: @Sendable (String) -> Void
    private let state = Mutex(State())
    /// One writing at a time.
    private let writing = Mutex(())

    /// The largest file that is read, in bytes; a whole one is a few kilobytes.
    private static let maxBytes = 1 << 20

    init(plugin: String, stateFolder: String, log: @escaping @Sendable (String) -> Void = { _ in }) {
        self.plugin = plugin
        folder = Self.folder(in: stateFolder)
        self.log = log
        let written = read()
        state.withLock { $0.written = written }
    }

    static func folder(in stateFolder: String) -> String { "\(stateFolder)/reliability" }

    /// Everything that was counted.
    var figures: ReliabilityFigures {
        state.withLock { state in
            var figures = state.written
            figures.merge(state.leaving)
            figures.merge(state.pending)
            return figures
        }
    }

    /// Counts something.
    func count(_ body: (inout ReliabilityFigures) -> Void) {
        state.withLock { body(&$0.pending) }
    }

    /// Writes what was counted. A disk that is full or read-only keeps it in
    /// memory for the next time.
    func write() {
        writing.withLock { _ in writeNow() }
    }

    private func writeNow() {
        let pending = state.withLock { state in
            state.leaving = state.pending
            state.pending = ReliabilityFigures()
            return state.leaving
        }
        guard pending != ReliabilityFigures() else { return }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let lock = open("\(folder)/.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            defer { if lock >= 0 { close(lock) } }
            if lock >= 0 { flock(lock, LOCK_EX) }
            var figures = read()
            figures.merge(pending)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try encoder.encode(figures).write(to: URL(fileURLWithPath: file), options: .atomic)
            let whole = figures
            state.withLock { state in
                state.written = whole
                state.leaving = ReliabilityFigures()
            }
        } catch {
            let isNew = state.withLock { state in
                state.pending.merge(state.leaving)
                state.leaving = ReliabilityFigures()
                defer { state.isDamageTold = true }
                return !state.isDamageTold
            }
            if isNew { log("The figures of the plugin \(plugin) cannot be written: \(error.localizedDescription)") }
        }
    }

    private var file: String { "\(folder)/\(plugin).json" }

    /// Nothing when there is no file; and when it cannot be read, which is said
    /// once: figures are worth less than a plugin that runs.
    private func read() -> ReliabilityFigures {
        guard let handle = FileHandle(forReadingAtPath: file) else { return ReliabilityFigures() }
        defer { try? handle.close() }
        let data = (try? handle.read(upToCount: Self.maxBytes + 1)) ?? Data()
        if data.count <= Self.maxBytes, let figures = try? JSONDecoder().decode(ReliabilityFigures.self, from: data),
            figures.isPlausible
        {
            return figures
        }
        let isNew = state.withLock { state in
            defer { state.isDamageTold = true }
            return !state.isDamageTold
        }
        if isNew { log("The figures of the plugin \(plugin) in \(file) are damaged; they begin anew.") }
        return ReliabilityFigures()
    }
}
