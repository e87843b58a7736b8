// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SpatialIndexing
import Typesetting

/// A label that has its place. Its glyphs stand relative to a cell of the
/// snapshot's grid, so that it is the same to the pixel in every tile.
struct PlacedLabel {
    /// Where each glyph stands.
    enum Arrangement {
        /// As the block has them, turned as a whole about the anchor.
        case block(offset: SIMD2<Double>, direction: SIMD2<Double>)
        /// Each by itself, along a line.
        case glyphs([PlacedGlyph])
    }

    /// A glyph's origin in pixels from the anchor, and its direction.
    struct PlacedGlyph {
        var offset: SIMD2<Double>
        var direction: SIMD2<Double>
    }

    var cellX: Int32
    var cellY: Int32
    var block: TextBlock
    /// In pixels.
    var size: Double
    var arrangement: Arrangement
    var paint: LabelPaint
    /// What it may paint, in pixels of the plan.
    var reach: PixelBox
}

/// Where every label of a style stands at one zoom level, for all of the data.
struct LabelPlan {
    /// The labels of one style layer, in the order in which they are drawn.
    struct Layer {
        var labels: [PlacedLabel] = []
        var buckets = PixelBuckets(side: 256)
        /// What was left out although the style asks for it, as sentences.
        var notes: [String] = []
        var failures = 0
    }

    /// By the style layer's position in the style.
    var layers: [Int: Layer] = [:]

    /// Labels of a style layer that reach into a box in pixels, in the order in
    /// which they are drawn.
    func labels(of layer: Int, in box: PixelBox) -> [PlacedLabel] {
        guard let layer = layers[layer] else { return [] }
        var found: Set<Int> = []
        layer.buckets.search(box) { number in
            if layer.labels[number].reach.overlaps(box) { found.insert(number) }
            return true
        }
        return found.sorted().map { layer.labels[$0] }
    }
}
