// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Formats
import SimpleFeatures

extension SourceProposal {
    /// Fields and codes of a source, as far as names and words tell.
    mutating func proposeFields(_ layer: LayerInspection, into choice: LayerChoice.Choice) {
        switch choice {
        case .known(let manifest): proposeFields(layer, of: manifest)
        case .new:
            fields = layer.description.schema.fields.map {
                FieldProposal(LayerDocument.fieldName(from: $0.name), from: $0.name)
            }
        }
    }

    private mutating func proposeFields(_ layer: LayerInspection, of manifest: LayerManifest) {
        var taken: Set<String> = []
        for (index, field) in layer.description.schema.fields.enumerated() {
            let inspected = index < layer.fields.count ? layer.fields[index] : nil
            let filled = inspected.map { "filled in \($0.filled) records" }
            guard let target = manifest.field(matching: field.name) else {
                let example = inspected?.values.first.map { "for example “\($0.value)”" }
                fields.append(FieldProposal(nil, from: field.name, comment: [filled, example].compactMap { $0 }.joined(separator: ", ")))
                continue
            }
            let isSecond = !taken.insert(target.field.name).inserted
            fields.append(
                FieldProposal(
                    target.field.name, from: field.name,
                    comment: isSecond ? "would be \(target.field.name) too" : filled, isCommentedOut: isSecond))
            if !isSecond, let list = manifest.codeList(of: target), let inspected {
                values.append((target.field.name, Self.words(inspected, list)))
            }
        }
        values.removeAll { $0.words.isEmpty }
    }

    private static func words(_ field: FieldInspection, _ list: CodeList) -> [ValueProposal] {
        field.values.compactMap { value in
            let code = list.code(matching: value.value)
            if code?.value == value.value || value.value.isEmpty { return nil }
            return ValueProposal(value.value, means: code?.value, comment: "\(value.count) records")
        }
    }
}
