// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

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

/// Which encoding a file's text is in, and what says so.
public struct EncodingVerdict: Hashable, Sendable, Codable {
    public enum Evidence: String, Hashable, Sendable, Codable {
        /// The request.
        case request
        /// A `.cpg` file.
        case codePageFile
        /// The language byte of a DBF, the charset of a MapInfo file, the code
        /// page of a DXF drawing.
        case header
        /// A byte order mark.
        case byteOrderMark
        /// The format allows no other.
        case format
        /// All bytes are ASCII: any encoding would do.
        case onlyASCII
        /// Text beyond ASCII that is well-formed UTF-8, which hardly happens by
        /// accident.
        case wellFormedUTF8
        /// Nothing says it, and the bytes are no UTF-8: taken as Chinese.
        case assumed
    }

    /// As iconv knows it: `UTF-8`, `GB18030`.
    public var name: String
    public var evidence: Evidence
    /// A value beyond ASCII as it reads in this encoding; nil when there is none.
    public var sample: String?

    public init(_ name: String, _ evidence: Evidence, sample: String? = nil) {
        self.name = name
        self.evidence = evidence
        self.sample = sample
    }
}
