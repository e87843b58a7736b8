// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import Encodings
import Foundation
import SimpleFeatures

/// Writes one layer through GDAL.
final class GDALWriter {
    private let url: URL
    private let options: WritingOptions
    private let geometryType: GeometryType
    private var dataset: GDALDatasetH?
    private let layer: OGRLayerH
    private let definition: OGRFeatureDefnH
    /// The column of each field of the schema; nil for what the format drops.
    private let columns: [Int32?]
    private let fieldTypes: [FieldType]
    private let fieldNames: [String]
    private let isTable: Bool
    /// Whether the first columns of a table hold the position.
    private let hasPosition: Bool
    private let isTransaction: Bool
    private let errors = GDALErrors()
    private var wkb: [UInt8] = []

    init(_ url: URL, schema: Schema, options: WritingOptions) throws {
        GDALLibrary.prepare()
        self.url = url
        self.options = options
        geometryType = schema.geometryType
        fieldTypes = schema.fields.map(\.type)
        fieldNames = schema.fields.map(\.name)
        isTable = options.format == .xlsx
        hasPosition = isTable && options.writesPosition
        try Self.removeOlder(url, options)
        // A drawing of areas is their outlines.
        CPLSetConfigOption("DXF_WRITE_HATCH", "NO")
        CPLSetConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF")
        let made = try errors.collect { try Self.dated(options) { try Self.make(url, schema, options) } }
        dataset = made.dataset
        layer = made.layer
        guard let definition = OGR_L_GetLayerDefn(layer) else {
            throw FormatsError(.system, "“\(url.lastPathComponent)” cannot be written: it has no layer.")
        }
        self.definition = definition
        // One transaction for a database; otherwise every record is one.
        isTransaction = options.format == .geoPackage && GDALDatasetStartTransaction(made.dataset, 0) == OGRERR_NONE
        columns = schema.fields.enumerated().map { index, field in
            // Both have fields of their own before ours.
            if options.format != .dxf, options.format != .kml {
                return Int32(index + (options.format == .xlsx && options.writesPosition ? 2 : 0))
            }
            let column = OGR_FD_GetFieldIndex(definition, field.name)
            return column >= 0 ? column : nil
        }
    }

    deinit {
        if let dataset { GDALClose(dataset) }
    }

    private static func removeOlder(_ url: URL, _ options: WritingOptions) throws {
        let stem = url.deletingPathExtension()
        let endings: [String] =
            switch options.format {
            case .shapefile: ["shp", "shx", "dbf", "prj", "cpg"]
            case .mapInfo: ["tab", "dat", "map", "id", "ind", "mif", "mid"]
            default: [url.pathExtension]
            }
        for path in endings.map({ stem.appendingPathExtension($0).path }) + [url.path] where access(path, F_OK) == 0 {
            try FileManager.default.removeItem(atPath: path)
        }
    }

    private static func driver(_ options: WritingOptions) -> (name: String, dataset: [String], layer: [String]) {
        let digits = options.coordinateDigits
        switch options.format {
        case .shapefile:
            let encoding = options.encodingMark == .languageByte ? languageByte(options.encoding) : options.encoding
            let date = options.date.map { ["DBF_DATE_LAST_UPDATE=\($0)"] } ?? []
            return ("ESRI Shapefile", [], ["ENCODING=\(encoding)", "2GB_LIMIT=YES"] + date)
        case .geoJSON: return ("GeoJSON", [], ["COORDINATE_PRECISION=\(digits)", "RFC7946=NO"])
        case .geoJSONSeq: return ("GeoJSONSeq", [], ["COORDINATE_PRECISION=\(digits)"])
        case .geoPackage: return ("GPKG", [], ["GEOMETRY_NAME=geom", "FID=fid"])
        // LIBKML takes the square of the features in time.
        case .kml: return ("KML", [], [])
        case .mapInfo:
            let isGBK = TextDecoder.canonical(options.encoding) == "GB18030"
            let encoding =
                isGBK ? ["ENCODING=CP936"] : options.encoding == "UTF-8" ? [] : ["ENCODING=\(options.encoding)"]
            return ("MapInfo File", options.isMIF ? ["FORMAT=MIF"] : [], encoding)
        case .dxf: return ("DXF", [], [])
        case .xlsx: return ("XLSX", [], [])
        case .flatGeobuf: return ("FlatGeobuf", [], ["SPATIAL_INDEX=YES"])
        case .csv, .surveyPoints, .accessDatabase, .fileGDB, .osmPBF, .osmXML: return ("", [], [])
        }
    }

    /// The language byte of an encoding as GDAL wants it said.
    private static func languageByte(_ encoding: String) -> String {
        switch TextDecoder.canonical(encoding) {
        case "GB18030": "LDID/77"
        case "BIG5": "LDID/79"
        case "CP1252", "ISO-8859-1": "LDID/3"
        default: encoding
        }
    }

    /// Runs `body` with the day that a GeoPackage takes for today's.
    private static func dated<Result>(_ options: WritingOptions, _ body: () throws -> Result) rethrows -> Result {
        guard let date = options.date else { return try body() }
        CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", "\(date)T00:00:00.000Z")
        defer { CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", nil) }
        return try body()
    }

    private static func make(
        _ url: URL, _ schema: Schema, _ options: WritingOptions
    ) throws -> (dataset: GDALDatasetH, layer: OGRLayerH) {
        let name = url.lastPathComponent
        let settings = driver(options)
        func failed(_ what: String) -> FormatsError {
            FormatsError(.system, "“\(name)” cannot be written as \(options.format.title): \(what).")
        }
        guard let driver = GDALGetDriverByName(settings.name),
            let dataset = withCStringArray(settings.dataset, { GDALCreate(driver, url.path, 0, 0, 0, GDT_Unknown, $0) })
        else { throw failed("the file cannot be made") }
        let system = try referenceSystem(options)
        defer { if let system { OSRDestroySpatialReference(system) } }
        let isTable = options.format == .xlsx
        let type =
            isTable ? wkbNone : options.format == .dxf ? wkbUnknown : OGRwkbGeometryType(schema.geometryType.wkbCode)
        let layerName =
            options.layerName ?? (options.format == .dxf ? "entities" : url.deletingPathExtension().lastPathComponent)
        let layer = withCStringArray(settings.layer) { GDALDatasetCreateLayer(dataset, layerName, system, type, $0) }
        guard let layer else {
            GDALClose(dataset)
            throw failed("the layer cannot be made")
        }
        guard options.format != .dxf else { return (dataset, layer) }
        let position =
            isTable && options.writesPosition ? [Field(options.xColumn, .real), Field(options.yColumn, .real)] : []
        for (index, field) in (position + schema.fields).enumerated() {
            let fieldName = options.format == .mapInfo ? MapInfoFieldNames.interimName(index) : field.name
            let created = OGR_Fld_Create(fieldName, ogrType(field.type, options.format))
            if field.type == .boolean { OGR_Fld_SetSubType(created, OFSTBoolean) }
            let code = OGR_L_CreateField(layer, created, 1)
            OGR_Fld_Destroy(created)
            guard code == OGRERR_NONE else {
                GDALClose(dataset)
                throw failed("it cannot hold the field “\(field.name)”")
            }
        }
        return (dataset, layer)
    }

    private static func ogrType(_ type: FieldType, _ format: FileFormat) -> OGRFieldType {
        switch type {
        case .boolean: OFTInteger
        // MapInfo and KML have no wider one.
        case .integer: format == .mapInfo || format == .kml ? OFTInteger : OFTInteger64
        case .real: OFTReal
        case .text: OFTString
        case .date: OFTDate
        case .dateTime: OFTDateTime
        }
    }

    private static func referenceSystem(_ options: WritingOptions) throws -> OGRSpatialReferenceH? {
        guard let text = options.crs, options.format != .dxf, options.format != .xlsx else { return nil }
        guard let system = OSRNewSpatialReference(nil) else { return nil }
        guard OSRSetFromUserInput(system, text) == OGRERR_NONE else {
            OSRDestroySpatialReference(system)
            throw FormatsError(.wrongUse, "“\(text)” is no reference system that can be written.")
        }
        // Coordinates are x = east, whatever the authority says.
        OSRSetAxisMappingStrategy(system, OAMS_TRADITIONAL_GIS_ORDER)
        return system
    }

    func write(_ record: FeatureRecord) throws {
        try errors.collect {
            guard let feature = OGR_F_Create(definition) else {
                throw FormatsError(.system, "There is no memory to write “\(url.lastPathComponent)”.")
            }
            defer { OGR_F_Destroy(feature) }
            if hasPosition, let position = record.geometry?.envelope, !position.isEmpty {
                OGR_F_SetFieldDouble(feature, 0, position.center.x)
                OGR_F_SetFieldDouble(feature, 1, position.center.y)
            } else if !isTable, let geometry = record.geometry {
                try set(geometry, of: feature)
            }
            for (index, value) in record.values.enumerated() where index < columns.count {
                if options.format == .mapInfo, case .integer(let number) = value, Int32(exactly: number) == nil {
                    throw FormatsError(.wrongUse, "MapInfo files have no integer as large as \(number).")
                }
                if let column = columns[index] { set(value, fieldTypes[index], of: feature, column) }
            }
            guard OGR_L_CreateFeature(layer, feature) == OGRERR_NONE, errors.failures.isEmpty else {
                let clause = GDALErrors.clause(errors.takeFailures(), folder: "")
                throw FormatsError(.system, "A record cannot be written to “\(url.lastPathComponent)”: \(clause).")
            }
        }
    }

    private func set(_ geometry: Geometry, of feature: OGRFeatureH) throws {
        wkb.removeAll(keepingCapacity: true)
        geometry.promoted(to: geometryType).appendWKB(to: &wkb)
        var created: OGRGeometryH?
        let code = wkb.withUnsafeBytes { OGR_G_CreateFromWkb($0.baseAddress, nil, &created, Int32(clamping: $0.count)) }
        guard code == OGRERR_NONE, let created else {
            throw FormatsError(.system, "A geometry cannot be written to “\(url.lastPathComponent)”.")
        }
        OGR_F_SetGeometryDirectly(feature, created)
    }

    private func set(_ value: AttributeValue, _ type: FieldType, of feature: OGRFeatureH, _ column: Int32) {
        switch value {
        case .null: OGR_F_SetFieldNull(feature, column)
        case .boolean(let value): OGR_F_SetFieldInteger(feature, column, value ? 1 : 0)
        case .integer(let value): OGR_F_SetFieldInteger64(feature, column, value)
        case .real(let value): OGR_F_SetFieldDouble(feature, column, value)
        case .text(let value): OGR_F_SetFieldString(feature, column, value)
        }
    }

    func close() throws {
        guard let open = dataset else { return }
        dataset = nil
        Self.dated(options) {
            errors.collect {
                if isTransaction { _ = GDALDatasetCommitTransaction(open) }
                GDALClose(open)
            }
        }
        guard errors.failures.isEmpty else {
            throw FormatsError(
                .system,
                "“\(url.lastPathComponent)” cannot be completed: \(GDALErrors.clause(errors.takeFailures(), folder: ""))."
            )
        }
        if options.format == .mapInfo { try MapInfoFieldNames.put(fieldNames, in: url, options) }
        guard options.format == .shapefile else { return }
        let stem = url.deletingPathExtension()
        if !options.writesPRJ { unlink(stem.appendingPathExtension("prj").path) }
        if options.encodingMark != .codePageFile { unlink(stem.appendingPathExtension("cpg").path) }
        if options.encodingMark == .none {
            let table = try FileHandle(forUpdating: stem.appendingPathExtension("dbf"))
            defer { try? table.close() }
            try table.seek(toOffset: 29)
            try table.write(contentsOf: Data([0]))
        }
    }
}

extension Geometry {
    /// The same as a multi-geometry, when the column asks for one.
    func promoted(to type: GeometryType) -> Geometry {
        switch (self, type) {
        case (.point(let point), .multiPoint): .multiPoint(MultiPoint([point]))
        case (.lineString(let line), .multiLineString): .multiLineString(MultiLineString([line]))
        case (.polygon(let polygon), .multiPolygon): .multiPolygon(MultiPolygon([polygon]))
        default: self
        }
    }
}
