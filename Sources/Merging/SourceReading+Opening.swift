// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats

extension SourceReading {
    static func chosenLayer(of dataset: Dataset, _ request: DatasetRequest) throws -> LayerDescription {
        let layers = dataset.layers
        if let wanted = request.layer {
            if let layer = layers.first(where: { $0.name == wanted }) { return layer }
            throw MergingError(
                .sourceRefused,
                "“\(request.displayName)” has no layer “\(wanted)”; it has \(layers.map(\.name).joined(separator: ", "))."
            )
        }
        guard layers.count == 1 else {
            throw MergingError(
                .sourceRefused,
                layers.isEmpty
                    ? "“\(request.displayName)” has no layers."
                    : "“\(request.displayName)” has \(layers.count) layers; say `from: { layer: … }` with one of "
                        + "\(layers.map(\.name).joined(separator: ", ")).")
        }
        return layers[0]
    }
}
