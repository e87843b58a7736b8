// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A walk over the tags of an XML file before a parser sees it: bombs of
/// entities and of nesting are refused here.
struct XMLScan {
    /// The name of the outermost element, without its prefix.
    private(set) var root: String?

    /// - Throws: `FormatsError` when the document declares entities, nests deeper
    ///   than allowed, or has no element.
    init(_ bytes: UnsafeRawBufferPointer, name: String, limits: DatasetLimits) throws {
        var offset = 0
        var depth = 0
        // Folders of KML lie in documents and placemarks have a few levels of
        // their own.
        let deepest = limits.nesting * 4
        while let open = bytes[offset...].firstIndex(of: 0x3C) {
            offset = open + 1
            guard offset < bytes.count else { break }
            switch bytes[offset] {
            case 0x21:
                if bytes.has("!--", at: offset) {
                    offset = Self.end(of: "-->", in: bytes, from: offset)
                } else if bytes.has("![CDATA[", at: offset) {
                    offset = Self.end(of: "]]>", in: bytes, from: offset)
                } else {
                    throw FormatsError(
                        .unsafe,
                        "“\(name)” has a document type declaration (<!DOCTYPE …>), which can be a bomb; it is refused. "
                            + "Delete the declaration.")
                }
            case 0x3F: offset = Self.end(of: "?>", in: bytes, from: offset)
            case 0x2F:
                depth -= 1
            default:
                let close = Self.endOfTag(in: bytes, from: offset)
                if root == nil { root = Self.name(bytes.part(from: offset, count: close - offset)) }
                if close > 0, close <= bytes.count, bytes[close - 1] != 0x2F {
                    depth += 1
                    guard depth <= deepest else {
                        throw FormatsError(
                            .tooLarge,
                            "“\(name)” is nested more than \(deepest) levels deep at byte \(open), the most allowed.")
                    }
                }
                offset = close
            }
        }
        guard root != nil else { throw FormatsError(.unrecognised, "“\(name)” has no XML element.") }
    }

    private static func end(of mark: StaticString, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var offset = start
        while offset < bytes.count, let found = bytes[offset...].firstIndex(of: mark.utf8Start[0]) {
            if bytes.has(mark, at: found) { return found + mark.utf8CodeUnitCount }
            offset = found + 1
        }
        return bytes.count
    }

    /// The `>` of a tag; those within quotes do not count.
    private static func endOfTag(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var quote: UInt8 = 0
        for offset in start..<bytes.count {
            let byte = bytes[offset]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
            } else if byte == 0x3E {
                return offset
            }
        }
        return bytes.count
    }

    private static func name(_ tag: UnsafeRawBufferPointer) -> String {
        let end = tag.firstIndex { $0 <= 0x20 || $0 == 0x2F || $0 == 0x3E } ?? tag.count
        let name = String(decoding: tag[..<end], as: UTF8.self)
        return name.split(separator: ":").last.map(String.init) ?? name
    }
}
