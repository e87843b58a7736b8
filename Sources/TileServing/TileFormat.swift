// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a tile's URL asks for.
enum TileFormat: Hashable, Sendable {
    /// 256 pixels at scale 1, 512 at scale 2.
    case png(scale: Int)
    case vector
    /// The completeness record of the vector tile, as JSON.
    case record

    /// The format that a file name ends in, and the name without it.
    static func splitting(_ name: Substring) -> (stem: Substring, format: TileFormat)? {
        for (ending, format) in endings where name.utf8.count > ending.utf8.count && name.hasSuffix(ending) {
            return (name.dropLast(ending.count), format)
        }
        return nil
    }

    // The longer ending of two comes first.
    private static let endings: [(String, TileFormat)] = [
        ("@2x.png", .png(scale: 2)), (".png", .png(scale: 1)), (".mvt", .vector), (".json", .record),
    ]

    var mediaType: String {
        switch self {
        case .png: "image/png"
        case .vector: "application/vnd.mapbox-vector-tile"
        case .record: "application/json"
        }
    }
}
