// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import Foundation

/// What people said of records that may be features which the district already
/// had: the file `matches/<source>.yaml` of a source.
///
/// The merge adds proposals at its end and changes nothing that stands in it.
public struct MatchList: Sendable, Hashable {
    /// A record that may be an earlier feature.
    public struct Entry: Sendable, Hashable {
        /// The feature's id.
        public var feature: Int64
        /// What stood for its geometry and values: a hash.
        public var was: Int64
        /// What stands for those of the record.
        public var content: Int64
        /// Whether the record is that feature; nil as long as nobody has said.
        public var isAccepted: Bool?
        /// Where it stands in the file, from 1.
        public var line: Int?

        public init(feature: Int64, was: Int64, content: Int64, isAccepted: Bool?, line: Int? = nil) {
            self.feature = feature
            self.was = was
            self.content = content
            self.isAccepted = isAccepted
            self.line = line
        }

        /// As it is written: sixteen hexadecimal digits.
        public static func text(ofContent content: Int64) -> String {
            let digits = String(UInt64(bitPattern: content), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
    }

    /// A source cannot have more: nobody reviews that many.
    public static let mostEntries = 10_000

    /// Relative to the district: `matches/meilong-ponds.yaml`.
    public let path: String
    /// In the order of the file.
    public let entries: [Entry]

    /// The accepted entries, in an order that does not depend on the file's.
    public var accepted: [Entry] {
        entries.filter { $0.isAccepted == true }.sorted {
            ($0.feature, $0.was, $0.content) < ($1.feature, $1.was, $1.content)
        }
    }

    private static let header = """
        # Records that may be features which the district already had, with another outline or other attributes.
        #   accept: true    it is that feature, which keeps its id from the next merge on
        #   accept: false   it is another one; this is not proposed again
        #   accept:         nobody has said yet, and the record is another feature
        # New proposals are added at the end. Lines that no longer matter may be taken out.

        """

    /// - Throws: `DistrictsError` of kind `.mistaken` with every mistake of the
    ///   file; a file that is not there holds nothing.
    public init(of source: SourceDefinition, in directory: URL) throws(DistrictsError) {
        path = "matches/\(source.id).yaml"
        let url = directory.appendingPathComponent(path)
        guard FileManager.default.fileExists(atPath: url.path) else {
            entries = []
            return
        }
        let mistakes = MistakeList()
        let bytes = try? FileHandle(forReadingFrom: url).read(upToCount: YAMLDocument.largestFile)
        if let bytes, Self.isEmpty(bytes) {
            entries = []
            return
        }
        let root = YAMLDocument.read(url, called: path, mistakes: mistakes)
        entries = root.map { Self.entries($0, of: source) } ?? []
        guard mistakes.isEmpty else { throw DistrictsError(.mistaken, mistakes.sorted) }
    }

    /// Whether only comments are left, which is no YAML document.
    private static func isEmpty(_ bytes: Data) -> Bool {
        bytes.split(separator: 0x0A).allSatisfy { line in
            let text = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            return text.isEmpty || text.first == 0x23
        }
    }

    private static func entries(_ root: YAMLValue, of source: SourceDefinition) -> [Entry] {
        guard let values = root.elements() else { return [] }
        guard values.count <= mostEntries else {
            root.refuse("\(values.count) entries are too many; \(mostEntries) are accepted")
            return []
        }
        var accepted: [Int64: Entry] = [:]
        var seen: [[Int64]: Int?] = [:]
        return values.compactMap { value -> Entry? in
            guard let mapping = value.mapping("a match", known: ["feature", "was", "content", "accept"]) else { return nil }
            let feature = mapping.required("feature", "the id of the earlier feature").flatMap {
                Self.feature($0, of: source)
            }
            let was = mapping.required("was", "the sixteen digits that stood for the feature").flatMap(content)
            let content = mapping.required("content", "the sixteen digits that stand for the record").flatMap(content)
            let answer = mapping["accept"]?.boolean()
            guard let feature, let was, let content else { return nil }
            let entry = Entry(feature: feature, was: was, content: content, isAccepted: answer, line: value.line)
            if let line = seen.updateValue(value.line, forKey: [feature, was, content]) {
                value.refuse("this match stands here twice\(line.map { ", first in line \($0)" } ?? "")")
            } else if answer == true, let other = accepted.updateValue(entry, forKey: content) {
                value.refuse(
                    "the record \(Entry.text(ofContent: content)) is accepted as the feature \(other.feature) already"
                        + (other.line.map { ", in line \($0)" } ?? "") + "; one record is one feature")
            }
            return entry
        }
    }

    private static func feature(_ value: YAMLValue, of source: SourceDefinition) -> Int64? {
        guard let number = value.integer(in: 1...(1 << 53 - 1)) else { return nil }
        guard number >> 31 == Int(source.slot) else {
            value.refuse("\"\(number)\" is no feature of the source “\(source.id)”; accepted: the id of one that was")
            return nil
        }
        return Int64(number)
    }

    private static func content(_ value: YAMLValue) -> Int64? {
        guard let text = value.text(atMost: 64) else { return nil }
        guard text.utf8.count == 16, let bits = UInt64(text, radix: 16), !text.hasPrefix("+") else {
            value.refuse(text, isNot: "what stands for geometry and values", accepted: "sixteen digits from 0 to f, in quotes")
            return nil
        }
        return Int64(bitPattern: bits)
    }

    /// Adds proposals at the end of the file, which is made where there is none.
    ///
    /// - Parameter proposals: with a remark for the person who reviews them.
    /// - Throws: `DistrictsError` when the file cannot be written, or would no
    ///   longer be a list.
    public static func append(
        _ proposals: [(entry: Entry, remark: String)], for source: SourceDefinition, in directory: URL
    ) throws(DistrictsError) {
        let path = "matches/\(source.id).yaml"
        let url = directory.appendingPathComponent(path)
        let before = try? String(contentsOf: url, encoding: .utf8)
        var text = before ?? Self.header
        if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
        for (entry, remark) in proposals {
            text += """
                - feature: \(entry.feature)
                  was: "\(Entry.text(ofContent: entry.was))"
                  content: "\(Entry.text(ofContent: entry.content))"
                  accept:
                  # \(YAMLText.comment(remark))

                """
        }
        let mistakes = MistakeList()
        guard YAMLDocument.read(text: text, called: path, mistakes: mistakes)?.elements() != nil,
            text.utf8.count <= YAMLDocument.largestFile
        else {
            let sentence = "proposals cannot be added at the end; write the entries one below the other, each after “- ”"
            throw DistrictsError(.mistaken, [Mistake(file: path, sentence: sentence)])
        }
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url, options: .atomic)
        } catch {
            throw DistrictsError(.unreadable, [Mistake(file: path, sentence: error.localizedDescription)])
        }
    }
}
