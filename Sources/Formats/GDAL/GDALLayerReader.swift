// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import Encodings
import SimpleFeatures

/// Reads a layer through GDAL, one record after the other.
final class GDALLayerReader: LayerReader {
    /// What a format needs beyond the usual.
    struct Options {
        var encoding = EncodingVerdict.format("UTF-8")
        /// Whether that was concluded from the text, rather than by prescription.
        var isJudged = false
        /// Whether the bytes of text are handed over as they are in the file.
        var handsOverBytes = true
        /// The reference system that the format prescribes.
        var impliedCRS: DeclaredCRS?
        /// Fields that say how to draw, not what there is.
        var leavingOut: Set<String> = []
        /// How many records there are, where the format says it.
        var declaredCount: Int?
        /// How many records there are at least, by a file beside this one.
        var leastCount = 0
        /// For formats whose layers lie mixed in one stream.
        var isInterleaved = false
        /// For tables: geometry comes from the values.
        var isTable = false
        var notes: [String] = []
    }

    var description: LayerDescription
    let member: String
    private(set) var closingNotes: [String] = []

    private var dataset: GDALDataset
    private var layer: OGRLayerH
    private let index: Int
    private let fields: GDALFields
    private let geometries: GDALGeometryReader
    private let options: Options
    /// Why the layer cannot be read, when that showed as it was opened.
    private let breakage: String?
    private let text: TextValues
    private let positions: CoordinateColumns?
    private let name: String

    /// - Parameter failures: what GDAL said while the layer was looked at.
    init(
        _ dataset: GDALDataset, layer: OGRLayerH, index: Int, request: DatasetRequest, options: Options,
        failures: [String]
    ) throws {
        self.dataset = dataset
        self.layer = layer
        self.index = index
        self.options = options
        breakage = failures.isEmpty ? nil : GDALErrors.clause(failures, folder: dataset.file.folder)
        member = dataset.file.member
        let text = try TextValues(
            options.handsOverBytes ? options.encoding : nil, ceiling: request.limits.textBytes)
        self.text = text
        geometries = GDALGeometryReader(limits: request.limits)
        guard let definition = OGR_L_GetLayerDefn(layer) else {
            throw FormatsError(.damaged, "“\(dataset.file.name)” has a layer without fields.")
        }
        let fields = try GDALFields(
            definition, limits: request.limits, file: dataset.file.name, leavingOut: options.leavingOut,
            hasFixedWidths: dataset.file.format == .mapInfo, name: text.name)
        self.fields = fields
        // A MapInfo layer is called as its file, whatever its text is encoded in.
        let file = dataset.file
        name =
            file.format == .mapInfo
            ? file.member.lastIndex(of: ".").map { String(file.member[..<$0]) } ?? file.member
            : OGR_L_GetName(layer).map { text.name(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
                ?? file.member

        var notes = options.notes + fields.notes
        if let breakage { notes.append("The layer is damaged: \(breakage).") }
        var type = GeometryType(OGR_GT_Flatten(OGR_L_GetGeomType(layer)))
        let isPlaced = options.isTable && request.ignoresPositions != true
        positions = try isPlaced ? CoordinateColumns(fields.fields.map(\.name), request: request) : nil
        if options.isTable {
            notes += positions?.notes ?? (isPlaced ? [CoordinateColumns.missingNote] : [])
            type = positions?.isPair == true ? .point : .geometry
        } else if OGR_FD_GetGeomFieldCount(definition) > 1 {
            notes.append("Each record has several geometries; only the first was read.")
        }
        var crs = options.impliedCRS
        if crs == nil && !options.isTable {
            let declared = GDALReferenceSystem.declared(OGR_L_GetSpatialRef(layer))
            crs = declared.crs
            if let note = declared.note { notes.append(note) }
        }
        description = LayerDescription(
            name: name, schema: Schema(geometryType: type, fields: fields.fields),
            declaredCount: options.declaredCount, crs: crs, extent: Self.extent(of: layer, options),
            encoding: options.encoding, notes: notes)
    }

    private static func extent(of layer: OGRLayerH, _ options: Options) -> Envelope? {
        guard !options.isInterleaved && !options.isTable else { return nil }
        var found = OGREnvelope()
        guard GDALErrors().collect({ OGR_L_GetExtent(layer, &found, 0) }) == OGRERR_NONE else { return nil }
        let envelope = Envelope(minX: found.MinX, minY: found.MinY, maxX: found.MaxX, maxY: found.MaxY)
        let isFinite = [found.MinX, found.MinY, found.MaxX, found.MaxY].allSatisfy(\.isFinite)
        return isFinite && !envelope.isEmpty ? envelope : nil
    }

    func forEachFeature(_ body: (ReadRecord) throws -> Void) throws {
        if let breakage {
            throw FormatsError(.damaged, "Layer “\(name)” of “\(dataset.file.name)” is damaged: \(breakage).")
        }
        text.begin()
        let errors = GDALErrors()
        try errors.collect {
            try begin()
            _ = try errors.takeFailures(reading: dataset.file.name)
            var row = 0
            while let feature = next() {
                defer { OGR_F_Destroy(feature) }
                row += 1
                try body(
                    .feature(read(feature, row: row, failures: try errors.takeFailures(reading: dataset.file.name))))
            }
            let failures = try errors.takeFailures(reading: dataset.file.name)
            if !failures.isEmpty {
                throw FormatsError(
                    .damaged,
                    "Reading layer “\(name)” of “\(dataset.file.name)” broke off after record \(row): "
                        + "\(GDALErrors.clause(failures, folder: dataset.file.folder)).")
            }
            guard row >= options.leastCount else {
                throw FormatsError(
                    .damaged,
                    "“\(dataset.file.name)” was cut off: it has \(row) shapes and \(options.leastCount) records of attributes."
                )
            }
        }
        closingNotes = text.notes
    }

    private func begin() throws {
        if options.isInterleaved {
            // The driver does not come back from an earlier choice of layers.
            dataset = try GDALDataset(dataset.file)
            layer = dataset.layer(index) ?? layer
            // Features of the other layers are then not even put together.
            let statement = "SET interest_layers = \(name)"
            if let result = GDALDatasetExecuteSQL(dataset.handle, statement, nil, nil) {
                GDALDatasetReleaseResultSet(dataset.handle, result)
            }
        } else {
            OGR_L_ResetReading(layer)
        }
    }

    private func next() -> OGRFeatureH? {
        guard options.isInterleaved else { return OGR_L_GetNextFeature(layer) }
        while true {
            var found: OGRLayerH?
            guard let feature = GDALDatasetGetNextFeature(dataset.handle, &found, nil, nil, nil) else { return nil }
            if found == layer { return feature }
            OGR_F_Destroy(feature)
        }
    }

    private func read(_ feature: OGRFeatureH, row: Int, failures: [String]) -> RawFeature {
        let geometry = options.isTable ? nil : OGR_F_GetGeometryRef(feature)
        var record = RawFeature(row: row, hiddenType: GDALGeometryReader.type(of: geometry))
        do {
            // Whether a condition concerns a record shows in one that cannot be
            // taken, too.
            record.values = try fields.values(of: feature, text: text.value)
            guard failures.isEmpty else {
                let clause = GDALErrors.clause(failures, folder: dataset.file.folder)
                throw FeatureFault("unreadable", "cannot be read: \(clause)")
            }
            if options.isTable {
                record.geometry = try positions?.geometry(of: record.values)
            } else {
                record.take(try geometries.read(geometry))
            }
        } catch let fault as FeatureFault {
            record.fault = fault
        } catch {
            record.fault = FeatureFault("unreadable", "cannot be read: \(error)")
        }
        return record
    }
}

extension GeometryType {
    /// GDAL's types, without Z and M, as far as they are ours.
    init(_ type: OGRwkbGeometryType) {
        self = GeometryType.allCases.first { $0.wkbCode == type.rawValue } ?? .geometry
    }
}
