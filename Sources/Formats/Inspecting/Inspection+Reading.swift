// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

extension Inspection {
    /// Opens a file and looks at all of it. In a child only.
    ///
    /// - Throws: `FormatsError` when the file is refused as a whole; a layer that
    ///   breaks off is told in its `stop`.
    init(of request: DatasetRequest, readsRecords: Bool, scratch: URL? = nil) throws {
        let dataset = try Dataset(opening: request, scratch: scratch)
        var layers: [LayerInspection] = []
        for layer in dataset.layers where request.layer == nil || request.layer == layer.name {
            var inspector = LayerInspector(layer)
            if readsRecords {
                do {
                    inspector.result.balance = try dataset.forEachFeature(in: layer.name) { inspector.take($0) }
                } catch let error as FormatsError where error.kind != .system {
                    inspector.result.stop = error.description
                }
            }
            layers.append(inspector.finish(readsRecords: readsRecords))
        }
        if let wanted = request.layer, layers.isEmpty {
            throw FormatsError(
                .wrongUse,
                "“\(request.displayName)” has no layer “\(wanted)”; it has "
                    + "\(dataset.layers.map { "“\($0.name)”" }.joined(separator: ", ")).")
        }
        self.init(
            name: request.displayName, format: dataset.format, byteCount: Staging.byteCount(ofPath: request.path),
            layers: layers, notes: dataset.notes)
    }
}

/// Gathers what `LayerInspection` tells, record by record.
struct LayerInspector {
    var result: LayerInspection
    private var types: [GeometryType: Int] = [:]
    private var values: [[String: Int]]
    private var extent = Envelope.empty

    private static let listedFaults = 20
    private static let listedValues = 50
    /// Distinct values that are counted; a field with more is not a code list.
    private static let countedValues = 1_000

    init(_ description: LayerDescription) {
        result = LayerInspection(description: description)
        result.fields = description.schema.fields.map { FieldInspection(name: $0.name, type: $0.type) }
        values = description.schema.fields.map { _ in [:] }
    }

    mutating func take(_ feature: RawFeature) {
        if let fault = feature.fault {
            if result.faults.count < Self.listedFaults {
                result.faults.append("Record \(feature.row) \(fault.sentence).")
            }
            return
        }
        if let geometry = feature.geometry {
            types[geometry.type, default: 0] += 1
            extent.expand(toContain: geometry.envelope)
        } else {
            result.withoutGeometry += 1
        }
        if feature.hadZ { result.withHeights += 1 }
        for (index, value) in feature.values.enumerated() { take(value, index) }
    }

    private mutating func take(_ value: AttributeValue, _ index: Int) {
        let text = value.description
        guard !text.isEmpty else { return }
        result.fields[index].filled += 1
        guard text.utf8.count <= 120 else {
            result.fields[index].isComplete = false
            return
        }
        if values[index].count >= Self.countedValues && values[index][text] == nil {
            result.fields[index].isComplete = false
            return
        }
        values[index][text, default: 0] += 1
    }

    func finish(readsRecords: Bool) -> LayerInspection {
        var result = result
        result.geometryTypes = types.map { GeometryTypeCount(type: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.type.rawValue) < ($0.count, $1.type.rawValue) }
        result.extent = extent.isEmpty ? nil : extent
        for index in result.fields.indices {
            let sorted = values[index].sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            result.fields[index].values = sorted.prefix(Self.listedValues).map {
                ValueCount(value: $0.key, count: $0.value)
            }
            if sorted.count > Self.listedValues || !readsRecords { result.fields[index].isComplete = false }
        }
        return result
    }
}
