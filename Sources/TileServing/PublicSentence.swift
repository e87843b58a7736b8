// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A sentence of the host or of a plugin as everybody may read it: without the
/// folders of this computer, and without what a plugin's process wrote.
struct PublicSentence {
    /// Folders that are known to stand in sentences; those with blanks in their
    /// names cannot be told otherwise.
    var folders: [String]

    /// Characters that are kept.
    static let longest = 500

    func text(_ sentence: String) -> String {
        // A process that ends writes what it likes, its passwords too.
        var text = sentence
        if let end = text.range(of: Self.lastWords)?.lowerBound { text = text[..<end] + "." }
        for folder in folders.sorted(by: { $0.utf8.count > $1.utf8.count }) where folder.utf8.count > 1 {
            text = text.replacing("\(folder)/", with: "")
            text = text.replacing(folder, with: folder.split(separator: "/").last.map(String.init) ?? "")
        }
        // The last part of any other path stays: it is what people know a file by.
        text = text.replacing(/(?<before>^|[^\w.\/])\/(?:[^\s\/,;:"“”`]+\/)+/) { String($0.output.before) }
        guard text.count > Self.longest else { return text }
        return text.prefix(Self.longest - 1) + "…"
    }

    /// What stands before the last line that a process wrote.
    private static let lastWords = ". It wrote: "
}
