// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a request's path names. Parsing is strict: a path that is not exactly
/// one of these is refused, and nothing in it ever reaches the file system.
enum Route: Equatable, Sendable {
    case viewer
    /// One of the viewer's own files or of its libraries', by its bare name.
    case web(name: String)
    case tile(TileRoute)
    case tileJSON(id: String)
    case style(id: String)
    /// A range of 256 characters of a font stack, counted from 0.
    case glyphs(stack: String, range: Int)
    case catalog
    case alerts
    /// Where a merged feature came from.
    case provenance(layer: String, feature: Int64)
    case health
    case ready
    /// A plugin's own page or API. `path` begins with a slash and holds no `..`.
    case plugin(id: String, path: String)

    /// The longest request target that is read, in bytes.
    static let longestTarget = 8192

    /// The route of an origin-form target such as `/tiles/district/3/1/2.png?v=1`.
    ///
    /// - Throws: `TileServingError` of kind `malformed`, `notFound` or `targetTooLong`.
    init(parsing target: String) throws(TileServingError) {
        guard target.utf8.count <= Route.longestTarget else {
            throw TileServingError(.targetTooLong, "The address is longer than \(Route.longestTarget) bytes.")
        }
        let path = target.prefix { $0 != "?" && $0 != "#" }
        guard path.utf8.first == UInt8(ascii: "/") else {
            throw TileServingError(.malformed, "The address must be a path that begins with a slash.")
        }
        var segments: [String] = []
        for raw in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            segments.append(try Route.decoded(raw))
        }
        guard !segments.dropLast().contains("") else {
            throw TileServingError(.malformed, "The path has an empty part between two slashes.")
        }
        switch (segments[0], segments.count) {
        case ("", 1): self = .viewer
        case ("health", 1): self = .health
        case ("ready", 1): self = .ready
        case ("catalog", 1): self = .catalog
        case ("alerts", 1): self = .alerts
        case ("web", 2): self = .web(name: segments[1])
        case ("styles", 2): self = .style(id: try Route.stem(of: segments[1]))
        case ("fonts", 3): self = .glyphs(stack: segments[1], range: try Route.glyphRange(segments[2]))
        case ("tiles", 2): self = .tileJSON(id: try Route.stem(of: segments[1]))
        case ("tiles", 5), ("tiles", 6): self = .tile(try TileRoute(segments: segments.dropFirst()))
        case ("layers", 5) where segments[2] == "features" && segments[4] == "provenance":
            self = .provenance(layer: segments[1], feature: try Route.featureID(segments[3]))
        case ("plugins", 2...) where !segments[1].isEmpty:
            self = .plugin(id: segments[1], path: "/" + segments.dropFirst(2).joined(separator: "/"))
        default: throw TileServingError(.notFound, "There is nothing at this address; /catalog lists what there is.")
        }
    }

    /// Digits only, as ids are printed.
    private static func featureID(_ text: String) throws(TileServingError) -> Int64 {
        guard let id = Int64(text), id >= 0, String(id) == text else {
            throw TileServingError(.malformed, "A feature's id is a whole number without sign or leading zeros.")
        }
        return id
    }

    /// `0-255.pbf`, `256-511.pbf` and so on up to `65280-65535.pbf`.
    private static func glyphRange(_ name: String) throws(TileServingError) -> Int {
        if let first = name.split(separator: "-").first.flatMap({ Int($0) }), first >= 0, first < 65_536,
            first.isMultiple(of: 256), name == "\(first)-\(first + 255).pbf"
        {
            return first / 256
        }
        throw TileServingError(
            .malformed, "Glyphs come in ranges of 256 characters, from 0-255.pbf to 65280-65535.pbf.")
    }

    private static func stem(of name: String) throws(TileServingError) -> String {
        guard name.hasSuffix(".json"), name.utf8.count > 5 else {
            throw TileServingError(.notFound, "There is nothing at this address; /catalog lists what there is.")
        }
        return String(name.dropLast(5))
    }

    /// One segment without its percent escapes: valid UTF-8, no control
    /// characters, slashes or dot segments.
    private static func decoded(_ raw: Substring) throws(TileServingError) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.utf8.count)
        var rest = raw.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(hexValue), let low = rest.next().flatMap(hexValue) else {
                throw TileServingError(.malformed, "The path has a % that two hexadecimal digits do not follow.")
            }
            bytes.append(high << 4 | low)
        }
        let isClean = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != 0x2F && $0 != 0x5C }
        guard isClean, let text = String(validating: bytes, as: UTF8.self), text != ".", text != ".." else {
            throw TileServingError(
                .malformed, "The path has a part with control characters, slashes, dots only, or broken UTF-8.")
        }
        return text
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
