// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import SimpleFeatures

/// Says beside each height what it is counted from. Nothing is converted: what
/// lies between two datums varies from place to place.
struct HeightMarks {
    private let heights: [Int]
    private let mark: Int?
    private let datum: VerticalDatum
    private let names: [String]

    /// - Parameter filled: names of the layer's fields that the file fills.
    init(_ job: SourceJob, filled: Set<String>) {
        heights = job.heights.filter { filled.contains(job.fields[$0].field.name) }
        mark = job.fields.firstIndex { $0.measure == .verticalDatum }
        datum = job.verticalDatum
        names = heights.map { job.fields[$0].field.name }
    }

    /// Marks a record that has a height.
    func fill(_ values: inout [AttributeValue]) {
        guard let mark, heights.contains(where: { !values[$0].isNull }) else { return }
        values[mark] = .text(datum.rawValue)
    }

    var openingNotes: [String] {
        guard !heights.isEmpty else { return [] }
        let fields = names.joined(separator: ", ")
        guard datum == .unknown else { return ["Heights (\(fields)) count from \(datum.title), as district.yaml says."] }
        return [
            "Nobody says what its heights (\(fields)) count from; they are marked as unknown. Say `vertical_datum: wusong`, "
                + "`\"1985\"` or `\"1956\"` once it is known: between Wusong and 1985 lie 1.7 to 2.0 m."
        ]
    }

    /// A sentence when the sources of a layer have heights over several datums.
    static func mixture(in district: District, layer: String) -> String? {
        guard let manifest = district.layers[layer], !manifest.heights.isEmpty else { return nil }
        var sources: [VerticalDatum: [String]] = [:]
        for source in district.sources where source.layer == layer {
            guard manifest.heights.contains(where: { source.fields[$0.field.name] != nil }) else { continue }
            sources[source.verticalDatum ?? .unknown, default: []].append(source.id)
        }
        guard sources.count > 1 else { return nil }
        let list = VerticalDatum.allCases.compactMap { datum in
            sources[datum].map { "\(datum.title) (\(MergeReport.list($0.sorted())))" }
        }
        return "Heights in \(layer) count from several datums: \(list.joined(separator: "; ")). They stand side by side, marked in "
            + "vertical_datum, and are not to be compared as they are."
    }
}
