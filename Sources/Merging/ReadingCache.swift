// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Crypto
import Foundation

/// Keeps the records of sources that others are judged or placed by, so that the
/// delivery of one town does not read the files of all others again.
///
/// A file is named by the fingerprint of its source, which stands for everything
/// that decides the records, and begins with the SHA-256 of the rest. One that is
/// missing or damaged is as good as none.
struct ReadingCache {
    private let folder: URL

    /// A source with more than this is read again each time.
    private static let mostBytes = 64 << 20

    /// - Parameter layer: the id of the layer that the sources belong to.
    init(in district: URL, layer: String) {
        folder = district.appendingPathComponent(".miaopu/readings/\(layer)")
    }

    /// The frames of a source, one behind the other; nil when they have to be read.
    func records(of source: PreparedSource) -> [UInt8]? {
        let size = SHA256.byteCount
        guard let file = try? FileHandle(forReadingFrom: url(of: source.fingerprint)),
            let data = try? file.read(upToCount: Self.mostBytes + size), data.count >= size
        else { return nil }
        let records = data.dropFirst(size)
        return SHA256.hash(data: records) == data.prefix(size) ? Array(records) : nil
    }

    /// Keeps the frames of a source. A disk that has no room for them keeps none.
    func keep(_ frames: [[UInt8]], of source: PreparedSource) {
        let records = Data(frames.joined())
        guard records.count <= Self.mostBytes else { return }
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? (Data(SHA256.hash(data: records)) + records).write(to: url(of: source.fingerprint), options: .atomic)
    }

    /// Removes what sources were before they changed.
    func forgetOthers(than sources: [PreparedSource]) {
        let current = Set(sources.map(\.fingerprint))
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        where !current.contains(name) {
            try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
    }

    private func url(of fingerprint: String) -> URL { folder.appendingPathComponent(fingerprint) }
}
