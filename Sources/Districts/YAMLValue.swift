// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Yams

/// A node of a YAML document that knows its place and reports what is wrong
/// with it: each accessor returns nil after it has added a mistake.
struct YAMLValue {
    let node: Node
    /// `sources[3].crs`; empty for the root.
    let path: String
    let file: String
    let mistakes: MistakeList

    var line: Int? { node.mark?.line }

    var isMapping: Bool { node.mapping != nil }

    var isList: Bool { node.sequence != nil }

    /// Whether nothing, `~` or `null` stands here: the same as leaving it out.
    var isNull: Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null"].contains(scalar.string)
    }

    func refuse(_ sentence: String) {
        mistakes.add(Mistake(file: file, line: line, path: path, sentence: sentence))
    }

    /// `"房屋" is not a town; did you mean …`.
    func refuse(_ word: String, isNot what: String, accepted: String? = nil, among candidates: [String] = []) {
        let accepted = accepted ?? candidates.joined(separator: ", ")
        let tail = accepted.isEmpty ? "" : "; accepted: \(accepted)"
        refuse("\"\(Self.shortened(word))\" is not \(what)\(tail)\(Suggestions.question(for: word, among: candidates))")
    }

    /// The text of a scalar exactly as it is written, whatever YAML would make
    /// of it: `0101` stays `0101`. At most 4,000 characters and none of them a
    /// control character.
    func text(atMost most: Int = 4000) -> String? {
        guard case .scalar(let scalar) = node else {
            refuse("a single value is expected here, not \(Self.kind(of: node))")
            return nil
        }
        let text = scalar.string
        if text.count > most {
            refuse("the text is longer than \(most) characters")
            return nil
        }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\n" }) {
            refuse("the text holds a control character")
            return nil
        }
        return text
    }

    /// Text that is not empty.
    func word(atMost most: Int = 200) -> String? {
        guard let text = text(atMost: most) else { return nil }
        if text.allSatisfy(\.isWhitespace) {
            refuse("the text is empty")
            return nil
        }
        return text
    }

    func integer(in range: ClosedRange<Int>) -> Int? {
        guard let text = text(atMost: 64) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            refuse(text, isNot: "a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    func number(in range: ClosedRange<Double>) -> Double? {
        guard let text = text(atMost: 64) else { return nil }
        guard let value = Double(text), range.contains(value) else {
            refuse(text, isNot: "a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    func boolean() -> Bool? {
        guard let text = text(atMost: 64) else { return nil }
        switch text.lowercased() {
        case "true", "yes": return true
        case "false", "no": return false
        default:
            refuse(text, isNot: "a yes or no", among: ["true", "false"])
            return nil
        }
    }

    /// One of a closed list, by its spelling.
    func choice<Value: RawRepresentable & CaseIterable>(_ what: String, of type: Value.Type = Value.self) -> Value?
    where Value.RawValue == String {
        guard let text = text(atMost: 64) else { return nil }
        if let value = Value(rawValue: text) { return value }
        refuse(text, isNot: what, among: Value.allCases.map(\.rawValue))
        return nil
    }

    /// The elements of a sequence; none when it is left empty.
    func elements() -> [YAMLValue]? {
        if isNull { return [] }
        guard case .sequence(let sequence) = node else {
            refuse("a list is expected here, not \(Self.kind(of: node))")
            return nil
        }
        return sequence.enumerated().map { index, node in
            YAMLValue(node: node, path: "\(path)[\(index)]", file: file, mistakes: mistakes)
        }
    }

    /// The mapping here, after every key outside `known` was reported. Any key
    /// is welcome when `known` is nil.
    func mapping(_ what: String, known: [String]? = nil) -> YAMLMapping? {
        guard case .mapping(let mapping) = node else {
            refuse("\(what) is expected here, as key: value, not \(Self.kind(of: node))")
            return nil
        }
        var entries: [(key: String, keyLine: Int?, value: YAMLValue)] = []
        for (keyNode, node) in mapping {
            guard case .scalar(let scalar) = keyNode else {
                refuse("a key must be a single word")
                continue
            }
            let key = scalar.string
            let shown = Self.shortened(key)
            let value = YAMLValue(
                node: node, path: path.isEmpty ? shown : "\(path).\(shown)", file: file, mistakes: mistakes)
            if let known, !known.contains(key) {
                let question = Suggestions.question(for: key, among: known)
                let accepted = known.joined(separator: ", ")
                mistakes.add(
                    Mistake(
                        file: file, line: keyNode.mark?.line, path: path,
                        sentence: "there is no key \"\(shown)\" in \(what); accepted: \(accepted)\(question)"))
                continue
            }
            entries.append((key, keyNode.mark?.line, value))
        }
        return YAMLMapping(value: self, entries: entries)
    }

    private static func kind(of node: Node) -> String {
        switch node {
        case .scalar(let scalar): "\"\(shortened(scalar.string))\""
        case .mapping: "keys and values"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    private static func shortened(_ text: String) -> String {
        let line = text.prefix { !$0.isNewline }
        return line.count <= 60 && line.count == text.count ? text : String(line.prefix(57)) + "…"
    }
}

/// The entries of a YAML mapping in the order in which they are written.
struct YAMLMapping {
    let value: YAMLValue
    let entries: [(key: String, keyLine: Int?, value: YAMLValue)]

    /// The value of a key; nil when the key is absent or its value left empty.
    subscript(key: String) -> YAMLValue? {
        guard let entry = entries.first(where: { $0.key == key }), !entry.value.isNull else { return nil }
        return entry.value
    }

    /// The value of a key that must be there.
    func required(_ key: String, _ what: String) -> YAMLValue? {
        if let found = self[key] { return found }
        value.refuse("\"\(key)\" is missing: \(what)")
        return nil
    }
}
