// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Pixmaps
import Rasterizing

/// An image repeated over the whole world, as a pattern is.
///
/// It begins at the world's upper left corner and is as large as the image at
/// whole zooms; between them it grows with the map.
struct PatternSource: PixelSource {
    private let sampler: PixmapSampler
    /// Pixels of the image for each pixel of the picture.
    private let scale: Double
    /// The upper left corner of the picture, in pixels of the image.
    private let originX: Double
    private let originY: Double
    private let opacity: UInt32

    init(_ image: SpriteImage, _ frame: TileFrame, opacity: Double) {
        sampler = PixmapSampler(image.pixmap, wraps: true)
        let grown = exp2(frame.zoom - frame.zoom.rounded(.down))
        scale = image.pixelRatio / (frame.pixelRatio * grown)
        let corner = frame.corner
        originX = (corner.x * scale).truncatingRemainder(dividingBy: Double(image.pixmap.width))
        originY = (corner.y * scale).truncatingRemainder(dividingBy: Double(image.pixmap.height))
        self.opacity = UInt32(min(max(opacity, 0), 1) * 255 + 0.5)
    }

    func pixel(x: Int, y: Int) -> UInt32 {
        let color = sampler.linear(originX + (Double(x) + 0.5) * scale, originY + (Double(y) + 0.5) * scale)
        return opacity == 255 ? color : ByteFraction.product(pixel: color, opacity)
    }
}
