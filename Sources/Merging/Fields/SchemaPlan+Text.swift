// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores

extension MergeReport {
    /// The fields of each layer: how filled, from what, and what does not fit.
    var schemaLines: [String] {
        var lines: [String] = []
        for layer in schema {
            let sources = Self.count(layer.sourceCount, "source")
            lines.append("  \(layer.layer): \(sources), \(Self.count(layer.features, "feature"))")
            lines += Self.aligned(layer.fields.map { $0.cells(of: layer) }).map { "    " + $0 }
            for field in layer.fields { lines += field.doubts.map { "      " + $0 } }
        }
        return lines
    }

    /// Rows of cells, each column as wide as its widest cell; the last is left as
    /// it is.
    private static func aligned(_ rows: [[String]]) -> [String] {
        rows.map { row in
            row.enumerated().map { column, cell in
                guard column < row.count - 1 else { return cell }
                let width = rows.map { $0[column].count }.max() ?? 0
                return cell + String(repeating: " ", count: width - cell.count)
            }.joined(separator: "  ")
        }
    }
}

extension MergeReport.LayerSchema {
    fileprivate var sourceCount: Int { fields.first.map { $0.sources.count + $0.lacking.count } ?? 0 }
}

extension MergeReport.FieldSchema {
    fileprivate func cells(of layer: MergeReport.LayerSchema) -> [String] {
        let kind = type + (isCoded ? ", codes" : "") + (unit.map { " in \($0)" } ?? "")
        guard !sources.isEmpty else { return [name, kind, "nothing fills it", ""] }
        let share = layer.features == 0 ? 0 : Double(filled) / Double(layer.features)
        // Neither all nor none because of rounding.
        let percent = filled == 0 || filled == layer.features ? share * 100 : min(max((share * 100).rounded(), 1), 99)
        return [
            name, kind, "\(sources.count) of \(MergeReport.count(layer.sourceCount, "source"))",
            "filled \(Int(percent)) %" + (lacking.isEmpty ? "" : ", lacking in \(MergeReport.list(lacking))"),
        ]
    }

    /// What a person may want to change in the mapping, one sentence each.
    fileprivate var doubts: [String] {
        var doubts: [String] = []
        let types = Dictionary(grouping: sources, by: \.type).sorted { $0.key < $1.key }
        if types.count > 1 {
            let list = types.map { "\($0.key) in \(MergeReport.list($0.value.map(\.source)))" }
            doubts.append("\(name): towns disagree about its type: \(list.joined(separator: "; ")).")
        }
        for fit in [MergeReport.TypeFit.narrower, .spelled] {
            let names = sources.filter { $0.fit == fit }.map { "“\($0.from)” of \($0.source) (\($0.type))" }
            guard !names.isEmpty else { continue }
            let what = fit == .narrower ? "each value is tried as \(type)" : "is written as text"
            doubts.append("\(name): \(what): \(MergeReport.list(names)).")
        }
        for source in sources where source.coverage.lost > 0 {
            doubts.append(
                "\(name): \(MergeReport.count(source.coverage.lost, "value")) of “\(source.from)” of \(source.source) "
                    + "no \(type), left empty.")
        }
        for source in sources where source.coverage.unmappedCount > 0 {
            let words = source.coverage.unmapped.map { "“\($0.word)” (\($0.count))" }
            doubts.append("\(name): words of \(source.source) without a code: \(MergeReport.list(words)).")
        }
        for (unit, users) in Dictionary(grouping: sources.filter { $0.unit != nil }, by: { $0.unit ?? "" })
            .sorted(by: { $0.key < $1.key })
        {
            doubts.append("\(name): turned from \(unit) in \(MergeReport.list(users.map(\.source))).")
        }
        return doubts
    }
}
