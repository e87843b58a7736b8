// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import Foundation
public import SimpleFeatures

/// Writes texts onto a drawing that somebody else made, and changes nothing else
/// in it.
public enum DXFAnnotation {
    /// The layer that the texts are on.
    public static let layer = "MIAOPU_REASON"

    public struct Text: Sendable {
        /// In units of the drawing.
        public var place: Coordinate
        public var text: String

        public init(at place: Coordinate, text: String) {
            self.place = place
            self.text = text
        }
    }

    /// The height of the letters, in units of the drawing.
    private static let height = 1.0

    /// The drawing with texts at the end of its entities.
    ///
    /// - Parameter mark: a text by which the copy is known again, where the first
    ///   text is, or at the origin.
    /// - Returns: nil when the bytes are no drawing in text with a section of
    ///   entities.
    /// - Complexity: O(*n*) in bytes.
    public static func adding(_ texts: [Text], mark: String, to drawing: Data) -> Data? {
        let found = drawing.withUnsafeBytes { survey($0) }
        guard let end = found.end else { return nil }
        let newline = found.hasCarriageReturns ? "\r\n" : "\n"
        // Used only where handles are far from the end of their range.
        var next = found.largestHandle &+ 1
        var added = ""
        let all = [Text(at: texts.first?.place ?? Coordinate(x: 0, y: 0), text: mark)] + texts
        for text in all {
            var pairs = [("0", "TEXT")]
            if found.hasHandles {
                pairs += [("5", String(next, radix: 16, uppercase: true)), ("100", "AcDbEntity")]
                next += 1
            }
            pairs.append(("8", layer))
            if found.hasHandles { pairs.append(("100", "AcDbText")) }
            pairs += [
                ("10", "\(text.place.x)"), ("20", "\(text.place.y)"), ("30", "0.0"), ("40", "\(height)"),
                ("1", escaped(text.text)),
            ]
            if found.hasHandles { pairs.append(("100", "AcDbText")) }
            for (code, value) in pairs {
                added += String(repeating: " ", count: max(0, 3 - code.count)) + code + newline + value + newline
            }
        }
        var copy = Data()
        let seed = found.hasHandles ? found.seed.map { $0..<$0 + found.seedLength } : nil
        // The number of the next handle stands before the entities.
        if let seed, seed.upperBound <= end {
            copy += drawing[..<seed.lowerBound]
            copy += Data(String(next, radix: 16, uppercase: true).utf8)
            copy += drawing[seed.upperBound..<end]
        } else {
            copy += drawing[..<end]
        }
        copy += Data(added.utf8)
        copy += drawing[end...]
        return copy
    }

    /// In ASCII, which every release and code page reads the same.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for unit in text.utf16 {
            switch unit {
            case 0x20...0x7E where unit != 0x5C && unit != 0x25:
                escaped.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            case 0x00..<0x20, 0x7F: escaped += " "
            default:
                let digits = String(unit, radix: 16, uppercase: true)
                escaped += "\\U+" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return escaped
    }

    private struct Survey {
        /// Where the section of entities ends: the code before `ENDSEC`.
        var end: Int?
        var largestHandle: UInt64 = 0
        var hasHandles = false
        var hasCarriageReturns = false
        /// The value of `$HANDSEED`.
        var seed: Int?
        var seedLength = 0
    }

    private static func survey(_ bytes: UnsafeRawBufferPointer) -> Survey {
        var found = Survey()
        var lines = DXFScan.Lines(bytes)
        var (section, variable, version) = ("", "", "")
        while true {
            let start = lines.offset
            guard let code = lines.next(), let value = lines.next() else { break }
            let text = DXFScan.text(value)
            switch DXFScan.integer(code) {
            case 0 where text == "ENDSEC":
                if section == "ENTITIES" { found.end = start }
                section = ""
            case 2 where section.isEmpty: section = text
            case 9: variable = text
            case 1 where section == "HEADER" && variable == "$ACADVER": version = text
            case 5 where section == "HEADER" && variable == "$HANDSEED":
                if let first = value.baseAddress, let base = bytes.baseAddress {
                    found.seed = first - base
                    found.seedLength = value.count
                }
                found.largestHandle = max(found.largestHandle, UInt64(text, radix: 16) ?? 0)
            case 5, 105: found.largestHandle = max(found.largestHandle, UInt64(text, radix: 16) ?? 0)
            default: break
            }
        }
        found.hasCarriageReturns = bytes.prefix(4096).contains(0x0D)
        // AC1012 is the first release whose entities must have a handle.
        found.hasHandles = version >= "AC1012" && found.largestHandle < 1 << 60
        return found
    }
}
