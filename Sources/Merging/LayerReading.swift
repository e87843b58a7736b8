// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts

/// Reads the sources of one layer for what others are judged or placed by, before
/// anything is written.
struct LayerReading {
    private let sources: [PreparedSource]
    private let options: Merger.Options
    private let limits: ReadingLimits

    init(_ sources: [PreparedSource], options: Merger.Options, limits: ReadingLimits) {
        self.sources = sources
        self.options = options
        self.limits = limits
    }

    /// Hands over the frames of records of each source that can be read to its
    /// end, in the order of the sources. One that is refused has no part in it.
    ///
    /// - Throws: `MergingError` when the machine failed or the merge is stopped,
    ///   and what `body` throws.
    func forEachSource(_ body: (PreparedSource, [[UInt8]]) throws -> Void) throws {
        guard !sources.isEmpty else { return }
        let readers = SourceReaders(sources, options: options, limits: limits)
        defer { readers.stop() }
        for prepared in sources {
            let channel = readers.channel(of: prepared)
            defer { channel.close() }
            var frames: [[UInt8]] = []
            var isComplete = false
            while !isComplete, let event = channel.receive() {
                if options.isCancelled() {
                    throw MergingError(.cancelled, "Stopped; the district is as it was before.")
                }
                switch event {
                case .finding, .opening: break
                case .records(let bytes): frames.append(bytes)
                case .summary: isComplete = true
                case .failure(let error) where error.kind == .sourceRefused: break
                case .failure(let error): throw error
                }
            }
            if isComplete { try body(prepared, frames) }
        }
    }
}
