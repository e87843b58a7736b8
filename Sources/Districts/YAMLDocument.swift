// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Yams

/// Reads a YAML file under ceilings, and hands out its root.
///
/// Anchors and aliases are refused: nobody needs them here, and a few of them
/// can describe billions of nodes.
enum YAMLDocument {
    /// In bytes.
    static let largestFile = 4 << 20

    /// The root of the document at `url`; nil, with a mistake added, when it
    /// cannot be read as YAML.
    static func read(_ url: URL, called file: String, mistakes: MistakeList) -> YAMLValue? {
        func refuse(_ sentence: String, line: Int? = nil) -> YAMLValue? {
            mistakes.add(Mistake(file: file, line: line, sentence: sentence))
            return nil
        }
        let bytes: Data
        do {
            let handle = try FileHandle(forReadingFrom: url)
            defer { try? handle.close() }
            bytes = try handle.read(upToCount: largestFile + 1) ?? Data()
        } catch {
            return refuse("there is no such file, or it may not be read")
        }
        if bytes.count > largestFile {
            return refuse("the file is larger than \(largestFile >> 20) MB")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return refuse("the text is not UTF-8; save the file in UTF-8")
        }
        return read(text: text, called: file, mistakes: mistakes)
    }

    static func read(text: String, called file: String, mistakes: MistakeList) -> YAMLValue? {
        func refuse(_ sentence: String, line: Int? = nil) -> YAMLValue? {
            mistakes.add(Mistake(file: file, line: line, sentence: sentence))
            return nil
        }
        // Editors on Windows put a byte order mark before the text.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        if let line = lineOfAlias(in: Array(text.utf8)) {
            return refuse("anchors (&name) and aliases (*name) are not read here; write the value again", line: line)
        }
        do {
            guard let root = try Yams.compose(yaml: text) else { return refuse("the file is empty") }
            return YAMLValue(node: root, path: "", file: file, mistakes: mistakes)
        } catch let error as YamlError {
            let (sentence, line) = explain(error)
            return refuse(sentence, line: line)
        } catch {
            return refuse("the file is not YAML")
        }
    }

    /// The line of the first alias, when the text may hold both an anchor and an
    /// alias.
    ///
    /// The scan errs towards finding one: it looks into quotes and comments too,
    /// because what hides in them cannot be told without a whole YAML scanner.
    /// It runs before the parser, which compares keys and would walk a bomb.
    private static func lineOfAlias(in bytes: [UInt8]) -> Int? {
        func opensToken(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "&"), UInt8(ascii: "*"): true
            default: false
            }
        }
        func mayPrecede(_ byte: UInt8) -> Bool {
            // Whitespace, flow punctuation, a colon after a quoted key, and
            // everything beyond ASCII, which holds a byte order mark and the
            // line separators of Unicode.
            byte <= 0x20 || byte >= 0x80 || ":[]{},?-\"'!".utf8.contains(byte)
        }
        func mayFollow(_ byte: UInt8) -> Bool {
            byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                || (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
        }
        var line = 1
        var hasAnchor = false
        var lineOfAlias: Int?
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A { line += 1 }
            guard opensToken(byte), index + 1 < bytes.count, mayFollow(bytes[index + 1]),
                index == 0 || mayPrecede(bytes[index - 1])
            else { continue }
            if byte == UInt8(ascii: "&") { hasAnchor = true } else if lineOfAlias == nil { lineOfAlias = line }
            if hasAnchor, let lineOfAlias { return lineOfAlias }
        }
        return nil
    }

    private static func explain(_ error: YamlError) -> (sentence: String, line: Int?) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ("this is not YAML: \(problem)", mark.line)
        case .reader(let problem, _, _, _):
            ("this is not YAML: \(problem)", nil)
        case .duplicatedKeysInMapping(let duplicates, let context):
            ("the key \"\(duplicates.joined(separator: "\", \""))\" is written twice in one place", context.mark.line)
        default:
            ("this is not YAML", nil)
        }
    }
}
