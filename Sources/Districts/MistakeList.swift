// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Collects the mistakes of one reading, so that all are told at once.
final class MistakeList {
    /// A hostile file must not make a report of its own size.
    private static let most = 200

    private(set) var mistakes: [Mistake] = []
    private var more = 0

    func add(_ mistake: Mistake) {
        // What stands once and counts for several sources is told once.
        if mistake.line != nil,
            mistakes.contains(where: {
                $0.file == mistake.file && $0.line == mistake.line && $0.sentence == mistake.sentence
            })
        {
            return
        }
        if mistakes.count < Self.most { mistakes.append(mistake) } else { more += 1 }
    }

    func add(contentsOf others: [Mistake]) {
        others.forEach(add)
    }

    var isEmpty: Bool { mistakes.isEmpty }

    /// All mistakes by file and line, with a last line for those left out.
    var sorted: [Mistake] {
        let inOrder = mistakes.enumerated().sorted {
            ($0.element.file, $0.element.line ?? 0, $0.offset) < ($1.element.file, $1.element.line ?? 0, $1.offset)
        }.map(\.element)
        guard more > 0, let last = inOrder.last else { return inOrder }
        return inOrder + [Mistake(file: last.file, sentence: "and \(more) more mistakes")]
    }
}
