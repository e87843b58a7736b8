// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

import struct Foundation.Data

extension WireFeatureBatch {
    /// The message for features of a layer. Geometries are in OGC:CRS84.
    ///
    /// - Throws: `.feature` when a property is no field of the schema or has
    ///   another type (an integer is accepted where the field is real), `.limit`
    ///   when there are more features than the contract allows.
    /// - Complexity: O(*n* · *m*) in features and fields.
    public init(_ features: [Feature], schema: Schema, layer: String) throws(PluginMessagesError) {
        // Counting what was found tells of a stray property without looking
        // every name up a second time.
        var found = [Int](repeating: 0, count: features.count)
        try self.init(features.count, layer: layer, schema: schema) {
            features[$0].id
        } geometry: {
            features[$0].geometry
        } value: { row, _, field in
            guard let value = features[row].properties[field.name] else { return .null }
            found[row] += 1
            return value
        }
        guard let row = features.indices.first(where: { features[$0].properties.count != found[$0] }),
            let stray = features[row].properties.keys.sorted().first(where: { schema.index(of: $0) == nil })
        else { return }
        let names = schema.fields.map(\.name).joined(separator: ", ")
        throw PluginMessagesError(
            .feature, layer: layer,
            "Feature \(features[row].id) has the property \(stray), which the layer \(layer) did not register; "
                + "its fields are \(names).")
    }

    /// The message for records of a layer. Geometries are in OGC:CRS84.
    ///
    /// - Throws: as for features, and `.feature` when a record has not one value
    ///   for each field.
    /// - Complexity: O(*n* · *m*) in records and fields.
    public init(_ records: [FeatureRecord], schema: Schema, layer: String) throws(PluginMessagesError) {
        if let record = records.first(where: { $0.values.count != schema.fields.count }) {
            throw PluginMessagesError(
                .feature, layer: layer,
                "Record \(record.id) of the layer \(layer) has \(record.values.count) values for "
                    + "\(schema.fields.count) fields.")
        }
        try self.init(records.count, layer: layer, schema: schema) {
            records[$0].id
        } geometry: {
            records[$0].geometry
        } value: { row, column, _ in
            records[row].values[column]
        }
    }

    private init(
        _ count: Int, layer: String, schema: Schema, id: (Int) -> Int64, geometry: (Int) -> Geometry?,
        value: (_ row: Int, _ column: Int, _ field: Field) -> AttributeValue
    ) throws(PluginMessagesError) {
        self.init()
        guard count <= PluginContract.maxFeatures else {
            throw PluginMessagesError(
                .limit, layer: layer,
                "The layer \(layer) has \(count) features in one answer; at most \(PluginContract.maxFeatures) "
                    + "are accepted.")
        }
        ids = (0..<count).map(id)
        var bytes: [UInt8] = []
        var lengths: [UInt32] = []
        bytes.reserveCapacity(count * 21)
        lengths.reserveCapacity(count)
        for row in 0..<count {
            let start = bytes.count
            geometry(row)?.appendWKB(to: &bytes)
            lengths.append(UInt32(clamping: bytes.count - start))
        }
        wkb = Data(bytes)
        wkbLengths = lengths

        for (index, field) in schema.fields.enumerated() {
            var builder = ColumnBuilder(field, capacity: count)
            for row in 0..<count {
                let value = value(row, index, field)
                if !builder.append(value) {
                    throw PluginMessagesError(
                        .feature, layer: layer,
                        "Feature \(id(row)) of the layer \(layer) has \(value.kindInWords) in the field "
                            + "\(field.name), which is registered as \(field.type.rawValue).")
                }
            }
            columns.append(builder.column)
        }
    }
}

/// Collects the values of one field.
private struct ColumnBuilder {
    private let field: Field
    private var row = 0
    private var booleans: [Bool] = []
    private var integers: [Int64] = []
    private var reals: [Double] = []
    private var textIndexes: [UInt32] = []
    private var texts: [String] = []
    private var places: [String: UInt32] = [:]
    private var nulls: [UInt8] = []
    private var hasNulls = false

    init(_ field: Field, capacity: Int) {
        self.field = field
        nulls = [UInt8](repeating: 0, count: (capacity + 7) / 8)
        switch field.type {
        case .boolean: booleans.reserveCapacity(capacity)
        case .integer: integers.reserveCapacity(capacity)
        case .real: reals.reserveCapacity(capacity)
        case .text, .date, .dateTime: textIndexes.reserveCapacity(capacity)
        }
    }

    /// Returns false when the value is not of the field's type.
    mutating func append(_ value: AttributeValue) -> Bool {
        defer { row += 1 }
        switch (field.type, value) {
        case (.boolean, .boolean(let value)): booleans.append(value)
        case (.integer, .integer(let value)): integers.append(value)
        case (.real, .integer(let value)): reals.append(Double(value))
        case (.real, .real(let value)):
            guard value.isFinite else { return false }
            reals.append(value)
        case (.text, .text(let text)), (.date, .text(let text)), (.dateTime, .text(let text)):
            if let place = places[text] {
                textIndexes.append(place)
            } else {
                texts.append(text)
                places[text] = UInt32(clamping: texts.count)
                textIndexes.append(UInt32(clamping: texts.count))
            }
        case (_, .null): appendNull()
        default: return false
        }
        return true
    }

    private mutating func appendNull() {
        switch field.type {
        case .boolean: booleans.append(false)
        case .integer: integers.append(0)
        case .real: reals.append(0)
        case .text, .date, .dateTime:
            textIndexes.append(0)
            return
        }
        nulls[row / 8] |= 1 << UInt8(row % 8)
        hasNulls = true
    }

    var column: WireColumn {
        var column = WireColumn()
        column.field.name = field.name
        column.field.type = WireFieldType(field.type)
        column.booleans = booleans
        column.integers = integers
        column.reals = reals
        column.texts = texts
        column.textIndexes = textIndexes
        if hasNulls { column.nulls = Data(nulls) }
        return column
    }
}

extension AttributeValue {
    /// What kind of value it is, for a sentence.
    fileprivate var kindInWords: String {
        switch self {
        case .null: "no value"
        case .boolean: "a boolean"
        case .integer: "an integer"
        case .real(let value): value.isFinite ? "a real number" : "a number that is not finite"
        case .text: "a text"
        }
    }
}
