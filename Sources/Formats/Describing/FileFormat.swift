// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The formats that are read. A file is of the format that its name says, or it
/// is refused: contents never choose the reader.
public enum FileFormat: String, Hashable, Sendable, Codable, CaseIterable {
    case shapefile
    case geoJSON
    /// One feature a line, or after a record separator (RFC 8142).
    case geoJSONSeq
    case geoPackage
    case fileGDB
    /// `.kmz` too.
    case kml
    /// Both of MapInfo's: TAB and MIF.
    case mapInfo
    case dxf
    /// Text tables with commas, semicolons, tabs or bars.
    case csv
    case xlsx
    /// Points as CASS and total stations write them: number, code, east, north,
    /// height.
    case surveyPoints
    /// Of Microsoft Access, and the personal geodatabases of ArcGIS that are one.
    case accessDatabase
    case flatGeobuf
    case osmPBF
    case osmXML

    /// What people call it.
    public var title: String {
        switch self {
        case .shapefile: "Shapefile"
        case .geoJSON: "GeoJSON"
        case .geoJSONSeq: "GeoJSON sequence"
        case .geoPackage: "GeoPackage"
        case .fileGDB: "FileGDB"
        case .kml: "KML"
        case .mapInfo: "MapInfo"
        case .dxf: "DXF"
        case .csv: "CSV"
        case .xlsx: "Excel workbook"
        case .surveyPoints: "survey points"
        case .accessDatabase: "Access database"
        case .flatGeobuf: "FlatGeobuf"
        case .osmPBF: "OpenStreetMap PBF"
        case .osmXML: "OpenStreetMap XML"
        }
    }

    /// The endings of file names, lower case and without the dot; the first is
    /// the usual one.
    public var extensions: [String] {
        switch self {
        case .shapefile: ["shp"]
        case .geoJSON: ["geojson", "json"]
        case .geoJSONSeq: ["geojsonl", "geojsons", "jsonl", "ndjson"]
        case .geoPackage: ["gpkg"]
        case .fileGDB: ["gdb"]
        case .kml: ["kml", "kmz"]
        case .mapInfo: ["tab", "mif"]
        case .dxf: ["dxf"]
        case .csv: ["csv", "tsv"]
        case .xlsx: ["xlsx"]
        case .surveyPoints: ["dat"]
        case .accessDatabase: ["mdb", "accdb"]
        case .flatGeobuf: ["fgb"]
        case .osmPBF: ["pbf"]
        case .osmXML: ["osm"]
        }
    }

    /// The drivers of GDAL that may open such a file; none for what is read here.
    var drivers: [String] {
        switch self {
        case .geoJSON, .geoJSONSeq, .csv, .surveyPoints: []
        case .shapefile: ["ESRI Shapefile"]
        case .geoPackage: ["GPKG"]
        case .fileGDB: ["OpenFileGDB"]
        case .kml: ["LIBKML"]
        case .mapInfo: ["MapInfo File"]
        case .dxf: ["DXF"]
        case .xlsx: ["XLSX"]
        case .accessDatabase: ["PGeo", "ODBC"]
        case .flatGeobuf: ["FlatGeobuf"]
        case .osmPBF, .osmXML: ["OSM"]
        }
    }

    /// The format that a file's ending declares; nil when it is none of ours.
    ///
    /// - Parameter ending: without the dot, in any case.
    public init?(fileExtension ending: String) {
        let lower = ending.lowercased()
        guard let format = Self.allCases.first(where: { $0.extensions.contains(lower) }) else { return nil }
        self = format
    }

    /// The endings of all formats, for sentences; those of archives are not among
    /// them.
    static let knownEndings = allCases.flatMap(\.extensions).map { ".\($0)" }.joined(separator: " ")
}
