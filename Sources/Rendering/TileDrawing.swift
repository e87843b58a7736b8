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
    let frame: TileFrame
    let canvas: TileCanvas

    private(set) var records: [TileLayerRecord] = []
    private(set) var found = 0
    private(set) var drawn = 0
    private(set) var failures = 0
    private(set) var notDrawn: [String] = []
    /// The data that was asked for so far; nil where it failed.
    private var sources: [String: LayerSource?] = [:]

    init(style: Style, contents: [String: LayerContent], frame: TileFrame, canvas: TileCanvas) {
        self.style = style
        self.contents = contents
        self.frame = frame
        self.canvas = canvas
    }

    mutating func draw() {
        for (index, layer) in style.layers.enumerated() where layer.isShown(atZoom: frame.zoom) {
            notDrawn += layer.notDrawn
            guard layer.type.isDrawn else { continue }
            if layer.type == .background {
                drawBackground(style.bind(layer: index, columns: []).evaluation(zoom: frame.zoom))
            } else if let name = layer.sourceLayer ?? layer.source, let source = source(name) {
                let bound = style.bind(layer: index, columns: source.columnNames)
                drawFeatures(bound.evaluation(zoom: frame.zoom), source)
            }
        }
    }

    private mutating func drawBackground(_ evaluation: LayerEvaluation) {
        guard !evaluation.bound.layer.hasPattern else { return }
        canvas.paintEverything(
            PremultipliedColor(evaluation[.backgroundColor], opacity: evaluation[.backgroundOpacity]))
        failures += evaluation.failures
    }

    /// The data of a name, with its record made when first asked for.
    private mutating func source(_ name: String) -> LayerSource? {
        if let known = sources[name] { return known }
        var source: LayerSource?
        let outcome: TileLayerRecord.Outcome
        if let content = contents[name] {
            switch LayerSource.make(
                content, set: frame.set, tileMatrix: frame.address.tileMatrix, tileSize: frame.tileSize)
            {
            case .success(let made):
                source = made
                outcome = .drawn(dataVersion: content.dataVersion)
            case .failure(let failure): outcome = .failed(failure.reason)
            }
        } else {
            outcome = .failed("there is no layer of this name")
        }
        records.append(TileLayerRecord(layer: name, outcome: outcome))
        sources[name] = .some(source)
        return source
    }

    private mutating func drawFeatures(_ evaluation: LayerEvaluation, _ source: LayerSource) {
        let layer = evaluation.bound.layer
        let grid = source.grid(frame)
        let opacity = layer.groupOpacity(evaluation)
        let below = opacity < 1 ? canvas.pixmap : nil
        if below != nil { canvas.pixmap.fill(.transparent) }
        var pass = LayerPass(evaluation, source, grid, canvas)
        switch layer.type {
        case .fill where !layer.hasPattern: pass.drawFills()
        case .line where !layer.hasPattern: pass.drawLines()
        case .circle: pass.drawCircles()
        default: break
        }
        if var below {
            below.draw(canvas.pixmap, opacity: opacity)
            canvas.pixmap = below
        }
        found += pass.foundCount
        drawn += pass.features.count
        failures += evaluation.failures
    }
}
