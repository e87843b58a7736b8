// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

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
    private var canvases: [[Int]: TileCanvas] = [:]
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
    ///   - sprite: the images that the style names.
    ///   - tileSize: width and height in pixels, 16 to 4096.
    ///   - labels: the plans of labels for this style and this data, to be
    ///     shared by all tiles; without them the labels of all of the data are
    ///     planned for this tile alone, which gives the same picture.
    /// - Throws: `noSuchTile`, `badSize`; `encoding` when there is no memory.
    /// - Complexity: O(*n*) in the positions of the features near the tile.
    public func renderPNG(
        style: Style, layers: [String: LayerContent], sprite: Sprite = Sprite(), address: TileAddress,
        tileSize: Int = 256, tileMatrixSet: TileMatrixSet = .webMercatorQuad, labels: LabelPlans? = nil
    ) throws(RenderingError) -> RenderedTile {
        guard (16...4096).contains(tileSize) else {
            throw RenderingError(.badSize, "A tile of \(tileSize) pixels is not drawn; 16 to 4096 are accepted.")
        }
        let frame = try TileFrame(tileMatrixSet, address, tileSize: tileSize)
        return try render(style, layers, sprite, frame, labels)
    }

    /// Draws a picture of any part of the map of the web, at any zoom.
    ///
    /// - Parameter layers: as for a tile; snapshots must be of WebMercatorQuad.
    /// - Throws: `badSize`; `encoding` when there is no memory.
    public func renderPNG(
        style: Style, layers: [String: LayerContent], sprite: Sprite = Sprite(), view: MapView
    ) throws(RenderingError) -> RenderedTile {
        try render(style, layers, sprite, TileFrame(view), nil)
    }

    private func render(
        _ style: Style, _ layers: [String: LayerContent], _ sprite: Sprite, _ frame: TileFrame,
        _ labels: LabelPlans?
    ) throws(RenderingError) -> RenderedTile {
        let canvas = canvas(frame)
        var tile = TileDrawing(
            style: style, contents: layers, sprite: sprite, frame: frame, canvas: canvas,
            labels: labels ?? LabelPlans(style: style, layers: layers))
        tile.draw()
        return RenderedTile(
            png: try encode(canvas.pixmap), isEmpty: tile.found == 0 && tile.records.allSatisfy(\.isDrawn),
            layers: tile.records, featuresFound: tile.found, featuresDrawn: tile.drawn,
            evaluationFailures: tile.failures, notDrawn: Set(tile.notDrawn).sorted())
    }

    private func canvas(_ frame: TileFrame) -> TileCanvas {
        let size = [frame.width, frame.height]
        if let canvas = canvases[size] {
            canvas.pixmap.fill(.transparent)
            canvas.clip = nil
            return canvas
        }
        // Servers draw in two sizes; whoever draws in many does not keep all.
        if canvases.count > 3 { canvases.removeAll() }
        let canvas = TileCanvas(width: frame.width, height: frame.height)
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

extension TileLayerRecord {
    var isDrawn: Bool {
        if case .drawn = outcome { true } else { false }
    }
}
