// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import Foundation
import SimpleFeatures

/// Reads a shapefile: we count and check, GDAL puts the shapes together.
final class ShapefileReader: LayerReader {
    var description: LayerDescription
    let member: String
    private(set) var closingNotes: [String] = []

    private let dataset: GDALDataset
    private let layer: OGRLayerH
    private let fields: GDALFields
    private let text: TextValues
    private let geometries: GDALGeometryReader
    private let index: ShapefileIndex
    private let table: DBFTable?
    // Memory that `index` and `table` point into.
    private let mapped: [MappedFile]
    private let rowCount: Int

    init(_ file: StagedFile, request: DatasetRequest) throws {
        member = file.member
        func map(_ ending: String) throws -> MappedFile? {
            try file.companions[ending].map { try MappedFile(path: $0, name: "\(file.name) (.\(ending))") }
        }
        let shp = try MappedFile(path: file.path, name: file.name)
        let shx = try map("shx")
        let dbf = try map("dbf")
        mapped = [shp, shx, dbf].compactMap { $0 }
        index = try ShapefileIndex(shp: shp.bytes, shx: shx?.bytes, name: file.name, limits: request.limits)
        table = try dbf.map { try DBFTable($0.bytes, name: file.name, limits: request.limits) }
        var notes = index.notes
        rowCount = try Self.rowCount(index, table, file, &notes)
        if shx == nil { notes.append("There is no .shx; the records were found without it.") }
        if index.isRebuilt { try Self.write(index, file) }

        let verdict = try ShapefileEncoding(file, request: request, table: table)
        notes += verdict.notes
        dataset = try GDALDataset(file, options: ["ENCODING=", "ADJUST_TYPE=NO"])
        guard let layer = dataset.layer(0), let definition = OGR_L_GetLayerDefn(layer) else {
            throw FormatsError(.damaged, "“\(file.name)” has no layer.")
        }
        self.layer = layer
        text = try TextValues(verdict.verdict, ceiling: request.limits.textBytes)
        fields = try GDALFields(
            definition, limits: request.limits, file: file.name, hasFixedWidths: true, name: text.name)
        geometries = GDALGeometryReader(limits: request.limits)
        let crs = ProjectionFile.declared(file)
        let stem = String(file.member.split(separator: "/").last?.dropLast(4) ?? "")
        description = LayerDescription(
            name: stem,
            schema: Schema(
                geometryType: GeometryType(OGR_GT_Flatten(OGR_L_GetGeomType(layer))),
                fields: table == nil ? [] : fields.fields),
            declaredCount: rowCount, crs: crs.crs, extent: Self.extent(shp.bytes), encoding: verdict.verdict,
            notes: notes + crs.notes)
    }

    /// How many records there are, by the file that has more of them.
    private static func rowCount(
        _ index: ShapefileIndex, _ table: DBFTable?, _ file: StagedFile, _ notes: inout [String]
    ) throws -> Int {
        let shapes = index.records.count
        guard let table else {
            notes.append("There is no .dbf: the records have no attributes.")
            return shapes
        }
        guard table.recordCount != shapes else { return shapes }
        guard table.recordCount <= max(table.heldCount, shapes) else {
            throw FormatsError(
                .damaged,
                "The .dbf of “\(file.name)” claims \(table.recordCount) records but has bytes for \(table.heldCount).")
        }
        notes.append("There are \(shapes) shapes but \(table.recordCount) records of attributes.")
        return max(shapes, table.recordCount)
    }

    private static func write(_ index: ShapefileIndex, _ file: StagedFile) throws {
        let output = try ScratchFile(path: "\(file.path.dropLast(4)).shx", for: file.name)
        try index.encoded().withUnsafeBytes { try output.write($0) }
        try output.close()
    }

    private static func extent(_ shp: UnsafeRawBufferPointer) -> Envelope? {
        let envelope = Envelope(
            minX: shp.littleDouble(at: 36), minY: shp.littleDouble(at: 44), maxX: shp.littleDouble(at: 52),
            maxY: shp.littleDouble(at: 60))
        let isFinite = [envelope.minX, envelope.minY, envelope.maxX, envelope.maxY].allSatisfy(\.isFinite)
        return isFinite && !envelope.isEmpty ? envelope : nil
    }

    func forEachFeature(_ body: (ReadRecord) throws -> Void) throws {
        text.begin()
        let errors = GDALErrors()
        try errors.collect {
            for row in 0..<rowCount {
                if let table, table.isDeleted(row) {
                    try body(.deleted)
                } else {
                    try body(.feature(read(row, errors)))
                }
            }
        }
        closingNotes = text.notes
    }

    private func read(_ row: Int, _ errors: GDALErrors) -> RawFeature {
        var record = RawFeature(row: row + 1)
        do {
            if row >= index.records.count {
                throw FeatureFault("no-shape", "has attributes but no shape")
            }
            if let table, row >= min(table.recordCount, table.heldCount) {
                throw FeatureFault("no-attributes", "has a shape but no attributes: the .dbf ends before it")
            }
            if let fault = index.fault(row) {
                // A condition may still be about its attributes.
                try withoutShapes { try read(row, errors, into: &record) }
                throw fault
            }
            try read(row, errors, into: &record)
        } catch let fault as FeatureFault {
            record.fault = fault
        } catch {
            record.fault = FeatureFault("unreadable", "cannot be read: \(error)")
        }
        return record
    }

    private func read(_ row: Int, _ errors: GDALErrors, into record: inout RawFeature) throws {
        let feature = OGR_L_GetFeature(layer, GIntBig(row))
        defer { OGR_F_Destroy(feature) }
        let failures = errors.takeFailures()
        guard failures.isEmpty, let feature else {
            let clause = GDALErrors.clause(failures, folder: dataset.file.folder)
            throw FeatureFault("unreadable", "cannot be read: \(clause)")
        }
        if table != nil { record.values = try fields.values(of: feature, text: text.value) }
        let geometry = OGR_F_GetGeometryRef(feature)
        record.hiddenType = GDALGeometryReader.type(of: geometry)
        record.take(try geometries.read(geometry))
    }

    /// Runs `body` while GDAL leaves the shapes alone.
    private func withoutShapes(_ body: () throws -> Void) rethrows {
        "OGR_GEOMETRY".withCString { name in
            var names: [UnsafePointer<CChar>?] = [name, nil]
            OGR_L_SetIgnoredFields(layer, &names)
        }
        defer { OGR_L_SetIgnoredFields(layer, nil) }
        try body()
    }
}
