// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts

/// Reads the sources of one layer for what others are judged or placed by, before
/// anything is written.
struct LayerReading {
    private let sources: [PreparedSource]
    private let options: Merger.Options
    private let limits: ReadingLimits
    private let cache: ReadingCache

    init(_ sources: [PreparedSource], options: Merger.Options, limits: ReadingLimits, cache: ReadingCache) {
        self.sources = sources
        self.options = options
        self.limits = limits
        self.cache = cache
    }

    /// Hands over the frames of records of each source that can be read to its
    /// end, in the order of the sources. One that is refused has no part in it. Only
    /// what changed since it was read before is read.
    ///
    /// - Throws: `MergingError` when the machine failed or the merge is stopped,
    ///   and what `body` throws.
    func forEachSource(_ body: (PreparedSource, [[UInt8]]) throws -> Void) throws {
        let known = sources.map(cache.records)
        let changed = sources.indices.filter { known[$0] == nil }.map { sources[$0] }
        let readers = SourceReaders(changed, options: options, limits: limits)
        defer { readers.stop() }
        for (prepared, records) in zip(sources, known) {
            if let records {
                try body(prepared, [records])
                continue
            }
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
            guard isComplete else { continue }
            cache.keep(frames, of: prepared)
            try body(prepared, frames)
        }
        cache.forgetOthers(than: sources)
    }
}
