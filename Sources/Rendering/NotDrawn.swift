// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import MapStyles

extension Style {
    /// What the style asks for and this renderer does not draw, as in
    /// `roads: line-blur`; sorted, each once.
    ///
    /// - Parameter zoom: MapLibre's zoom; nil for any.
    public func notDrawn(atZoom zoom: Double? = nil) -> [String] {
        Set(layers.filter { layer in zoom.map(layer.isShown) ?? layer.isVisible }.flatMap(\.notDrawn)).sorted()
    }
}

extension StyleLayer {
    /// What this layer sets and the renderer does not draw; layers of other
    /// types by their type.
    var notDrawn: [String] {
        var names: [String] = []
        func check<Value>(_ key: PropertyKey<Value>) {
            if sets(key) { names.append(key.name) }
        }
        switch type {
        case .background, .fill, .circle, .raster: break
        case .line:
            check(.linePattern)
            check(.lineGradient)
            check(.lineBlur)
        case .symbol:
            check(.iconImage)
            check(.textWritingMode)
        default: names.append("\(type.rawValue) layer")
        }
        if type.isDrawn && usesGeometry { names.append("within or distance") }
        return names.map { "\(id): \($0)" }
    }

    /// Whether the layer shows a pattern instead of its colour.
    var hasPattern: Bool {
        switch type {
        case .background: sets(.backgroundPattern)
        case .fill: sets(.fillPattern)
        case .line: sets(.linePattern)
        default: false
        }
    }

    /// With what opacity the layer as a whole is laid over those below.
    func groupOpacity(_ evaluation: LayerEvaluation) -> Double {
        switch type {
        case .fill: evaluation[.fillLayerOpacity]
        case .line: evaluation[.lineLayerOpacity]
        default: 1
        }
    }
}
