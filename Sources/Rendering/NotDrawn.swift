// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import MapStyles

extension Style {
    /// What the style asks for and this renderer does not draw, as in
    /// `towers: fill-extrusion layer`; sorted, each once.
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
        if !type.isDrawn { names.append("\(type.rawValue) layer") }
        if isSoft && sets(.lineDasharray) { names.append("line-dasharray together with blur, gradient or pattern") }
        if type == .symbol {
            check(.iconImage)
            check(.textWritingMode)
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

    /// Whether the layer's lines are coloured pixel by pixel.
    var isSoft: Bool {
        let isBlurred = sets(.lineBlur) && json["paint"]?[PropertyKey.lineBlur.name]?.number != 0
        return type == .line && (sets(.linePattern) || sets(.lineGradient) || isBlurred)
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
