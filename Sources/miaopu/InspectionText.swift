// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats
import SimpleFeatures
import Verdicts

/// An inspection as plain text.
struct InspectionText {
    private let inspection: Inspection
    /// By layer; none outside of a district.
    private let verdicts: [String: ReferenceVerdict]

    /// Values of a field that are shown; the rest are in the JSON.
    private static let shownValues = 5

    init(_ inspection: Inspection, verdicts: [String: ReferenceVerdict] = [:]) {
        self.inspection = inspection
        self.verdicts = verdicts
    }

    var text: String {
        var lines = ["\(inspection.name): \(inspection.format.title), \(inspection.byteCount) bytes"]
        lines += inspection.notes.map { "  \($0)" }
        for layer in inspection.layers { lines += self.lines(of: layer) }
        return lines.joined(separator: "\n")
    }

    private func lines(of layer: LayerInspection) -> [String] {
        let description = layer.description
        var lines = ["  layer \(description.name)"]
        lines.append("    records   \(records(layer))")
        lines.append("    geometry  \(geometry(layer))")
        lines.append("    crs       \(crs(description))")
        if let verdict = verdicts[description.name] { lines += verdict.lines }
        if let extent = layer.extent, !extent.isEmpty {
            lines.append("    extent    \(extent.minX) \(extent.minY) \(extent.maxX) \(extent.maxY)")
        }
        if let encoding = description.encoding { lines += EncodingText(encoding).lines }
        for field in layer.fields { lines.append("    field     \(self.field(field))") }
        for note in description.notes + (layer.balance?.notes ?? []) { lines.append("    note      \(note)") }
        for fault in layer.faults { lines.append("    defect    \(fault)") }
        if let stop = layer.stop { lines.append("    stopped   \(stop)") }
        return lines
    }

    private func records(_ layer: LayerInspection) -> String {
        guard let balance = layer.balance else {
            return layer.description.declaredCount.map { "\($0) declared" } ?? "not counted"
        }
        var parts = ["\(balance.total) read"]
        if let declared = balance.declared { parts.append("\(declared) declared") }
        if balance.rejected > 0 { parts.append("\(balance.rejected) cannot be taken") }
        if balance.skipped > 0 { parts.append("\(balance.skipped) skipped") }
        return parts.joined(separator: ", ")
    }

    private func geometry(_ layer: LayerInspection) -> String {
        var parts = layer.geometryTypes.filter { $0.count > 0 }.map { "\($0.count) \($0.type.rawValue)" }
        if layer.withoutGeometry > 0 { parts.append("\(layer.withoutGeometry) without") }
        if layer.withHeights > 0 { parts.append("\(layer.withHeights) with heights, which are not kept") }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }

    private func crs(_ layer: LayerDescription) -> String {
        guard let crs = layer.crs else { return "not known: neither the file nor its format says" }
        // Of well-known text without a code the first quoted name.
        let name = crs.authorityCode ?? crs.wkt.split(separator: "\"").dropFirst().first.map(String.init) ?? crs.wkt
        return crs.isImpliedByFormat ? "\(name), implied by the format" : "\(name), says the file"
    }

    private func field(_ field: FieldInspection) -> String {
        let values = field.values.prefix(Self.shownValues).map { "“\($0.value)” \($0.count)" }.joined(separator: ", ")
        let more = field.values.count > Self.shownValues || !field.isComplete ? ", …" : ""
        return "\(field.name) (\(field.type.rawValue)), filled \(field.filled)"
            + (values.isEmpty ? "" : ": \(values)\(more)")
    }
}

extension ReferenceVerdict {
    /// Candidates that are shown; the rest are in the JSON.
    private static let shownCandidates = 4

    /// The verdict with its evidence, indented as the rest of a layer is.
    fileprivate var lines: [String] {
        var lines: [String] = []
        switch conclusion {
        case .known(let name):
            lines.append("    verdict   \(name), as is said" + (contradiction == nil ? "" : ", with a doubt"))
        case .inferred(let inference):
            let certainty = inference.isDecisive ? "decided by the ground" : "not decided"
            lines.append("    verdict   \(inference.definition), \(certainty): \(inference.reason)")
        case .unknown: lines.append("    verdict   unknown")
        }
        if let contradiction { lines.append("    doubt     \(contradiction.sentence)") }
        if let shift = constantShift { lines += shift.resembles.prefix(3).map { "    shift     \($0)" } }
        for candidate in candidates.prefix(Self.shownCandidates) {
            lines.append("    candidate \(candidate.name), score \((candidate.score * 100).rounded() / 100)")
            lines += candidate.evidence.map { "              \($0.sentence)" }
        }
        if candidates.count > Self.shownCandidates {
            lines.append("    candidate … \(candidates.count - Self.shownCandidates) more")
        }
        if let wouldDecide { lines.append("    decides   \(wouldDecide)") }
        lines += notes.filter { $0 != contradiction?.sentence }.map { "    note      \($0)" }
        return lines
    }
}
