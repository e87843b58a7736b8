// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures

/// Reads GeoJSON and GeoJSON sequences from mapped memory.
///
/// GDAL would take broken coordinates for empty points, and holds the whole text
/// in memory many times over.
final class GeoJSONLayerReader: LayerReader {
    var description: LayerDescription
    let member: String
    private(set) var closingNotes: [String] = []

    private let text: MappedFile
    private let scan: GeoJSONScan
    private var layout: GeoJSONLayout
    private let limits: DatasetLimits
    private let bytes: UnsafeRawBufferPointer

    init(_ file: StagedFile, request: DatasetRequest) throws {
        member = file.member
        limits = request.limits
        let source = try UnicodeText(file, request: request, kind: .json)
        text = source.file
        bytes = source.bytes
        scan =
            file.format == .geoJSONSeq
            ? try GeoJSONScan(sequence: bytes, file: file.name, limits: request.limits)
            : try GeoJSONScan(document: bytes, file: file.name, limits: request.limits)
        layout = scan.fields.layout(ceiling: request.limits.fields)
        var notes = source.notes + [layout.note].compactMap { $0 }
        let crs: DeclaredCRS?
        switch scan.crs {
        case nil: crs = .impliedCRS84
        case .some(nil):
            crs = nil
            notes.append("The file has a `crs` member that names no reference system.")
        case .some(let name?):
            crs = Self.declared(name)
            if crs == nil {
                notes.append(
                    "The file says “\(ZipDirectory.printable(name))”, which is no reference system that is known.")
            }
        }
        let stem = (file.member as NSString).lastPathComponent
        let name = scan.name.flatMap { $0.isEmpty || $0.utf8.count > 200 ? nil : $0 }
        description = LayerDescription(
            name: name ?? (stem as NSString).deletingPathExtension,
            schema: Schema(geometryType: scan.geometryType, fields: layout.fields), declaredCount: scan.starts.count,
            crs: crs, encoding: source.verdict, notes: notes)
    }

    /// A name in a `crs` member as authority and code.
    static func declared(_ name: String) -> DeclaredCRS? {
        let upper = name.uppercased()
        let parts = upper.split(whereSeparator: { $0 == ":" || $0 == "/" })
        guard let code = parts.last, !code.isEmpty else { return nil }
        if code == "CRS84" { return DeclaredCRS(authorityCode: "OGC:CRS84", wkt: "OGC:CRS84") }
        if parts.contains("EPSG"), code.allSatisfy(\.isNumber) {
            return DeclaredCRS(authorityCode: "EPSG:\(code)", wkt: "EPSG:\(code)")
        }
        return nil
    }

    func forEachFeature(_ body: (ReadRecord) throws -> Void) throws {
        for (index, start) in scan.starts.enumerated() {
            if let fault = scan.broken[index] {
                try body(.feature(RawFeature(row: index + 1, fault: fault)))
                continue
            }
            let feature: RawFeature
            do {
                feature = try read(start, row: index + 1)
            } catch let fault as FeatureFault {
                feature = RawFeature(row: index + 1, fault: fault)
            } catch {
                feature = RawFeature(row: index + 1, fault: FeatureFault("broken-json", "is not well-formed JSON"))
            }
            try body(.feature(feature))
        }
    }

    private func read(_ start: Int, row: Int) throws -> RawFeature {
        // Depth was checked by the scan.
        var cursor = JSONCursor(bytes, at: start, maxDepth: .max)
        var reader = GeoJSONGeometryReader(limits: limits)
        var feature = RawFeature(row: row, values: [AttributeValue](repeating: .null, count: layout.columns.count))
        guard cursor.current == 0x7B else { throw FeatureFault("no-feature", "is not a feature") }
        if scan.areGeometries {
            feature.geometry = try reader.read(&cursor)
        } else {
            try read(&cursor, &reader, into: &feature)
        }
        feature.hadZ = reader.hadZ
        if reader.wasOpen { feature.notes.append(.ringClosed) }
        if reader.droppedRings { feature.notes.append(.ringDropped) }
        return feature
    }

    private func read(
        _ cursor: inout JSONCursor, _ reader: inout GeoJSONGeometryReader, into feature: inout RawFeature
    ) throws {
        var isFeature = false
        var geometryStart: Int?
        var fault: FeatureFault?
        layout.beginRecord()
        // Members are passed over with typed errors; what is wrong with a value
        // waits until after.
        try cursor.forEachMember { cursor, key throws(JSONCursor.Fault) in
            if key.isWord("type"), cursor.current == 0x22 {
                isFeature = try cursor.string().isWord("Feature")
            } else if key.isWord("geometry") {
                geometryStart = cursor.offset
                try cursor.skipValue()
            } else if key.isWord("properties"), cursor.current == 0x7B {
                try cursor.forEachMember { cursor, key throws(JSONCursor.Fault) in
                    if let column = self.layout.column(of: key) {
                        try self.take(&cursor, column, &feature, &fault)
                    } else {
                        try cursor.skipValue()
                    }
                }
            } else if key.isWord("id"), let column = self.layout.idColumn {
                try self.take(&cursor, column, &feature, &fault)
            } else {
                try cursor.skipValue()
            }
        }
        if let fault { throw fault }
        guard isFeature else { throw FeatureFault("no-feature", "is not a feature") }
        if let geometryStart {
            let end = cursor.offset
            cursor.offset = geometryStart
            do {
                feature.geometry = try reader.read(&cursor)
            } catch let fault as FeatureFault {
                feature.fault = fault
                feature.hiddenType = reader.type
            }
            cursor.offset = end
        }
    }

    private func take(
        _ cursor: inout JSONCursor, _ column: Int, _ feature: inout RawFeature, _ fault: inout FeatureFault?
    ) throws(JSONCursor.Fault) {
        do {
            let value = try layout.value(&cursor, column: column)
            if case .text(let text) = value, text.utf8.count > limits.textBytes {
                fault = FeatureFault(
                    "text-too-long", "has a text of \(text.utf8.count) bytes; \(limits.textBytes) is the most allowed")
            }
            feature.values[column] = value
        } catch let error as JSONCursor.Fault {
            throw error
        } catch {
            throw cursor.fault("a value was expected")
        }
    }
}
