// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What was put onto a town's slip, for people and for programs; `slip.json` in
/// its folder is the same.
public struct SlipReport: Sendable, Codable {
    /// A file of a slip as it was made.
    public struct File: Sendable, Codable, Hashable {
        /// Relative to the slip's folder.
        public var name: String
        public var sha256: String
    }

    /// The part of a slip that belongs to one source.
    public struct Part: Sendable, Codable {
        public var source: String
        public var layer: String
        /// The delivered file, relative to the district's folder, and its SHA-256.
        public var path: String
        public var sha256: String
        public var files: [File]
        public var rejected: Int
        /// Records that were repaired or whose border was moved.
        public var altered: Int
        /// Sentences that the town should read.
        public var notes: [String]
    }

    public var town: String
    public var name: String
    /// Where the slip lies.
    public var folder: String
    public var parts: [Part]
    /// Sentences that a person has to act on.
    public var needs: [String]

    /// As plain text.
    public var text: String {
        var lines: [String] = []
        if parts.isEmpty {
            lines.append("\(name): nothing to hand back.")
        } else {
            lines.append("\(name): \(folder)")
            for part in parts {
                lines.append(
                    "  \(part.source): \(MergeReport.count(part.rejected, "record")) rejected, \(part.altered) altered, of "
                        + part.path)
                lines += part.files.map { "    \($0.name)" } + part.notes.map { "    \($0)" }
            }
            lines += [
                "To hand a corrected slip back, put it into maps/ and list it under `corrections:` of its source; keep "
                    + "the column \(SlipMark.column)."
            ]
        }
        if !needs.isEmpty { lines += ["Needs a person"] + needs.map { "  \($0)" } }
        return lines.joined(separator: "\n") + "\n"
    }
}
