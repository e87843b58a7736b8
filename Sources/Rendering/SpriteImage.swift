// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps

/// One image of a sprite: a picture, and how it may be stretched.
public struct SpriteImage: Hashable, Sendable {
    /// How an image is fitted to the text in it.
    public enum TextFit: String, Hashable, Sendable {
        case stretchOrShrink, stretchOnly, proportional
    }

    public var pixmap: Pixmap
    /// Pixels of the picture for each pixel of the style.
    public var pixelRatio: Double
    /// Whether the alphas are distances from an outline, to be drawn in any
    /// colour.
    public var isSDF = false
    /// The columns that are stretched, in pixels of the picture; empty for all.
    public var stretchX: [Range<Double>] = []
    /// The rows that are stretched, in pixels of the picture; empty for all.
    public var stretchY: [Range<Double>] = []
    /// Where text may stand: left, top, right and bottom, in pixels of the
    /// picture.
    public var content: [Double]?
    public var textFitWidth: TextFit?
    public var textFitHeight: TextFit?

    public init(_ pixmap: Pixmap, pixelRatio: Double = 1) {
        self.pixmap = pixmap
        self.pixelRatio = pixelRatio
    }

    /// In pixels of the style.
    public var width: Double { Double(pixmap.width) / pixelRatio }
    /// In pixels of the style.
    public var height: Double { Double(pixmap.height) / pixelRatio }
}
