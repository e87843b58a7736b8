// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension CoordinateReferenceSystem {
    /// The longest text that is handed to PROJ, in bytes. The largest entry of
    /// its own database takes some 6,000.
    private static let longestDefinition = 65_536

    private static let accepted =
        "EPSG:n, OGC:CRS84, GCJ-02, BD-09, a PROJ string, a PROJ pipeline or WKT"

    /// Reads `EPSG:n` (any authority of PROJ's database), `OGC:CRS84`, OGC URNs
    /// and URIs, `GCJ-02`, `BD-09`, a PROJ string, a PROJ pipeline, or WKT in any
    /// of its spellings. Letter case and surrounding white space do not matter.
    ///
    /// A compound or three-dimensional system is taken for its horizontal part.
    ///
    /// - Throws: `.unknownReferenceSystem`; `.malformed` for the `shanghaicity`
    ///   text whose parameters are mistyped; `.unsupported` for geocentric,
    ///   vertical and local engineering systems.
    public init(parsing text: String) throws(ProjectionsError) {
        let trimmed = text.trimmed
        guard !trimmed.isEmpty else {
            throw ProjectionsError(
                .unknownReferenceSystem, subject: "",
                "The reference system is empty; write \(Self.accepted).")
        }
        guard trimmed.utf8.count <= Self.longestDefinition else {
            throw ProjectionsError(
                .unknownReferenceSystem, subject: Self.excerpt(trimmed),
                "The reference system is a text of \(trimmed.utf8.count) bytes; at most "
                    + "\(Self.longestDefinition) are accepted.")
        }
        switch trimmed.uppercased().filter({ $0 != "-" && $0 != "_" && $0 != " " }) {
        case "GCJ02": self = .gcj02
        case "BD09": self = .bd09
        case "OGC:CRS84", "CRS84": self = .crs84
        default: try self.init(readingWithPROJ: try Self.canonical(trimmed))
        }
    }

    /// The entry of the EPSG register that a WKT text (a `.prj` file) means, in
    /// any of its spellings.
    ///
    /// Returns nil when the text is no WKT, or when PROJ is less than 90 % sure
    /// of the entry: then the text itself is the better definition.
    ///
    /// - Throws: `.malformed` for the `shanghaicity` text.
    public init?(identifying wkt: String) throws(ProjectionsError) {
        guard let parsed = try? CoordinateReferenceSystem(parsing: wkt) else {
            try MistypedShanghaiCity.refuse(wkt)
            return nil
        }
        guard let code = parsed.authorityCode, code.hasPrefix("EPSG:"),
            let registered = try? CoordinateReferenceSystem(parsing: code)
        else { return nil }
        self = registered
    }

    /// The text in the one spelling that PROJ is asked about.
    private static func canonical(_ text: String) throws(ProjectionsError) -> String {
        if text.contains("[") || text.contains("(") {
            try MistypedShanghaiCity.refuse(text)
            return text
        }
        if text.contains("+proj=") || text.contains("+init=") || text.lowercased().hasPrefix("proj=") {
            return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        if let code = registerCode(text) { return code }
        let digits = text.allSatisfy(\.isNumber)
        throw ProjectionsError(
            .unknownReferenceSystem, subject: excerpt(text),
            "“\(excerpt(text))” names no reference system; write \(accepted)"
                + (digits ? " (did you mean EPSG:\(text)?)." : "."))
    }

    /// `EPSG:4549` from itself, `urn:ogc:def:crs:EPSG::4549` or
    /// `http://www.opengis.net/def/crs/EPSG/0/4549`.
    private static func registerCode(_ text: String) -> String? {
        let lowercased = text.lowercased()
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if lowercased.hasPrefix("urn:ogc:def:crs:") || lowercased.hasPrefix("urn:x-ogc:def:crs:") {
            parts = Array(parts.dropFirst(4))
        } else if let range = lowercased.firstRange(of: "/def/crs/"), lowercased.hasPrefix("http") {
            let offset = lowercased.distance(from: lowercased.startIndex, to: range.upperBound)
            parts = text.dropFirst(offset).split(separator: "/", omittingEmptySubsequences: false)
        } else if parts.count != 2 {
            return nil
        }
        guard let authority = parts.first, let code = parts.last, parts.count >= 2 else { return nil }
        let isWord = { (part: Substring) in
            !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
        }
        guard isWord(authority), isWord(code), authority.count <= 20, code.count <= 40 else { return nil }
        return "\(authority.uppercased()):\(code.uppercased())"
    }

    /// The first words of a text, for a sentence.
    static func excerpt(_ text: String) -> String {
        text.count <= 80 ? text : String(text.prefix(79)) + "…"
    }
}

extension String {
    /// Without white space, line ends and a byte order mark at both ends.
    var trimmed: String {
        let isNoise = { (character: Character) in
            character.isWhitespace || character == "\u{FEFF}" || character == "\0"
        }
        return String(drop(while: isNoise).reversed().drop(while: isNoise).reversed())
    }
}

/// A `.prj` text that is widely copied for Shanghai and means nothing: its
/// central meridian 121.2751921 is 121°27′51.921″ typed as decimal degrees, and
/// its false easting −3457147.81 is a shift to the north. Read literally it puts
/// Shanghai three thousand kilometres off.
enum MistypedShanghaiCity {
    static func refuse(_ wkt: String) throws(ProjectionsError) {
        let text = wkt.lowercased()
        guard text.contains("shanghaicity") || (text.contains("121.2751921") && text.contains("-3457147.81")) else {
            return
        }
        throw ProjectionsError(
            .malformed, subject: "shanghaicity",
            """
            The .prj text is the mistyped “shanghaicity” (a central meridian of 121°27′51.921″ written as \
            121.2751921 degrees, a northing typed as false easting) and means no place on earth; declare the true \
            reference system, or give control points as fit:points.csv.
            """)
    }
}
