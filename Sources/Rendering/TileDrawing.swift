// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Pixmaps
import Rasterizing
import Snapshots
import TileMatrixSets

/// One picture while it is drawn: style layer after style layer, from the bottom
/// to the top.
struct TileDrawing {
    let style: Style
    let contents: [String: LayerContent]
    let sprite: Sprite
    let frame: TileFrame
    let canvas: TileCanvas
    let labels: LabelPlans

    private(set) var records: [TileLayerRecord] = []
    private(set) var found = 0
    private(set) var drawn = 0
    private(set) var failures = 0
    private(set) var notDrawn: [String] = []
    private lazy var plan = labels.plan(frame)
    private lazy var passingPlan = labels.passingPlan(frame, contents)
    /// The data that was asked for so far; nil where it failed.
    private var sources: [String: [LayerSource]] = [:]

    init(
        style: Style, contents: [String: LayerContent], sprite: Sprite, frame: TileFrame, canvas: TileCanvas,
        labels: LabelPlans
    ) {
        self.style = style
        self.contents = contents
        self.sprite = sprite
        self.frame = frame
        self.canvas = canvas
        self.labels = labels
    }

    mutating func draw() {
        for (index, layer) in style.layers.enumerated() where layer.isShown(atZoom: frame.zoom) {
            notDrawn += layer.notDrawn
            guard layer.type.isDrawn else { continue }
            if layer.type == .background {
                drawBackground(style.bind(layer: index, columns: []).evaluation(zoom: frame.zoom))
            } else if layer.type == .raster {
                drawRaster(style.bind(layer: index, columns: []).evaluation(zoom: frame.zoom))
            } else if let name = layer.sourceLayer ?? layer.source {
                let sources = sources(name)
                if layer.type == .symbol {
                    if !sources.isEmpty { drawLabels(index, name) }
                } else {
                    drawFeatures(index, sources)
                }
            }
        }
    }

    private mutating func drawBackground(_ evaluation: LayerEvaluation) {
        if evaluation.bound.layer.hasPattern {
            let patterns = patterns(evaluation)
            let pattern = patterns.source(evaluation[.backgroundPattern], opacity: evaluation[.backgroundOpacity])
            if let pattern { canvas.paintEverything(pattern) }
            notDrawn += patterns.missing
            return
        }
        canvas.paintEverything(
            PremultipliedColor(evaluation[.backgroundColor], opacity: evaluation[.backgroundOpacity]))
        failures += evaluation.failures
    }

    private func patterns(_ evaluation: LayerEvaluation) -> PatternShelf {
        PatternShelf(sprite: sprite, frame: frame, layer: evaluation.bound.layer.id)
    }

    private mutating func drawRaster(_ evaluation: LayerEvaluation) {
        guard let name = evaluation.bound.layer.source else { return }
        let isKnown = records.contains { $0.layer == name }
        guard case .pictures(let pictures)? = contents[name], frame.set.id == TileMatrixSet.webMercatorQuad.id else {
            notDrawn.append("\(evaluation.bound.layer.id): raster layer, for there are no pictures of \(name)")
            return
        }
        if !isKnown { records.append(TileLayerRecord(layer: name, outcome: .drawn(dataVersion: "pictures"))) }
        found += pictures.count
        let paint = RasterPaint(evaluation)
        if paint.opacity == 0 { return }
        // A picture that lies over others hides them, however translucent it is.
        var covered = [Bool](repeating: false, count: frame.width * frame.height)
        for picture in pictures.reversed() {
            for copy in (frame.copies.lowerBound - 1)...(frame.copies.upperBound + 1) {
                canvas.draw(picture.pixmap, corners: frame.place(picture, copy: copy), paint, covered: &covered)
            }
        }
        drawn += pictures.count
    }

    /// The data of a name, with its record made when first asked for.
    private mutating func sources(_ name: String) -> [LayerSource] {
        if let known = sources[name] { return known }
        var made: [LayerSource] = []
        let outcome: TileLayerRecord.Outcome
        if let content = contents[name] {
            switch LayerSource.make(content, frame) {
            case .success(let sources):
                made = sources
                outcome = .drawn(dataVersion: content.dataVersion)
            case .failure(let failure): outcome = .failed(failure.reason)
            }
        } else {
            outcome = .failed("there is no layer of this name")
        }
        records.append(TileLayerRecord(layer: name, outcome: outcome))
        sources[name] = made
        return made
    }

    /// Draws the labels that the plan has near the tile.
    private mutating func drawLabels(_ index: Int, _ name: String) {
        let isPlanned = if case .snapshot? = contents[name] { true } else { false }
        let plan = isPlanned ? plan : passingPlan
        for (grid, box) in frame.planGrids {
            let near = plan.labels(of: index, in: box)
            for label in near {
                let place = grid.position(label.cellX, label.cellY)
                canvas.labelPen.draw(label, at: SubpixelPoint(x: place.x, y: place.y), onto: canvas)
            }
            found += near.count
            drawn += near.count
        }
        failures += plan.layers[index]?.failures ?? 0
        notDrawn += plan.layers[index]?.notes.map { "\(style.layers[index].id): \($0)" } ?? []
    }

    private mutating func drawFeatures(_ index: Int, _ sources: [LayerSource]) {
        let layer = style.layers[index]
        var below: Pixmap?
        var opacity = 1.0
        for (number, source) in sources.enumerated() {
            let evaluation = style.bind(layer: index, columns: source.columnNames).evaluation(zoom: frame.zoom)
            if number == 0 {
                opacity = layer.groupOpacity(evaluation)
                if opacity < 1 {
                    below = canvas.pixmap
                    canvas.pixmap.fill(.transparent)
                }
            }
            for grid in source.grids(frame) { drawFeatures(evaluation, source, grid) }
            failures += evaluation.failures
        }
        if var below {
            below.draw(canvas.pixmap, opacity: opacity)
            canvas.pixmap = below
        }
    }

    private mutating func drawFeatures(_ evaluation: LayerEvaluation, _ source: LayerSource, _ grid: TileGrid) {
        let layer = evaluation.bound.layer
        let square = source.extent.map { grid.pixels(of: $0, width: frame.width, height: frame.height) }
        if let square, square.isEmpty { return }
        let patterns = patterns(evaluation)
        var pass = LayerPass(evaluation, source, grid, canvas, patterns, pixelRatio: frame.pixelRatio)
        // Circles reach beyond the tile that has their middle.
        canvas.clip = layer.type == .circle ? nil : square
        defer { canvas.clip = nil }
        switch layer.type {
        case .fill: layer.hasPattern ? pass.drawPatternFills() : pass.drawFills()
        case .line: layer.isSoft ? pass.drawSoftLines() : pass.drawLines()
        case .circle: pass.drawCircles()
        default: break
        }
        notDrawn += patterns.missing
        found += pass.foundCount
        drawn += pass.features.count
    }
}
