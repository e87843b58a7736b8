// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import TileMatrixSets

/// One tile of one map in one format, as a URL names it.
struct TileRoute: Hashable, Sendable {
    /// The id of a style, a layer or a group of layers.
    var map: String
    var address: TileAddress
    var format: TileFormat
    /// What time live layers are asked for, in milliseconds; nil: the present.
    var time: Int64?

    /// The deepest tile matrix that is served, as in `WebMercatorQuad`.
    static let deepestTileMatrix = 24

    init(map: String, address: TileAddress, format: TileFormat) {
        self.map = map
        self.address = address
        self.format = format
    }

    /// From the segments after `/tiles`: `id/z/x/y.ext` or `id/tms/z/x/y.ext`.
    ///
    /// - Throws: `malformed` for what is no number or a zoom that no matrix
    ///   has, `notFound` for a tile outside its matrix and for an unknown
    ///   tile matrix set or format.
    init(segments: ArraySlice<String>) throws(TileServingError) {
        var rest = segments
        map = rest.removeFirst()
        if rest.count == 4 {
            let tileMatrixSet = rest.removeFirst()
            guard tileMatrixSet == "WebMercatorQuad" else {
                throw TileServingError(
                    .notFound, "There is no tile matrix set of that name; WebMercatorQuad is served.")
            }
        }
        let column = rest[rest.startIndex + 1]
        let name = rest[rest.startIndex + 2]
        guard let (stem, format) = TileFormat.splitting(name[...]) else {
            throw TileServingError(.malformed, "A tile's address ends in .png, @2x.png, .mvt or .json.")
        }
        self.format = format
        guard let zoom = TileRoute.number(rest[rest.startIndex][...]), zoom <= TileRoute.deepestTileMatrix else {
            throw TileServingError(
                .malformed, "The zoom in a tile's address is a whole number from 0 to \(TileRoute.deepestTileMatrix).")
        }
        guard let x = TileRoute.number(column[...]), let y = TileRoute.number(stem) else {
            throw TileServingError(
                .malformed, "Column and row in a tile's address are whole numbers without sign or leading zero.")
        }
        guard x < 1 << zoom, y < 1 << zoom else {
            throw TileServingError(
                .notFound, "At zoom \(zoom) columns and rows go from 0 to \((1 << zoom) - 1).")
        }
        address = TileAddress(tileMatrix: zoom, tileRow: y, tileColumn: x)
    }

    /// A number in ASCII digits without sign or leading zero. One of more than
    /// nine digits is outside every matrix and comes back as the largest.
    private static func number(_ text: Substring) -> Int? {
        let digits = text.utf8
        guard let first = digits.first, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        guard first != 0x30 || digits.count == 1 else { return nil }
        guard digits.count <= 9 else { return Int.max }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
