// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Yams

extension SourceReader {
    /// The sources of one entry: one, or one for each row of the table of a
    /// drawing.
    ///
    /// A row is shorthand for an entry of its own: what stands in the row counts
    /// for its layer alone, everything else of the entry for all of them.
    mutating func readEntry(_ value: YAMLValue) -> [SourceDefinition] {
        guard let rows = Self.rows(of: value) else { return read(value).map { [$0] } ?? [] }
        return rows.compactMap { read($0) }
    }

    /// The keys of a row that belong to `drawing:`.
    private static let ofDrawing = ["from", "labels"]
    /// The keys of a row that stand for those of an entry.
    private static let ofEntry = ["layer", "where", "key", "fields", "values", "authority", "protected"]

    /// An entry for each row; nil when the entry has no table.
    private static func rows(of value: YAMLValue) -> [YAMLValue]? {
        guard let drawing = value.node.mapping?["drawing"]?.mapping, let table = drawing["table"],
            let entry = value.node.mapping
        else { return nil }
        let tableValue = YAMLValue(
            node: table, path: "\(value.path).drawing.table", file: value.file, mistakes: value.mistakes)
        for key in ["layer", "from", "fields", "values"] where entry[key] != nil {
            value.refuse("\"\(key)\" belongs into the rows of the drawing's table")
        }
        let rows = tableValue.elements()
        if rows?.isEmpty == true { tableValue.refuse("a row for each layer is expected here") }
        return (rows ?? []).compactMap { row in
            guard let mapping = row.mapping("a row of the table", known: ofEntry + ofDrawing),
                let layer = mapping.required("layer", "the layer that these layers of the drawing belong to")?.word()
            else { return nil }
            var pairs: [(Node, Node)] = []
            for (key, node) in entry {
                switch key.scalar?.string {
                case "drawing", "layer", "from", "fields", "values": break
                case "id": pairs.append((key, idNode(node, layer)))
                case let name? where mapping[name] != nil: break
                default: pairs.append((key, node))
                }
            }
            var selection = drawing.filter { pair in
                guard let key = pair.key.scalar?.string else { return true }
                return key != "table" && mapping[key] == nil
            }.map { ($0.key, $0.value) }
            for part in mapping.entries where !part.value.isNull {
                switch part.key {
                case "where": pairs.append(("from", .mapping(Node.Mapping([("where", part.value.node)]))))
                case let key where ofDrawing.contains(key): selection.append((Node(key), part.value.node))
                default: pairs.append((Node(part.key), part.value.node))
                }
            }
            pairs.append(("drawing", .mapping(Node.Mapping(selection, .implicit, .any, row.node.mark))))
            return YAMLValue(
                node: .mapping(Node.Mapping(pairs, .implicit, .any, row.node.mark)), path: row.path, file: value.file,
                mistakes: value.mistakes)
        }
    }

    private static func idNode(_ node: Node, _ layer: String) -> Node {
        guard case .scalar(let scalar) = node else { return node }
        return .scalar(Node.Scalar("\(scalar.string)-\(layer)", .implicit, scalar.style, scalar.mark))
    }

    /// `drawing: { from: […], labels: { … }, close_m: …, arc_m: … }`.
    static func readDrawing(_ value: YAMLValue) -> DrawingSelection? {
        let known = ["from", "labels", "close_m", "arc_m", "table"]
        guard let mapping = value.mapping("what is taken from a drawing", known: known) else { return nil }
        let layers = mapping.required("from", "layers of the drawing, as in [JMD, \"DL*\"]").flatMap(readNames)
        let labels = mapping["labels"].map(readLabels) ?? []
        let closing = mapping["close_m"].map { $0.number(in: 0...5) }
        let arcs = mapping["arc_m"].map { $0.number(in: 0.001...1) }
        guard let layers, closing != .some(nil), arcs != .some(nil) else { return nil }
        return DrawingSelection(
            layers: layers, labels: labels, closing: (closing ?? nil) ?? DrawingSelection.defaultClosing,
            arcTolerance: (arcs ?? nil) ?? DrawingSelection.defaultArcTolerance)
    }

    private static func readNames(_ value: YAMLValue) -> [String]? {
        let names = (value.isList ? value.elements() ?? [] : [value]).compactMap { $0.word(atMost: 255) }
        guard names.isEmpty else { return names }
        value.refuse("at least one layer of the drawing is expected here")
        return nil
    }

    private static func readLabels(_ value: YAMLValue) -> [DrawingSelection.Label] {
        guard let mapping = value.mapping("texts by the field that they fill") else { return [] }
        return mapping.entries.compactMap { entry in
            guard entry.value.isMapping else {
                return readNames(entry.value).map { DrawingSelection.Label(field: entry.key, layers: $0) }
            }
            guard let parts = entry.value.mapping("where the texts stand", known: ["from", "several"]),
                let layers = parts.required("from", "layers of the drawing").flatMap(readNames)
            else { return nil }
            let several: DrawingSelection.Label.Several? = parts["several"]?.choice("what is done with several texts")
            return DrawingSelection.Label(field: entry.key, layers: layers, several: several ?? .none)
        }
    }
}
