// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import Encodings
import Foundation
import SimpleFeatures

/// Checks one staged file in the way of its format, then opens it.
struct DatasetOpening {
    let request: DatasetRequest
    let file: StagedFile
    let scratch: URL

    /// One for each layer.
    func readers() throws -> [any LayerReader] {
        try Signature.check(file)
        switch file.format {
        case .shapefile: return [try ShapefileReader(file, request: request)]
        case .geoJSON, .geoJSONSeq: return [try GeoJSONLayerReader(file, request: request)]
        case .csv: return [try DelimitedLayerReader(file, request: request)]
        case .surveyPoints: return [try SurveyPointReader(file, request: request)]
        case .geoPackage: return try geoPackage()
        case .fileGDB:
            return try layers(of: try GDALDataset(file)) { _, layer, options in
                // The count of rows that are not deleted, which the table states.
                let count = Int(OGR_L_GetFeatureCount(layer, 0))
                if count >= 0 { options.declaredCount = count }
            }
        case .flatGeobuf:
            return try layers(of: try GDALDataset(file)) { _, layer, options in
                let count = Int(OGR_L_GetFeatureCount(layer, 0))
                // Zero stands for “not known”.
                if count > 0 { options.declaredCount = count }
            }
        case .kml: return try kml()
        case .mapInfo: return try mapInfo()
        case .dxf: return try dxf()
        case .xlsx: return try xlsx()
        case .accessDatabase: return try accessDatabase()
        case .osmPBF, .osmXML: return try osm()
        }
    }

    private func layers(
        of dataset: GDALDataset,
        configure: (GDALDataset, OGRLayerH, inout GDALLayerReader.Options) throws -> Void
    ) throws -> [GDALLayerReader] {
        guard dataset.layerCount <= request.limits.layers else {
            throw FormatsError(
                .tooLarge,
                "“\(file.name)” has \(dataset.layerCount) layers; \(request.limits.layers) is the most allowed.")
        }
        var readers: [GDALLayerReader] = []
        for index in 0..<dataset.layerCount {
            guard let layer = dataset.layer(index) else { continue }
            var options = GDALLayerReader.Options()
            let errors = GDALErrors()
            // Some drivers open a layer only when it is first asked for anything.
            try errors.collect {
                OGR_L_GetLayerDefn(layer)
                try configure(dataset, layer, &options)
                // What is put together from a stream cannot be looked at twice.
                if !options.isJudged, !options.isInterleaved {
                    options.encoding = try verdict(of: layer, claim: EncodingClaim(.format, "UTF-8"))
                }
            }
            readers.append(
                try GDALLayerReader(
                    dataset, layer: layer, index: index, request: request, options: options,
                    failures: try errors.takeFailures(reading: file.name)))
        }
        return readers
    }

    private func mapped() throws -> MappedFile {
        try MappedFile(path: file.path, name: file.name)
    }

    private func geoPackage() throws -> [any LayerReader] {
        var notes: [String] = []
        var views: Set<String> = []
        try withExtendedLifetime(try mapped()) { mapped in
            let schema = try SQLiteSchema(mapped.bytes, name: file.name)
            try GeoPackagePolicy.check(schema, name: file.name)
            views = Set(schema.entries.filter { $0.kind == "view" }.map { $0.name.lowercased() })
            let application = mapped.bytes.big(UInt32.self, at: 68)
            if application != 0x4750_4B47 && application != 0x4750_3130 && application != 0x4750_3131 {
                notes.append("The file does not carry the mark of a GeoPackage (application id), but has its tables.")
            }
        }
        let dataset = try GDALDataset(file, options: ["IMMUTABLE=YES", "LIST_ALL_TABLES=NO"])
        return try layers(of: dataset) { dataset, layer, options in
            options.notes = notes
            let table = OGR_L_GetName(layer).map { String(cString: $0) } ?? ""
            guard !views.contains(table.lowercased()) else { throw GeoPackagePolicy.view(table, of: file.name) }
            let quoted = table.replacing("\"", with: "\"\"")
            guard let count = dataset.integer("SELECT COUNT(*) FROM \"\(quoted)\"") else {
                throw FormatsError(.damaged, "“\(file.name)” is damaged: the rows of “\(table)” cannot be counted.")
            }
            options.declaredCount = count
        }
    }

    private func kml() throws -> [any LayerReader] {
        try withExtendedLifetime(try mapped()) { mapped in
            let scan = try XMLScan(mapped.bytes, name: file.name, limits: request.limits)
            let roots: Set<String> = ["kml", "Document", "Folder", "Placemark"]
            guard let root = scan.root, roots.contains(root) else {
                throw FormatsError(
                    .unrecognised,
                    "“\(file.name)” is XML but not KML: its outermost element is <\(scan.root?.prefix(40) ?? "")>.")
            }
        }
        let text = try XMLText(file, request: request)
        return try layers(of: try GDALDataset(file)) { _, _, options in
            if let verdict = text.verdict {
                options.encoding = verdict
                options.isJudged = true
                options.handsOverBytes = false
            }
            options.notes = text.notes
            options.impliedCRS = .impliedCRS84
            options.leavingOut = ["tessellate", "extrude", "visibility", "drawOrder", "icon", "altitudeMode"]
        }
    }

    private func mapInfo() throws -> [any LayerReader] {
        let header = try MapInfoHeader(file)
        let dataset = try GDALDataset(file)
        return try layers(of: dataset) { _, layer, options in
            options.encoding = try verdict(of: layer, claim: EncodingClaim(.header, header.encoding))
            options.isJudged = true
            options.leastCount = try attributeRows()
        }
    }

    /// How many rows the `.mid` beside a `.mif` has: GDAL takes a `.mif` that was
    /// cut between two shapes for complete.
    private func attributeRows() throws -> Int {
        guard let path = file.companions["mid"] else { return 0 }
        let mapped = try MappedFile(path: path, name: "\(file.name) (.mid)")
        return withExtendedLifetime(mapped) {
            var rows = DelimitedText(mapped.bytes)
            var cells: [String] = []
            var count = 0
            // An open quote is the end of what can be counted; GDAL will complain.
            while (try? rows.next(into: &cells)) == true { count += 1 }
            return count
        }
    }

    /// The verdict on a layer's text, which GDAL hands over as it stands.
    private func verdict(of layer: OGRLayerH, claim: EncodingClaim) throws -> EncodingVerdict {
        let texts = LayerTexts(of: layer, readsAll: claim.origin == .nobody && request.encoding == nil)
        return try EncodingInquiry(request, file: file.name).verdict(
            on: texts.sample, columns: texts.columnNames, claim: claim)
    }

    private func dxf() throws -> [any LayerReader] {
        let scan = try withExtendedLifetime(try mapped()) { mapped in
            try DXFScan(mapped.bytes, name: file.name, limits: request.limits)
        }
        var verdict = try EncodingInquiry(request, file: file.name).verdict(on: scan.sample, claim: scan.claim)
        // GDAL reads all text of a drawing in one encoding.
        verdict.columns = []
        CPLSetThreadLocalConfigOption("DXF_ENCODING", TextDecoder.canonical(verdict.name))
        defer { CPLSetThreadLocalConfigOption("DXF_ENCODING", nil) }
        let options = request.drawing ?? DrawingOptions()
        let step = scan.arcs.step(tolerance: options.arcTolerance)
        return try DrawingLayerReader.with(arcStep: step, insertsArePoints: options.insertsArePoints) {
            try layers(of: try GDALDataset(file)) { _, _, reading in
                reading.encoding = verdict
                reading.isJudged = true
                reading.handsOverBytes = false
                reading.notes =
                    scan.notes + [scan.unitNote, scan.arcs.note(tolerance: options.arcTolerance)].compactMap { $0 }
            }
            // Definitions of blocks are no part of the map.
            .filter { $0.description.name != "blocks" }
            .map { DrawingLayerReader($0, arcStep: step, limits: request.limits) }
        }
    }

    private func xlsx() throws -> [any LayerReader] {
        // A workbook is an archive, and GDAL would decompress it without limits.
        try withExtendedLifetime(try mapped()) { archive in
            let directory = try ZipDirectory(archive.bytes, name: file.name, limits: request.limits)
            guard directory.members.contains(where: { $0.path.lowercased() == "xl/workbook.xml" }) else {
                throw FormatsError(.unrecognised, "“\(file.name)” is a ZIP archive but not an Excel workbook.")
            }
            var inflation = try Inflation(limits: request.limits)
            let trial = URL(fileURLWithPath: "\(file.folder)/trial")
            for member in directory.members where !member.isFolder {
                try inflation.inflate(
                    member: UnsafeRawBufferPointer(rebasing: archive.bytes[member.bytes]), isStored: member.isStored,
                    declared: member.declaredCount, checksum: member.checksum, to: trial,
                    name: "\(member.path) in \(file.name)")
            }
            unlink(trial.path)
        }
        return try layers(of: try GDALDataset(file)) { _, _, options in options.isTable = true }
            .filter { !$0.description.schema.fields.isEmpty }
    }

    /// Through ODBC and mdbtools, which GDAL calls in this process.
    private func accessDatabase() throws -> [any LayerReader] {
        // Jet 3 stores text in a code page that it does not name.
        setenv("MDB_JET3_CHARSET", TextDecoder.canonical(request.encoding ?? "GBK"), 1)
        setenv("MDBICONV", "UTF-8", 1)
        let dataset: GDALDataset
        do {
            dataset = try GDALDataset(file)
        } catch let error as FormatsError where error.description.contains("ODBC") {
            throw FormatsError(
                .unrecognised,
                "“\(file.name)” cannot be read: it is damaged or protected by a password, or this machine lacks the driver "
                    + "(Debian's package odbc-mdbtools). Else ask for GeoPackage or FileGDB. (\(error.description))")
        }
        // `encoding:` was for mdbtools; what it hands over is UTF-8.
        var handedOver = request
        handedOver.encoding = nil
        let opening = DatasetOpening(request: handedOver, file: file, scratch: scratch)
        let tables = try opening.layers(of: dataset) { _, layer, options in
            options.isTable = OGR_L_GetGeomType(layer) == wkbNone
            let count = Int(OGR_L_GetFeatureCount(layer, 0))
            if count >= 0 { options.declaredCount = count }
        }
        guard !tables.isEmpty else {
            throw FormatsError(.unrecognised, "“\(file.name)” is an Access database without a table that can be read.")
        }
        return tables
    }

    private func osm() throws -> [any LayerReader] {
        if file.format == .osmXML {
            try withExtendedLifetime(try mapped()) { mapped in
                let scan = try XMLScan(mapped.bytes, name: file.name, limits: request.limits)
                guard scan.root == "osm" else {
                    throw FormatsError(.unrecognised, "“\(file.name)” is XML but not OpenStreetMap's.")
                }
            }
        }
        CPLSetConfigOption("CPL_TMPDIR", scratch.path)
        return try layers(of: try GDALDataset(file)) { _, _, options in
            options.impliedCRS = .impliedCRS84
            options.isInterleaved = true
        }
    }
}
