// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

import struct Foundation.Data

extension WireFeatureBatch {
    /// The features of the batch, checked in every respect: ids are unique and
    /// in range, runs have one member a feature, geometries are well formed,
    /// have the layer's dimension, and lie in OGC:CRS84's range. Fields that the
    /// batch leaves out are null.
    ///
    /// - Throws: `.batch`, `.feature` or `.limit`.
    /// - Complexity: O(*n* · *m* + *k*) in features, fields and positions.
    public func records(
        schema: Schema, layer: String, geometryLimits: GeometryLimits = .default
    ) throws(PluginMessagesError) -> [FeatureRecord] {
        let ids = ids
        guard ids.count <= PluginContract.maxFeatures else {
            throw PluginMessagesError(
                .limit, layer: layer,
                "The layer \(layer) answered \(ids.count) features; at most \(PluginContract.maxFeatures) "
                    + "are accepted.")
        }
        try checkIdentifiers(ids, layer: layer)
        let geometries = try geometries(count: ids.count, schema: schema, layer: layer, limits: geometryLimits)
        let readers = try readers(schema: schema, count: ids.count, layer: layer)
        var records: [FeatureRecord] = []
        records.reserveCapacity(ids.count)
        for row in ids.indices {
            var values: [AttributeValue] = []
            values.reserveCapacity(readers.count)
            for reader in readers { values.append(reader.value(row)) }
            records.append(FeatureRecord(id: ids[row], geometry: geometries[row], values: values))
        }
        return records
    }

    /// The schema that the batch's own columns describe, for a receiver that has
    /// no other. Columns of an unknown type are left out.
    public var describedSchema: Schema {
        Schema(geometryType: .geometry, fields: columns.compactMap(\.field.field))
    }

    private func checkIdentifiers(_ ids: [Int64], layer: String) throws(PluginMessagesError) {
        if let id = ids.first(where: { !(0...PluginContract.maxFeatureID).contains($0) }) {
            throw PluginMessagesError(
                .feature, layer: layer,
                "The layer \(layer) has a feature with the id \(id); ids are 0 to \(PluginContract.maxFeatureID).")
        }
        // Most plugins answer in the order of their ids, which needs no set.
        if zip(ids, ids.dropFirst()).allSatisfy(<) { return }
        var seen = Set<Int64>(minimumCapacity: ids.count)
        for id in ids where !seen.insert(id).inserted {
            throw PluginMessagesError(
                .feature, layer: layer, "The layer \(layer) has two features with the id \(id) in one answer.")
        }
    }

    private func geometries(
        count: Int, schema: Schema, layer: String, limits: GeometryLimits
    ) throws(PluginMessagesError) -> [Geometry?] {
        let lengths = wkbLengths
        guard lengths.count == count, lengths.reduce(0, { $0 + Int($1) }) == wkb.count else {
            throw PluginMessagesError(
                .batch, layer: layer,
                "The layer \(layer) answered \(lengths.count) geometries in \(wkb.count) bytes for \(count) "
                    + "features; the lengths do not add up.")
        }
        let dimension = schema.geometryType.dimension
        let world = Envelope(minX: -180, minY: -90, maxX: 180, maxY: 90)
        let bytes = [UInt8](wkb)
        var geometries: [Geometry?] = []
        geometries.reserveCapacity(count)
        var start = 0
        for row in 0..<count {
            let end = start + Int(lengths[row])
            defer { start = end }
            if start == end {
                geometries.append(nil)
                continue
            }
            let geometry: Geometry
            do {
                geometry = try bytes.withUnsafeBytes { buffer throws(SimpleFeaturesError) in
                    try Geometry(wkb: UnsafeRawBufferPointer(rebasing: buffer[start..<end]), limits: limits)
                }
            } catch {
                throw PluginMessagesError(
                    .feature, layer: layer,
                    "Feature \(ids[row]) of the layer \(layer) has a geometry that cannot be read: \(error)")
            }
            if let dimension, geometry.type.dimension != dimension {
                throw PluginMessagesError(
                    .feature, layer: layer,
                    "Feature \(ids[row]) of the layer \(layer) is a \(geometry.type.rawValue); the layer is "
                        + "registered as \(schema.geometryType.rawValue).")
            }
            guard world.contains(geometry.envelope) else {
                throw PluginMessagesError(
                    .feature, layer: layer,
                    "Feature \(ids[row]) of the layer \(layer) lies outside of longitude -180…180 and latitude "
                        + "-90…90; geometries cross the plugin border in OGC:CRS84, longitude first.")
            }
            geometries.append(geometry)
        }
        return geometries
    }

    private func readers(
        schema: Schema, count: Int, layer: String
    ) throws(PluginMessagesError) -> [ColumnReader] {
        var columnOfName: [String: WireColumn] = [:]
        for column in columns {
            guard schema.index(of: column.field.name) != nil else {
                throw PluginMessagesError(
                    .feature, layer: layer,
                    "The layer \(layer) answered the field \(column.field.name), which it did not register.")
            }
            columnOfName[column.field.name] = column
        }
        var readers: [ColumnReader] = []
        for field in schema.fields {
            guard let column = columnOfName[field.name] else {
                readers.append(.absent)
                continue
            }
            guard column.field.type.fieldType == field.type else {
                throw PluginMessagesError(
                    .feature, layer: layer,
                    "The layer \(layer) answered the field \(field.name) with another type than the registered "
                        + "\(field.type.rawValue).")
            }
            guard let reader = ColumnReader(column, type: field.type, count: count) else {
                throw PluginMessagesError(
                    .batch, layer: layer,
                    "The layer \(layer) answered the field \(field.name) with a run that does not fit "
                        + "\(count) features.")
            }
            readers.append(reader)
        }
        return readers
    }
}

/// Looks up the values of one field by row.
private enum ColumnReader {
    case absent
    case booleans([Bool], Nulls)
    case integers([Int64], Nulls)
    case reals([Double], Nulls)
    case texts([AttributeValue], [UInt32])

    /// Returns nil when a run has not one member a feature, an index points
    /// nowhere, or a number is not finite.
    init?(_ column: WireColumn, type: FieldType, count: Int) {
        guard let nulls = Nulls(column.nulls, count: count) else { return nil }
        switch type {
        case .boolean:
            guard column.booleans.count == count else { return nil }
            self = .booleans(column.booleans, nulls)
        case .integer:
            guard column.integers.count == count else { return nil }
            self = .integers(column.integers, nulls)
        case .real:
            let reals = column.reals
            guard reals.count == count, reals.allSatisfy(\.isFinite) else { return nil }
            self = .reals(reals, nulls)
        case .text, .date, .dateTime:
            let indexes = column.textIndexes
            let values = [AttributeValue.null] + column.texts.map(AttributeValue.text)
            guard indexes.count == count, indexes.allSatisfy({ Int($0) < values.count }) else { return nil }
            self = .texts(values, indexes)
        }
    }

    func value(_ row: Int) -> AttributeValue {
        switch self {
        case .absent: .null
        case .booleans(let run, let nulls): nulls.contains(row) ? .null : .boolean(run[row])
        case .integers(let run, let nulls): nulls.contains(row) ? .null : .integer(run[row])
        case .reals(let run, let nulls): nulls.contains(row) ? .null : .real(run[row])
        case .texts(let values, let indexes): values[Int(indexes[row])]
        }
    }
}

/// One bit a feature; no bits at all when none is null.
private struct Nulls {
    private let bits: [UInt8]

    init?(_ data: Data, count: Int) {
        guard data.isEmpty || data.count == (count + 7) / 8 else { return nil }
        bits = [UInt8](data)
    }

    func contains(_ row: Int) -> Bool {
        !bits.isEmpty && bits[row / 8] & (1 << UInt8(row % 8)) != 0
    }
}
