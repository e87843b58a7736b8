// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Paths in `district.yaml`: relative, and never above the district's folder.
enum RelativePath {
    /// What is wrong with a path; nil when nothing is.
    static func fault(in path: String) -> String? {
        if path.hasPrefix("/") || path.hasPrefix("~") || path.hasPrefix("\\") || path.dropFirst().hasPrefix(":\\") {
            return "the path must be relative to the district's folder; copy or link the file into maps/"
        }
        if path.contains("\\") { return "write the path with / between folders" }
        if path.contains("\n") { return "the path must stand on one line" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        if parts.contains("..") { return "the path must not leave the district's folder with .." }
        if parts.allSatisfy({ $0 == "." }) { return "the path names no file" }
        return nil
    }
}

/// The ids that appear in file names and URLs.
enum Identifier {
    static let accepted = "a to z, 0 to 9 and hyphens, at most 64"

    static func isValid(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D }
    }
}
