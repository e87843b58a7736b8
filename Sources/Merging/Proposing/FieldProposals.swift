// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Formats
import SimpleFeatures

extension SourceProposal {
    /// Fields of the file without a counterpart that are listed for a person.
    private static let listedFields = 24

    /// Fields and codes of a source, as far as names and words tell.
    ///
    /// - Parameter part: the records of the layer that the source takes.
    mutating func proposeFields(_ layer: LayerInspection, part: LayerPart, into choice: LayerChoice.Choice) {
        switch choice {
        case .known(let manifest): proposeFields(layer, part: part, of: manifest)
        case .new(_, let names):
            fields = zip(names, layer.description.schema.fields).map { FieldProposal($0, from: $1.name) }
        }
    }

    private mutating func proposeFields(_ layer: LayerInspection, part: LayerPart, of manifest: LayerManifest) {
        var left: [(proposal: FieldProposal, filled: Int)] = []
        let best = Self.best(layer, part: part, of: manifest)
        for (index, field) in layer.description.schema.fields.enumerated() {
            let inspected = index < layer.fields.count ? layer.fields[index] : nil
            let filled = inspected.map { "filled in \(MergeReport.count($0.filled, "record"))" }
            guard let target = Self.target(of: field, in: manifest) else {
                let example = inspected?.values.first.map { "for example “\($0.value)”" }
                let comment = [filled, example].compactMap { $0 }.joined(separator: ", ")
                left.append((FieldProposal(nil, from: field.name, comment: comment), inspected?.filled ?? 0))
                continue
            }
            let isSecond = best[target.field.name] != index
            fields.append(
                FieldProposal(
                    target.field.name, from: field.name,
                    comment: isSecond ? "would be \(target.field.name) too" : filled, isCommentedOut: isSecond))
            if !isSecond, let list = manifest.codeList(of: target), let inspected {
                let words = field.name == part.key ? part.words : nil
                values.append((target.field.name, Self.words(inspected, list, among: words)))
            }
        }
        values.removeAll { $0.words.isEmpty }
        let least = left.map(\.filled).sorted(by: >).dropFirst(Self.listedFields).first ?? -1
        let listed = left.filter { $0.filled > least }
        fields += listed.map(\.proposal)
        if listed.count < left.count {
            notes.append("\(left.count - listed.count) more fields of the file are filled in at most \(least) records.")
        }
    }

    /// Which field of the file each field of the layer is best taken from: the
    /// key that tells the records apart, else the one that says most.
    private static func best(
        _ layer: LayerInspection, part: LayerPart, of manifest: LayerManifest
    ) -> [String: Int] {
        var best: [String: (index: Int, filled: Int)] = [:]
        for (index, field) in layer.description.schema.fields.enumerated() {
            guard let target = target(of: field, in: manifest) else { continue }
            let isKey = field.name == part.key
            let filled = isKey ? Int.max : index < layer.fields.count ? layer.fields[index].filled : 0
            if filled > best[target.field.name]?.filled ?? -1 { best[target.field.name] = (index, filled) }
        }
        return best.mapValues(\.index)
    }

    /// Names that begin with @ are about the record, not about the thing.
    private static func target(of field: Field, in manifest: LayerManifest) -> LayerField? {
        field.name.hasPrefix("@") ? nil : manifest.field(matching: field.name)
    }

    /// - Parameter words: the values that the source's records have; nil for any.
    private static func words(
        _ field: FieldInspection, _ list: CodeList, among words: [String]?
    ) -> [ValueProposal] {
        field.values.compactMap { value in
            let code = list.code(matching: value.value)
            if code?.value == value.value || value.value.isEmpty { return nil }
            if let words, !words.contains(value.value) { return nil }
            return ValueProposal(value.value, means: code?.value, comment: MergeReport.count(value.count, "record"))
        }
    }
}
