// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Text that was read in a wrong encoding once and saved as what came out:
/// “灏忔咕” for “小湾”, “å°æ¹¾”, or “锟斤拷” for what is lost for good.
struct DoubleEncoding {
    /// Distinct values that look like it.
    var count = 0
    /// Distinct values beyond ASCII.
    var total = 0
    /// What was read as what: `UTF-8`, `GBK`.
    var was = ""
    var readAs = ""
    var example: (now: String, before: String)?
    /// Distinct values in which characters are lost.
    var lost = 0

    /// The ways in which it happens, the encoding that the text was in first.
    private static let ways: [(was: String, readAs: String, title: String)] = [
        ("UTF-8", "GB18030", "GBK"), ("UTF-8", "WINDOWS-1252", "Windows-1252"),
        ("UTF-8", "ISO-8859-1", "Latin-1"), ("GB18030", "WINDOWS-1252", "Windows-1252"),
        ("GB18030", "ISO-8859-1", "Latin-1"),
    ]
    /// Of the characters that come out when it is undone, so many are ordinary.
    private static let ordinaryShare = 0.8

    /// What is found in distinct values of one column; nil when that is nothing.
    static func find(in texts: [String]) -> DoubleEncoding? {
        var found: DoubleEncoding?
        let beyond = texts.filter { !$0.utf8.allSatisfy { $0 < 0x80 } }
        let lost = beyond.count { $0.contains("锟斤拷") || $0.unicodeScalars.contains("\u{FFFD}") }
        for way in ways {
            guard let encoder = TextEncoder(encoding: way.readAs), let decoder = TextDecoder(encoding: way.was) else {
                continue
            }
            var candidate = DoubleEncoding(total: beyond.count, was: way.was, readAs: way.title)
            for text in beyond {
                guard let before = undone(text, encoder, decoder) else { continue }
                candidate.count += 1
                if candidate.example == nil { candidate.example = (text, before) }
            }
            if candidate.count > found?.count ?? 0 { found = candidate }
        }
        if lost > 0 {
            found = found ?? DoubleEncoding(total: beyond.count)
            found?.lost = lost
        }
        return found
    }

    /// The text before it was read wrongly; nil when it reads no better so.
    private static func undone(_ text: String, _ encoder: TextEncoder, _ decoder: TextDecoder) -> String? {
        guard let bytes = encoder.encode(text) else { return nil }
        // The last character may have been lost on the way.
        let decoded = bytes.withUnsafeBytes { decoder.decodeCut($0) }
        guard decoded.replaced == 0, decoded.text != text else { return nil }
        let now = quality(text)
        let before = quality(decoded.text)
        guard before.characters >= 1, before.share >= ordinaryShare, before.share >= now.share + 0.3 else { return nil }
        // One character that reads better may be chance.
        return before.characters >= 2 || now.characters >= 3 ? decoded.text : nil
    }

    /// The share of ordinary hanzi among what is beyond ASCII.
    private static func quality(_ text: String) -> (share: Double, characters: Int) {
        var characters = 0
        var ordinary = 0
        for scalar in text.unicodeScalars {
            switch CharacterTable.shared.kind(of: scalar) {
            case .ascii: continue
            case .frequentSimplified, .frequentTraditional, .frequentBoth, .simplified, .both, .traditional, .cjkSign:
                ordinary += 1
            default: break
            }
            characters += 1
        }
        return (characters == 0 ? 0 : Double(ordinary) / Double(characters), characters)
    }

    func sentences(_ subject: String) -> [String] {
        var sentences: [String] = []
        if let example, count > 0 {
            sentences.append(
                "\(count) of \(total) distinct \(subject) look as if \(was) had been read as \(readAs) and saved again: "
                    + "“\(example.now.prefix(20))” would be “\(example.before.prefix(20))”. They are kept as delivered; ask "
                    + "the town for the text before that.")
        }
        if lost > 0 {
            sentences.append(
                "\(lost) of \(total) distinct \(subject) hold marks of characters that were lost before the delivery "
                    + "(“\u{FFFD}”, “锟斤拷”); ask the town for the text before that.")
        }
        return sentences
    }
}
