// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One thing that is wrong in a file that people write, with its place and
/// what would be accepted.
public struct Mistake: Hashable, Sendable, CustomStringConvertible {
    /// The file as people know it, relative to the district: `district.yaml`.
    public var file: String
    /// From 1; nil when the mistake belongs to the file as a whole.
    public var line: Int?
    /// Where in the document: `sources[3].crs`. Empty for the whole.
    public var path: String
    /// What is wrong and what would be accepted, without file and path.
    public var sentence: String

    public init(file: String, line: Int? = nil, path: String = "", sentence: String) {
        self.file = file
        self.line = line
        self.path = path
        self.sentence = sentence
    }

    /// `district.yaml:17: sources[3].crs: …`.
    public var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return path.isEmpty ? "\(place): \(sentence)" : "\(place): \(path): \(sentence)"
    }
}

/// Why a district or a layer definition was not loaded.
public struct DistrictsError: Error, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The folder or the file is not there, or may not be read.
        case unreadable
        /// The file was read and something in it is wrong.
        case mistaken
    }

    public var kind: Kind
    /// At least one, in the order of file and line.
    public var mistakes: [Mistake]

    public init(_ kind: Kind, _ mistakes: [Mistake]) {
        self.kind = kind
        self.mistakes = mistakes
    }

    /// One line for each mistake.
    public var description: String {
        mistakes.map(\.description).joined(separator: "\n")
    }
}
