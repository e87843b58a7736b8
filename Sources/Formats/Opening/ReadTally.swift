// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Counts what a reader finds, leaves out what the condition leaves out, and
/// holds the sum against what the file declares.
struct ReadTally {
    private let layer: LayerDescription
    private let request: DatasetRequest
    private let filter: RowFilter?
    private var balance: ReadBalance
    private var deleted = 0
    /// Records without a geometry that the condition leaves out.
    private var bare = 0
    private var vertices = 0

    init(_ layer: LayerDescription, _ request: DatasetRequest) throws {
        self.layer = layer
        self.request = request
        filter = try request.where.map { try RowFilter($0, schema: layer.schema, file: request.displayName) }
        balance = ReadBalance(declared: layer.declaredCount)
    }

    mutating func take(_ record: ReadRecord, _ body: (RawFeature) throws -> Void) throws {
        if balance.total >= request.limits.features {
            throw FormatsError(
                .tooLarge,
                "Layer “\(layer.name)” of “\(request.displayName)” has more than \(request.limits.features) records, "
                    + "the most allowed.")
        }
        guard case .feature(let feature) = record else {
            balance.skipped += 1
            deleted += 1
            return
        }
        if let filter, isDecidable(feature, by: filter), try !filter.passes(feature.values, feature.geometryType) {
            balance.skipped += 1
            if filter.asksForGeometry, feature.geometryType == nil { bare += 1 }
            return
        }
        if let fault = feature.fault {
            balance.rejected += 1
            balance.faults[fault.name, default: 0] += 1
        } else {
            balance.read += 1
            try count(feature.geometry)
        }
        try body(feature)
    }

    /// Whether a record that cannot be read meets a condition is not always
    /// known: then it is reported rather than left out.
    private func isDecidable(_ feature: RawFeature, by filter: RowFilter) -> Bool {
        if feature.fault == nil { return true }
        return feature.values.count == layer.schema.fields.count
            && (!filter.asksForGeometry || feature.geometryType != nil)
    }

    private mutating func count(_ geometry: Geometry?) throws {
        guard let geometry else { return }
        vertices += geometry.coordinateCount
        guard vertices <= request.limits.verticesOfFile else {
            throw FormatsError(
                .tooLarge,
                "“\(request.displayName)” has more than \(request.limits.verticesOfFile) vertices, the most allowed.")
        }
    }

    func balance(_ notes: [String]) throws -> ReadBalance {
        var balance = balance
        balance.notes = notes
        if deleted > 0 {
            let records = deleted == 1 ? "1 record is" : "\(deleted) records are"
            balance.notes.append("\(records) marked as deleted in the file and left out.")
        }
        if bare > 0 {
            let records = bare == 1 ? "1 record without a geometry is" : "\(bare) records without a geometry are"
            balance.notes.append("\(records) left out: the condition asks for one.")
        }
        if let declared = balance.declared, declared != balance.total {
            throw FormatsError(
                .damaged,
                "“\(request.displayName)” says that layer “\(layer.name)” has \(declared) records, but "
                    + "\(balance.total) can be found; the file is damaged or was not written to its end.")
        }
        return balance
    }
}
