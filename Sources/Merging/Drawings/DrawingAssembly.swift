// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Formats
import SimpleFeatures
import Topology

/// Makes features of a drawing's entities: chooses them by their layers, closes
/// outlines, and gives areas the texts that stand inside of them.
///
/// The drawing is gone through once before its records are read, for the texts
/// and the areas that they may belong to; both stay in memory.
struct DrawingAssembly {
    /// What becomes of an entity.
    enum Outcome {
        case feature(RawFeature)
        /// It belongs to another layer, or is a text that was used as one.
        case left
    }

    /// The file's fields and those that the texts fill.
    let schema: Schema
    private let plan: DrawingPlan
    private let outlines: OutlineClosing
    private let layerField: Int
    private let textField: Int
    private let isArea: Bool
    private let entityCounts: [String: Int]
    private var texts: AreaTexts?
    private var closed = 0
    private var largestGap: (metres: Double, place: Coordinate)?

    /// Layers of the drawing that are listed by name.
    private static let listedLayers = 40

    /// - Parameter metresPerUnit: of the drawing's numbers.
    /// - Throws: `MergingError` of kind `.sourceRefused` when the file is no
    ///   drawing, or has none of the layers that are named.
    init(
        _ plan: DrawingPlan, _ layer: LayerDescription, in dataset: Dataset, geometryType: GeometryType,
        metresPerUnit: Double, engine: TopologyEngine
    ) throws {
        let fields = layer.schema.fields.map(\.name)
        guard let layerField = fields.firstIndex(of: DrawingOptions.layerField),
            let textField = fields.firstIndex(of: DrawingOptions.textField), dataset.format == .dxf
        else {
            throw MergingError(
                .sourceRefused, "`drawing:` is for DXF drawings; this file is of the format \(dataset.format.title).")
        }
        if let taken = plan.labels.first(where: { fields.contains($0.field) }) {
            throw MergingError(
                .sourceRefused,
                "The drawing has a field “\(taken.field)” of its own; give the texts under `labels:` another name.")
        }
        self.plan = plan
        self.layerField = layerField
        self.textField = textField
        isArea = geometryType.dimension == 2
        let outlines = OutlineClosing(limit: plan.closing, metresPerUnit: metresPerUnit)
        self.outlines = outlines
        var schema = layer.schema
        schema.fields += plan.labels.map { Field($0.field, .text) }
        self.schema = schema

        var counts: [String: Int] = [:]
        var texts = plan.labels.isEmpty || !isArea ? nil : AreaTexts(labels: plan.labels)
        _ = try dataset.forEachFeature(in: layer.name) { raw in
            let name = Self.text(raw, layerField)
            counts[name, default: 0] += 1
            texts?.look(at: raw, text: Self.text(raw, textField), layer: name)
            if DrawingPlan.names(plan.layers, contain: name), let geometry = raw.geometry {
                texts?.take(area: outlines.area(of: geometry)?.geometry, row: raw.row)
            }
        }
        let known = counts.keys
        guard known.contains(where: { DrawingPlan.names(plan.layers, contain: $0) }) else {
            throw MergingError(
                .sourceRefused,
                "The drawing has no layer \(plan.layers.map { "“\($0)”" }.joined(separator: ", ")); it has "
                    + "\(Self.list(counts)).")
        }
        texts?.assign(engine)
        self.texts = texts
        entityCounts = counts
    }

    private static func text(_ raw: RawFeature, _ field: Int) -> String {
        guard field < raw.values.count, case .text(let text) = raw.values[field] else { return "" }
        return text
    }

    private static func list(_ counts: [String: Int]) -> String {
        let names = counts.sorted { $0.key < $1.key }.map { "“\($0.key)” (\($0.value))" }
        let more = names.count > listedLayers ? " and \(names.count - listedLayers) more" : ""
        return names.isEmpty ? "none" : names.prefix(listedLayers).joined(separator: ", ") + more
    }

    /// What becomes of an entity.
    mutating func take(_ raw: RawFeature) -> Outcome {
        let name = Self.text(raw, layerField)
        // A fault may hide the layer, too; then it is reported.
        guard raw.values.isEmpty || DrawingPlan.names(plan.layers, contain: name) else { return .left }
        if isArea, texts?.isText(raw, text: Self.text(raw, textField), layer: name) == true { return .left }
        var raw = raw
        if raw.fault == nil {
            let labels = texts?.values(of: raw.row) ?? plan.labels.map { _ in AttributeValue.null }
            raw.values += labels
            raw.notes += texts?.notes(of: raw.row) ?? []
        }
        if isArea, raw.fault == nil, let geometry = raw.geometry { shape(&raw, geometry) }
        return .feature(raw)
    }

    private mutating func shape(_ raw: inout RawFeature, _ geometry: Geometry) {
        if let area = outlines.area(of: geometry) {
            raw.geometry = area.geometry
            guard area.gap > 0 else { return }
            closed += 1
            if area.gap > largestGap?.metres ?? 0 { largestGap = (area.gap, area.place) }
            raw.notes.append(
                FeatureNote(
                    "outline-closed", "is an outline whose ends lay \(area.gap.rounded(toPlaces: 3)) m apart; they were joined"))
        } else if let open = outlines.openEnd(of: geometry) {
            raw.geometry = nil
            raw.fault = FeatureFault(
                "open-outline",
                "is an outline that is open by \(open.gap.rounded(toPlaces: 3)) m at \(Self.place(open.place)) of the drawing; "
                    + "up to \(plan.closing) m is closed (`close_m`)")
        } else if geometry.type.dimension ?? 2 < 2 {
            raw.geometry = nil
            raw.fault = FeatureFault(
                "no-outline", "on layer “\(Self.text(raw, layerField))” is a \(geometry.type.rawValue), which has no outline")
        }
    }

    private static func place(_ place: Coordinate) -> String {
        "(\(place.x.rounded(toPlaces: 3)), \(place.y.rounded(toPlaces: 3)))"
    }

    /// What the report says when all was read.
    var notes: [String] {
        let others = entityCounts.filter { name, _ in
            !DrawingPlan.names(plan.layers, contain: name)
                && !plan.labels.contains { DrawingPlan.names($0.layers, contain: name) }
        }
        var notes: [String] = []
        if !others.isEmpty { notes.append("Layers of the drawing that this source leaves out: \(Self.list(others)).") }
        if let largestGap {
            let outlines = closed == 1 ? "1 outline was" : "\(closed) outlines were"
            notes.append(
                "\(outlines) not quite closed and closed now; the largest gap was \(largestGap.metres.rounded(toPlaces: 3)) m, at "
                    + "\(Self.place(largestGap.place)) of the drawing. Up to \(plan.closing) m is closed (`close_m`).")
        }
        return notes + (texts?.notes ?? [])
    }
}
