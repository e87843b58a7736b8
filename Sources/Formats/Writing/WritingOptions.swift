// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// How a file is written.
public struct WritingOptions: Hashable, Sendable {
    /// How a shapefile says in which encoding its text is.
    public enum EncodingMark: Hashable, Sendable {
        /// A `.cpg` file.
        case codePageFile
        /// The language byte of the DBF, where the encoding has one.
        case languageByte
        /// Not at all, as many do.
        case none
    }

    public var format: FileFormat
    /// The name of the layer; nil takes it from the file's name.
    public var layerName: String?
    /// `EPSG:n`, WKT or a PROJ string; nil writes none. Formats that have only
    /// one (KML) or none (DXF, CSV, XLSX) ignore it.
    public var crs: String?
    /// As iconv knows it. Used for Shapefile, CSV and MapInfo; the others are
    /// always UTF-8.
    public var encoding: String
    public var encodingMark: EncodingMark
    /// Whether a shapefile gets a `.prj`.
    public var writesPRJ: Bool
    /// Whether a MapInfo file is MIF, a text, rather than TAB.
    public var isMIF: Bool
    /// The digits behind the point of coordinates in GeoJSON and CSV.
    public var coordinateDigits: Int
    /// Whether tables (CSV, XLSX) get columns for the position; without, it is lost
    /// unless other columns hold it.
    public var writesPosition = true
    /// The columns of tables (CSV, XLSX) for east and north; they come first.
    public var xColumn: String
    public var yColumn: String
    /// The day, `yyyy-mm-dd`, that shapefiles and GeoPackages note as that of
    /// their making, so that the same data are the same bytes; nil notes today.
    public var date: String?

    public init(
        _ format: FileFormat, layerName: String? = nil, crs: String? = nil, encoding: String = "UTF-8",
        encodingMark: EncodingMark = .codePageFile, writesPRJ: Bool = true, isMIF: Bool = false,
        coordinateDigits: Int = 9, xColumn: String = "x", yColumn: String = "y", date: String? = nil
    ) {
        self.format = format
        self.layerName = layerName
        self.crs = crs
        self.encoding = encoding
        self.encodingMark = encodingMark
        self.writesPRJ = writesPRJ
        self.isMIF = isMIF
        self.coordinateDigits = coordinateDigits
        self.xColumn = xColumn
        self.yColumn = yColumn
        self.date = date
    }
}
