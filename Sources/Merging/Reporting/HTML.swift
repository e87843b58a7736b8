// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A piece of a page. Text that is put into it is escaped; only literals in our
/// own code and other pieces are taken as they are.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ string: String) { text += HTML.escaped(string) }
        mutating func appendInterpolation(_ number: Int) { text += String(number) }
        mutating func appendInterpolation(_ html: HTML) { text += html.text }
        mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { text += piece.text } }
        /// Both languages, the district's own first.
        mutating func appendInterpolation(_ wording: MergeReport.Wording) {
            text += "<span lang=\"zh\">\(HTML.escaped(wording.zh))</span> "
            text += "<span class=\"en\" lang=\"en\">\(HTML.escaped(wording.en))</span>"
        }
    }

    private(set) var text: String

    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// A piece, or nothing. A condition inside of a literal would be taken as text.
    static func when(_ condition: Bool, _ piece: @autoclosure () -> HTML) -> HTML {
        condition ? piece() : ""
    }

    static func += (page: inout HTML, piece: HTML) { page.text += piece.text }

    /// Text for an element or an attribute in double quotes. Characters that
    /// control rather than show, those that turn the direction of writing among
    /// them, become visible.
    static func escaped(_ string: String) -> String {
        var text = ""
        text.reserveCapacity(string.utf8.count)
        for scalar in string.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            case "\n", "\t": text += " "
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator: text += "\u{FFFD}"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        return text
    }
}
