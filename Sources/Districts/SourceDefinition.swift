// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One delivery of a town: a file, or a layer of one, and what is known of it.
public struct SourceDefinition: Hashable, Sendable {
    /// Letters a to z, digits and hyphens, at most 64.
    public var id: String
    /// The code of the town; nil for a delivery that covers the whole district.
    public var town: String?
    /// The id of the layer that it is merged into.
    public var layer: String
    /// The office that delivers, where it is not the town as such; fields may name
    /// it as their authority.
    public var department: String?
    /// Relative to the district's folder, never above it.
    public var path: String
    /// What heights are counted from, as a person says; never guessed.
    public var verticalDatum: VerticalDatum?
    /// Nil leaves the verdict to the file.
    public var crs: DeclaredReferenceSystem?
    /// Whether a person has checked the reference system, so that evidence
    /// against it is reported and no more.
    public var isReferenceChecked = false
    /// A name that iconv knows, in its usual spelling; nil leaves the verdict to
    /// the file.
    public var encoding: String?
    /// The same for single columns, by their names in the file.
    public var columnEncodings: [String: String] = [:]
    /// Whether a person has checked the encoding, so that evidence against it is
    /// reported and no more.
    public var isEncodingChecked = false
    public var from: SourceSelection
    /// For CAD drawings; nil takes all entities as they are.
    public var drawing: DrawingSelection?
    /// The day that the delivery describes.
    public var asOf: CalendarDate?
    /// Names of the layer's fields by which the town knows a feature from
    /// delivery to delivery; nil for the layer's own key.
    public var key: [String]?
    /// By field of the layer.
    public var fields: [String: FieldMapping]
    /// The layer's code, by field of the layer and word in the file.
    public var values: [String: [String: String]]
    /// Who wins along a seam: the higher number.
    public var authority: Int
    /// Slips of this source that the town has corrected, in the order in which they
    /// came back; relative to the district's folder, never above it.
    public var corrections: [String] = []
    /// Whether its borders must not move, whoever else has authority.
    public var isProtected: Bool
    /// The line of `district.yaml` where the source begins.
    public var line: Int

    public init(
        id: String, town: String?, layer: String, path: String, crs: DeclaredReferenceSystem? = nil,
        encoding: String? = nil, from: SourceSelection = SourceSelection(), asOf: CalendarDate? = nil,
        key: [String]? = nil, fields: [String: FieldMapping] = [:], values: [String: [String: String]] = [:],
        authority: Int = 0, isProtected: Bool = false, line: Int = 1
    ) {
        self.id = id
        self.town = town
        self.layer = layer
        self.path = path
        self.crs = crs
        self.encoding = encoding
        self.from = from
        self.asOf = asOf
        self.key = key
        self.fields = fields
        self.values = values
        self.authority = authority
        self.isProtected = isProtected
        self.line = line
    }

    /// A number of 22 bits that belongs to the id alone, whatever other sources
    /// there are: the upper part of the ids of the source's features,
    /// `slot << 31 | row`. Two sources of a district never share one; loading
    /// refuses ids that would.
    public var slot: UInt32 { Self.slot(of: id) }

    /// The slot of an id: FNV-1a of its UTF-8, folded to 22 bits.
    public static func slot(of id: String) -> UInt32 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let folded = hash ^ (hash >> 22) ^ (hash >> 44)
        return UInt32(truncatingIfNeeded: folded & 0x3F_FFFF)
    }
}

/// Which part of a file belongs to a source.
public struct SourceSelection: Hashable, Sendable {
    /// The layer of the file; nil when it has only one.
    public var layer: String?
    /// A condition in OGR SQL that a record must meet.
    public var condition: String?
    /// The columns of a table that hold east (longitude) and north (latitude).
    public var x: String?
    public var y: String?
    /// The column of a table without coordinates that holds addresses, which are
    /// matched with the district's layer of addresses.
    public var address: String?

    public init(
        layer: String? = nil, condition: String? = nil, x: String? = nil, y: String? = nil, address: String? = nil
    ) {
        self.address = address
        self.layer = layer
        self.condition = condition
        self.x = x
        self.y = y
    }
}

/// Where a field of a layer gets its values from.
public struct FieldMapping: Hashable, Sendable {
    /// The name of the field in the file.
    public var from: String
    /// The unit of the values in the file; nil when it is the layer's own.
    public var unit: MeasurementUnit?

    public init(from: String, unit: MeasurementUnit? = nil) {
        self.from = from
        self.unit = unit
    }
}
