// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Rasterizing
import Snapshots
import TileMatrixSets

/// What a picture shows, and how large it is.
struct TileFrame {
    enum Place {
        case tile(TileAddress)
        /// What is covered, in cells of WebMercatorQuad.
        case window(GridTile)
    }

    let set: TileMatrixSet
    let place: Place
    /// In pixels of the picture.
    let width: Int
    let height: Int
    /// MapLibre's zoom.
    let zoom: Double
    /// Pixels of the picture for each pixel of the style.
    let pixelRatio: Double

    init(_ set: TileMatrixSet, _ address: TileAddress, tileSize: Int) throws(RenderingError) {
        guard set.contains(address), let level = set.webMercatorZoom(ofTileMatrix: address.tileMatrix) else {
            throw RenderingError(.noSuchTile, "\(set.id) has no tile \(address).")
        }
        self.set = set
        place = .tile(address)
        width = tileSize
        height = tileSize
        zoom = level + log2(Double(tileSize) / 512)
        pixelRatio = 1
    }

    init(_ view: MapView) throws(RenderingError) {
        let sides = [view.width, view.height].map { Double($0) * view.pixelRatio }
        guard sides.allSatisfy({ (1...4096).contains($0) }) else {
            throw RenderingError(
                .badSize, "A picture of \(sides[0]) × \(sides[1]) pixels is not drawn; 1 to 4096 are accepted.")
        }
        guard abs(view.longitude) <= 540, abs(view.latitude) <= 90, (0...24).contains(view.zoom) else {
            throw RenderingError(
                .noSuchTile,
                """
                There is no map at longitude \(view.longitude), latitude \(view.latitude), zoom \(view.zoom); \
                zooms from 0 to 24 are accepted.
                """)
        }
        set = .webMercatorQuad
        place = .window(view.window)
        width = Int(sides[0].rounded())
        height = Int(sides[1].rounded())
        zoom = view.zoom
        pixelRatio = view.pixelRatio
    }

    /// The level of detail of a snapshot that fits.
    func level(of snapshot: Snapshot) -> SnapshotLevel {
        switch place {
        case .tile(let address): snapshot.level(forTileMatrix: address.tileMatrix, tileSize: width)
        case .window:
            snapshot.level(forTileMatrix: Int((zoom + log2(pixelRatio)).rounded(.up)), tileSize: 512)
        }
    }

    /// What the picture covers on the set's grid, in cells.
    var window: GridTile {
        switch place {
        case .tile(let address): SnapshotGrid(set).tile(address, in: set)
        case .window(let window): window
        }
    }

    /// The picture's upper left corner in pixels of the picture, from that of
    /// the world.
    var corner: (x: Double, y: Double) {
        let window = window
        let scale = Double(width) / window.spanX
        return ((window.minX + MapView.world / 2) * scale, (window.minY + MapView.world / 2) * scale)
    }

    /// From cells to subpixels, once for each copy of the world that is seen.
    func grids(_ grid: SnapshotGrid) -> [TileGrid] {
        let units = width * Subpixels.perPixel
        switch place {
        case .tile(let address): return [TileGrid(grid, set, address, unitsPerTile: units)]
        case .window(let window):
            return copies.map { TileGrid(window: window, unitsPerTile: units, copy: $0) }
        }
    }

    /// Which copies of the world are seen; 0 is the one around Greenwich.
    var copies: ClosedRange<Int> {
        guard case .window(let window) = place else { return 0...0 }
        let world = MapView.world
        let first = ((window.minX + world / 2) / world).rounded(.down)
        let last = ((window.minX + window.spanX + world / 2) / world).rounded(.down)
        return Int(first)...Int(last)
    }

    /// The corners of a picture in pixels of this one.
    func place(_ picture: PlacedPicture, copy: Int) -> [SIMD2<Double>] {
        let window = window
        let scale = Double(width) / window.spanX
        let corner = corner
        let shift =
            picture.isAligned ? SIMD2(corner.x - corner.x.rounded(), corner.y - corner.y.rounded()) : SIMD2(0, 0)
        return picture.corners.map { place in
            let x = place.x + Double(copy) * MapView.world - window.minX
            return SIMD2(x * scale, (place.y - window.minY) * scale) + shift
        }
    }
}
