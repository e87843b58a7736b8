// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MapStyles
import Pixmaps
import Rasterizing
import Snapshots
import TileMatrixSets

/// Draws tiles: pictures from a style, and vector tiles.
///
/// The same tile has the same bytes, whichever renderer draws it and whatever
/// it drew before; neighbouring pictures fit together to the pixel.
///
/// - Thread: one worker's own; not to be shared. It keeps its memory from tile
///   to tile.
public final class TileRenderer {
    private var canvases: [Int: TileCanvas] = [:]
    private var encoder: PNGEncoder?

    public init() {}

    /// Draws a picture of a tile.
    ///
    /// The style is evaluated at the zoom of its scale: MapLibre's zoom is for
    /// tiles of 512 pixels, so 256 pixels at level *z* show what a browser shows
    /// at *z* − 1.
    ///
    /// - Parameters:
    ///   - layers: the data, by the names that the style gives as `source-layer`
    ///     or, where it gives none, as `source`. What is missing is recorded as
    ///     failed.
    ///   - tileSize: width and height in pixels, 16 to 4096.
    /// - Throws: `noSuchTile`, `badSize`; `encoding` when there is no memory.
    /// - Complexity: O(*n*) in the positions of the features near the tile.
    public func renderPNG(
        style: Style, layers: [String: LayerContent], address: TileAddress, tileSize: Int = 256,
        tileMatrixSet: TileMatrixSet = .webMercatorQuad
    ) throws(RenderingError) -> RenderedTile {
        let canvas = try canvas(size: tileSize)
        var tile = TileDrawing(
            style: style, contents: layers, frame: try TileFrame(tileMatrixSet, address, tileSize: tileSize),
            canvas: canvas)
        tile.draw()
        return RenderedTile(
            png: try encode(canvas.pixmap), isEmpty: tile.found == 0 && tile.records.allSatisfy(\.isDrawn),
            layers: tile.records, featuresFound: tile.found, featuresDrawn: tile.drawn,
            evaluationFailures: tile.failures, notDrawn: Set(tile.notDrawn).sorted())
    }

    private func canvas(size: Int) throws(RenderingError) -> TileCanvas {
        guard (16...4096).contains(size) else {
            throw RenderingError(.badSize, "A tile of \(size) pixels is not drawn; 16 to 4096 are accepted.")
        }
        if let canvas = canvases[size] {
            canvas.pixmap.fill(.transparent)
            return canvas
        }
        // Servers draw in two sizes; whoever draws in many does not keep all.
        if canvases.count > 3 { canvases.removeAll() }
        let canvas = TileCanvas(size: size)
        canvases[size] = canvas
        return canvas
    }

    private func encode(_ pixmap: Pixmap) throws(RenderingError) -> [UInt8] {
        do {
            let encoder = try self.encoder ?? PNGEncoder()
            self.encoder = encoder
            return try encoder.encode(pixmap)
        } catch {
            throw RenderingError(.encoding, "The picture of the tile could not be written: \(error)")
        }
    }
}

/// Which tile is drawn, and how large.
struct TileFrame {
    let set: TileMatrixSet
    let address: TileAddress
    let tileSize: Int
    /// MapLibre's zoom.
    let zoom: Double

    init(_ set: TileMatrixSet, _ address: TileAddress, tileSize: Int) throws(RenderingError) {
        guard set.contains(address), let level = set.webMercatorZoom(ofTileMatrix: address.tileMatrix) else {
            throw RenderingError(.noSuchTile, "\(set.id) has no tile \(address).")
        }
        self.set = set
        self.address = address
        self.tileSize = tileSize
        zoom = level + log2(Double(tileSize) / 512)
    }
}

extension TileLayerRecord {
    var isDrawn: Bool {
        if case .drawn = outcome { true } else { false }
    }
}
