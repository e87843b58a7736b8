// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import Encodings
public import SimpleFeatures

/// What is known of a layer before its records are read.
public struct LayerDescription: Hashable, Sendable, Codable {
    /// As the file says; made unique with the name of the member where an archive
    /// has two of a name.
    public var name: String
    /// The type of geometry that the file declares, and the fields in its order.
    public var schema: Schema
    /// How many records the file says it has; nil when it says nothing.
    public var declaredCount: Int?
    /// Nil when the file does not say.
    public var crs: DeclaredCRS?
    /// In units of the file, x = east; nil when the file says nothing, or nothing
    /// finite.
    public var extent: Envelope?
    public var encoding: EncodingVerdict?
    /// Sentences about what is unusual or missing.
    public var notes: [String]

    public init(
        name: String, schema: Schema, declaredCount: Int? = nil, crs: DeclaredCRS? = nil, extent: Envelope? = nil,
        encoding: EncodingVerdict? = nil, notes: [String] = []
    ) {
        self.name = name
        self.schema = schema
        self.declaredCount = declaredCount
        self.crs = crs
        self.extent = extent
        self.encoding = encoding
        self.notes = notes
    }
}

/// The reference system that a file says it is in. Whether that is true is
/// another question.
public struct DeclaredCRS: Hashable, Sendable, Codable {
    /// Authority and code where the file gives them: `EPSG:4490`, `OGC:CRS84`.
    public var authorityCode: String?
    /// The definition: WKT, the text of a `.prj` as it stands, or else the code.
    public var wkt: String
    /// True when the file says nothing and its format says it for all files, as
    /// GeoJSON and KML do.
    public var isImpliedByFormat: Bool

    public init(authorityCode: String?, wkt: String, isImpliedByFormat: Bool = false) {
        self.authorityCode = authorityCode
        self.wkt = wkt
        self.isImpliedByFormat = isImpliedByFormat
    }

    /// Longitude and latitude on WGS 84, because the format says so.
    static let impliedCRS84 = DeclaredCRS(authorityCode: "OGC:CRS84", wkt: "OGC:CRS84", isImpliedByFormat: true)
}
