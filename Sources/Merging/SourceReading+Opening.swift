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

    /// What the encoding was concluded from, where nothing says it.
    static func encodingNotes(_ layer: LayerDescription, _ format: FileFormat) -> [String] {
        guard let encoding = layer.encoding else { return [] }
        let sample = encoding.sample.map { ", as in “\($0)”" } ?? ""
        switch encoding.evidence {
        // The reader has said so.
        case .assumed: return []
        case .wellFormedUTF8 where format != .geoJSON && format != .geoJSONSeq:
            return ["Nothing says how its text is encoded; it is well-formed \(encoding.name)\(sample)."]
        default: return []
        }
    }
}
