// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Pixmaps
import Rasterizing
import Snapshots

/// One style layer over the features of one layer of data, at one tile.
struct LayerPass {
    let evaluation: LayerEvaluation
    let source: LayerSource
    let grid: TileGrid
    let canvas: TileCanvas
    let patterns: PatternShelf
    /// Pixels of the picture for each pixel of the style.
    let pixelRatio: Double
    /// The features that are shown, in the order in which they are drawn.
    var features: [Int] = []
    /// How many the index found.
    private(set) var foundCount = 0

    /// How far a feature is taken to reach, in pixels, where that depends on
    /// the feature.
    static let varyingReach = 128.0

    init(
        _ evaluation: LayerEvaluation, _ source: LayerSource, _ grid: TileGrid, _ canvas: TileCanvas,
        _ patterns: PatternShelf, pixelRatio: Double
    ) {
        self.evaluation = evaluation
        self.source = source
        self.grid = grid
        self.canvas = canvas
        self.patterns = patterns
        self.pixelRatio = pixelRatio
        evaluation.row = source.row
    }

    var layer: StyleLayer { evaluation.bound.layer }

    /// Turns the evaluation to a feature, as far as it looks at one.
    @inline(__always)
    func turn(to feature: Int, for demand: FeatureDemand) { turn(evaluation, to: feature, for: demand) }

    /// Turns another evaluation of the layer to a feature.
    @inline(__always)
    func turn(_ evaluation: LayerEvaluation, to feature: Int, for demand: FeatureDemand) {
        if demand == .nothing { return }
        source.move(to: feature)
        if demand == .attributes { return }
        let kind = source.kind(of: feature)
        evaluation.begin(id: source.id(of: feature), geometryType: FeatureGeometryType(kind))
    }

    /// Finds the features that the layer shows near the tile.
    ///
    /// - Parameters:
    ///   - reach: how far a feature is drawn beyond its geometry, in pixels of
    ///     the picture.
    ///   - accepts: kinds of geometry that the layer draws.
    ///   - sortKey: where the style sets it, features are drawn in its order.
    mutating func select(
        reach: Double, accepts: (SnapshotGeometryKind) -> Bool, sortKey: PropertyKey<Double?>
    ) {
        var found: [Int] = []
        source.search(grid.box(margin: (reach + 1) * Double(Subpixels.perPixel)), into: &found)
        foundCount = found.count
        features.reserveCapacity(found.count)
        let isSorted = layer.sets(sortKey)
        var demand = FeatureDemand(evaluation.bound.filterDependencies)
        if isSorted { demand = max(demand, FeatureDemand(evaluation.bound.dependencies(of: sortKey))) }
        var keyed: [(key: Double, feature: Int)] = []
        for feature in found {
            guard accepts(source.kind(of: feature)) else { continue }
            turn(to: feature, for: demand)
            guard evaluation.passesFilter() else { continue }
            if isSorted {
                keyed.append((evaluation[sortKey] ?? 0, feature))
            } else {
                features.append(feature)
            }
        }
        guard isSorted else { return }
        keyed.sort { $0.key < $1.key || $0.key == $1.key && $0.feature < $1.feature }
        features = keyed.map(\.feature)
    }

    /// A translation, in the picture.
    func shift(_ key: PropertyKey<[Double]>) -> SubpixelPoint {
        let translation = evaluation[key].map { $0 * pixelRatio }
        guard translation.count == 2 else { return SubpixelPoint(x: 0, y: 0) }
        return SubpixelPoint(pixelX: min(max(translation[0], -512), 512), pixelY: min(max(translation[1], -512), 512))
            ?? SubpixelPoint(x: 0, y: 0)
    }

    /// How far a translation moves anything, in pixels.
    func length(_ shift: SubpixelPoint) -> Double {
        Double(max(abs(shift.x), abs(shift.y))) / Double(Subpixels.perPixel)
    }
}

extension PremultipliedColor {
    /// A style's colour with an opacity.
    init(_ color: Color, opacity: Double) {
        self.init(red: color.red, green: color.green, blue: color.blue, alpha: color.alpha * min(max(opacity, 0), 1))
    }
}
