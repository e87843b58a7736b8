// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MapStyles
import SimpleFeatures
import Snapshots
import Typesetting

extension LabelPlans {
    /// What labels will lack: characters that no font has, and fonts that the
    /// style names and the computer has not; a sentence for each style layer.
    ///
    /// It reads the distinct values of the attributes that labels show, not the
    /// features.
    /// - Complexity: O(*n*) in the bytes of those values.
    public func complaints() -> [String] {
        style.layers.indices.flatMap { complaints(layer: $0) }
    }

    private func complaints(layer index: Int) -> [String] {
        let layer = style.layers[index]
        guard layer.type == .symbol, layer.isVisible, layer.sets(.textField),
            let name = layer.sourceLayer ?? layer.source, case .snapshot(let snapshot)? = contents[name]
        else { return [] }
        let bound = style.bind(layer: index, columns: snapshot.schema.fields.map(\.name))
        let evaluation = bound.evaluation(zoom: layer.minZoom ?? 0)
        let stack = fonts.stack(evaluation[.textFont])
        var sentences: [String] = []
        if layer.sets(.textFont), !stack.missingNames.isEmpty {
            sentences.append(
                "The style layer \"\(layer.id)\" names fonts that this computer lacks: "
                    + stack.missingNames.joined(separator: ", ") + "; others stand in for them in pictures.")
        }
        let missing = characters(bound, evaluation, snapshot)
            .filter { FontStack.isVisible($0) && stack.face(for: $0) == nil }.sorted()
        if !missing.isEmpty {
            let named = missing.prefix(Self.mostNamed).map { "\($0) (U+\(String($0.value, radix: 16, uppercase: true)))" }
            let rest = missing.count > named.count ? " and \(missing.count - named.count) more" : ""
            sentences.append(
                "Labels of the style layer \"\(layer.id)\" need characters that no font of this computer has: "
                    + named.joined(separator: ", ") + rest
                    + "; pictures leave them out until a font that has them is installed, such as fonts-noto-cjk.")
        }
        return sentences
    }

    private static let mostNamed = 12

    /// All characters that the layer's labels may hold.
    private func characters(
        _ bound: BoundLayer, _ evaluation: LayerEvaluation, _ snapshot: Snapshot
    ) -> Set<Unicode.Scalar> {
        var characters: Set<Unicode.Scalar> = []
        let dependencies = bound.dependencies(of: .textField)
        guard dependencies.usesFeature else { return Set(evaluation[.textField].text.unicodeScalars) }
        let columns = dependencies.usesAllColumns ? Array(snapshot.columns.indices) : dependencies.columns
        for column in columns {
            let column = snapshot.columns[column]
            guard column.distinctCount > 0 else { continue }
            for code in 1...column.distinctCount {
                if let bytes = column.utf8(code: code) {
                    characters.formUnion(String(decoding: bytes, as: UTF8.self).unicodeScalars)
                }
            }
        }
        return characters
    }
}
