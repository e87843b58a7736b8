// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension WireValue {
    /// The message for a cell.
    public init(_ value: AttributeValue) {
        self.init()
        switch value {
        case .null: break
        case .boolean(let value): boolean = value
        case .integer(let value): integer = value
        case .real(let value): real = value
        case .text(let value): text = value
        }
    }

    /// The cell, or nil for a blob, which no cell can hold.
    public var attributeValue: AttributeValue? {
        switch kind {
        case nil: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .text(let value): .text(value)
        case .blob: nil
        }
    }
}

extension WireEnvelope {
    /// The message for an envelope in OGC:CRS84.
    public init(_ envelope: Envelope) {
        self.init()
        minX = envelope.minX
        minY = envelope.minY
        maxX = envelope.maxX
        maxY = envelope.maxY
    }

    /// The envelope in OGC:CRS84; empty when a side is not a number.
    public var envelope: Envelope { Envelope(minX: minX, minY: minY, maxX: maxX, maxY: maxY) }
}

extension WireTitle {
    /// The message for titles by language tag; other languages than `zh` and
    /// `en` are not sent.
    public init(_ titles: [String: String]) {
        self.init()
        zh = titles["zh"] ?? ""
        en = titles["en"] ?? ""
    }

    /// Titles by language tag, without the empty ones.
    public var titles: [String: String] {
        ["zh": zh, "en": en].filter { !$0.value.isEmpty }
    }
}

extension WireGeometryType {
    /// The message for a type.
    public init(_ type: GeometryType) {
        self = WireGeometryType(rawValue: Int(type.wkbCode)) ?? .any
    }

    /// The type, or nil for a number that this build does not know.
    public var geometryType: GeometryType? {
        GeometryType.allCases.first { Int($0.wkbCode) == rawValue }
    }
}

extension WireFieldType {
    /// The message for a type.
    public init(_ type: FieldType) {
        switch type {
        case .boolean: self = .boolean
        case .integer: self = .integer
        case .real: self = .real
        case .text: self = .text
        case .date: self = .date
        case .dateTime: self = .dateTime
        }
    }

    /// The type, or nil for one that this build does not know.
    public var fieldType: FieldType? {
        switch self {
        case .boolean: .boolean
        case .integer: .integer
        case .real: .real
        case .text: .text
        case .date: .date
        case .dateTime: .dateTime
        case .unspecified, .UNRECOGNIZED: nil
        }
    }
}

extension WireField {
    /// The message for a field.
    public init(_ field: Field) {
        self.init()
        name = field.name
        type = WireFieldType(field.type)
        title = WireTitle(field.titles)
        unit = field.unit ?? ""
    }

    /// The field, or nil when its type is not known to this build.
    public var field: Field? {
        guard let type = type.fieldType else { return nil }
        return Field(name, type, titles: title.titles, unit: unit.isEmpty ? nil : unit)
    }
}
