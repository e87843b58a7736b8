// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension SourceReader {
    /// `fields:`, by field of the layer. Anything is taken as it stands when the
    /// layer itself is not known, since that was reported already.
    func readFields(_ value: YAMLValue, _ layer: LayerManifest?) -> [String: FieldMapping] {
        guard let mapping = value.mapping("the fields") else { return [:] }
        var fields: [String: FieldMapping] = [:]
        for entry in mapping.entries where !entry.value.isNull {
            let target = layer?.field(entry.key)
            if let layer, target == nil {
                entry.value.refuse(
                    entry.key, isNot: "a field of \(layer.id)", among: layer.fields.map(\.field.name))
            }
            if target?.measure != nil {
                entry.value.refuse("\(entry.key) is filled by the merge; a delivery's own figure needs a field of its own")
            }
            fields[entry.key] = readField(entry.value, target)
        }
        return fields
    }

    private func readField(_ value: YAMLValue, _ target: LayerField?) -> FieldMapping? {
        guard value.isMapping else {
            return value.word(atMost: 255).map { FieldMapping(from: $0) }
        }
        guard let mapping = value.mapping("where the field comes from", known: ["from", "unit"]),
            let from = mapping.required("from", "the field's name in the file")?.word(atMost: 255)
        else { return nil }
        var unit: MeasurementUnit?
        if let written = mapping["unit"], let read = LayerManifest.readUnit(written) {
            unit = read
            if let target {
                if let wanted = target.unit, !read.isConvertible(to: wanted) {
                    written.refuse("\(read) cannot be told in \(wanted), the unit of \(target.field.name)")
                } else if target.unit == nil {
                    written.refuse("the field \(target.field.name) has no unit to convert \(read) to")
                }
            }
        }
        return FieldMapping(from: from, unit: unit)
    }

    /// `values:`, by field of the layer and word of the town.
    func readValues(
        _ value: YAMLValue, _ layer: LayerManifest?, fields: [String: FieldMapping]
    ) -> [String: [String: String]] {
        guard let mapping = value.mapping("the values of coded fields") else { return [:] }
        var values: [String: [String: String]] = [:]
        for entry in mapping.entries where !entry.value.isNull {
            let field = layer?.field(entry.key)
            if let layer, field == nil {
                entry.value.refuse(
                    entry.key, isNot: "a field of \(layer.id)", among: layer.fields.map(\.field.name))
            }
            let codes = field.flatMap { layer?.codeList(of: $0) }
            guard let words = entry.value.mapping("a list of the town's words with our codes") else { continue }
            var meanings: [String: String] = [:]
            for word in words.entries {
                guard let code = word.value.text(atMost: 200) else { continue }
                if let codes, !codes.contains(code) {
                    word.value.refuse(code, isNot: "a code of \(entry.key)", among: codes.codes.map(\.value))
                }
                meanings[word.key] = code
            }
            values[entry.key] = meanings
        }
        return values
    }
}
