// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A coordinate reference system as a person declares it.
public enum DeclaredReferenceSystem: Hashable, Sendable, CustomStringConvertible {
    /// `EPSG:4549`, `ESRI:…`, `OGC:CRS84` or a PROJ string, in the spelling
    /// that PROJ reads.
    case named(String)
    case gcj02
    case bd09
    /// Fitted to the district grid by control points in a CSV file; `from` is
    /// the projection to be undone first, where it is known.
    case fit(points: String, from: String?)

    /// What people are told when a declaration makes no sense.
    static let accepted = "EPSG:n, a PROJ string, GCJ-02, BD-09, fit:FILE.csv"

    public var description: String {
        switch self {
        case .named(let name): name
        case .gcj02: "GCJ-02"
        case .bd09: "BD-09"
        case .fit(let points, let from): from.map { "fit:\(points) from \($0)" } ?? "fit:\(points)"
        }
    }

    /// The declaration that a word makes; nil when it makes none. Whether an
    /// EPSG code exists is not looked up.
    public init?(parsing text: String) {
        let word = text.trimmingWhitespace()
        switch word.uppercased() {
        case "GCJ-02": self = .gcj02
        case "BD-09": self = .bd09
        case "OGC:CRS84", "CRS84": self = .named("OGC:CRS84")
        default:
            if word.lowercased().hasPrefix("fit:") {
                let path = String(word.dropFirst(4)).trimmingWhitespace()
                guard !path.isEmpty else { return nil }
                self = .fit(points: path, from: nil)
            } else if let name = Self.name(word) {
                self = .named(name)
            } else {
                return nil
            }
        }
    }

    /// The spelling that PROJ reads, of a reference system with a name or a
    /// PROJ string of its own.
    static func name(_ word: String) -> String? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, let code = Int(parts[1]), code > 0, parts[1].count <= 7 {
            let authority = parts[0].uppercased()
            return ["EPSG", "ESRI"].contains(authority) ? "\(authority):\(code)" : nil
        }
        if word.uppercased() == "OGC:CRS84" { return "OGC:CRS84" }
        guard word.hasPrefix("+proj=") || word.hasPrefix("+init=") || word.hasPrefix("proj=") else { return nil }
        return word.hasPrefix("+") ? word : "+" + word
    }

    /// What a person who wrote `text` most likely meant.
    static func suggestion(for text: String) -> String? {
        let word = text.trimmingWhitespace()
        let squeezed = word.uppercased().filter { $0.isLetter || $0.isNumber }
        if squeezed.hasPrefix("GCJ") || squeezed == "MARS" || squeezed == "火星坐标" { return "GCJ-02" }
        if squeezed.hasPrefix("BD09") || squeezed.hasPrefix("BAIDU") { return "BD-09" }
        if squeezed == "WGS84" { return "EPSG:4326" }
        if squeezed == "CGCS2000" || squeezed == "国家2000" { return "EPSG:4490" }
        if squeezed == "WEBMERCATOR" { return "EPSG:3857" }
        if word.lowercased().hasSuffix(".csv") {
            let path = word.firstIndex(of: ":").map { word[word.index(after: $0)...] } ?? word[...]
            return "fit:\(String(path).trimmingWhitespace())"
        }
        let digits = word.filter(\.isNumber)
        if digits.count == squeezed.count, (4...6).contains(digits.count) { return "EPSG:\(digits)" }
        let letters = word.prefix { !$0.isNumber && $0 != ":" }
        if (4...6).contains(digits.count), Suggestions.nearest(to: String(letters), among: ["EPSG"]) != nil {
            return "EPSG:\(digits)"
        }
        return nil
    }
}

extension String {
    /// Without spaces and line ends at both ends.
    func trimmingWhitespace() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
