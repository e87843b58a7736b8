// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Formats
import Foundation
import SimpleFeatures

/// Writes the records of one source that go back to a town: in the format, the
/// encoding, the reference system and under the names of the delivered file.
final class SlipFile {
    /// Sentences about what could not be as in the delivery.
    private(set) var notes: [String] = []

    private let folder: URL
    private let stem: String
    private let delivered: URL
    private let format: FileFormat
    private let layer: LayerDescription
    private let mark: (Int) -> SlipMark
    private let writer: DatasetWriter?
    private var collection: GeoJSONCollection?
    private var drawing: [DXFAnnotation.Text] = []

    /// - Parameters:
    ///   - folder: where the files are to be; it exists and is empty.
    ///   - delivered: the file that was delivered.
    ///   - mark: of a record by its number.
    init(in folder: URL, _ opening: ReadSlipJob.Opening, delivered: URL, mark: @escaping (Int) -> SlipMark) throws {
        self.folder = folder
        self.delivered = delivered
        self.mark = mark
        layer = opening.layer
        let isPlain = FileFormat(fileExtension: delivered.pathExtension) != nil
        stem = Self.fileName(isPlain ? delivered.deletingPathExtension().lastPathComponent : layer.name)
        switch opening.format {
        case .fileGDB, .osmPBF, .osmXML, .flatGeobuf:
            notes.append("\(opening.format.title) files are not written; this is a GeoPackage with the same fields.")
            format = .geoPackage
        default: format = opening.format
        }
        var schema = layer.schema
        schema.fields += [Field(SlipMark.reasonColumn, .text), Field(SlipMark.column, .text)]
        switch format {
        case .geoJSON, .geoJSONSeq:
            collection = GeoJSONCollection(layer, schema.fields.map(\.name), isSequence: format == .geoJSONSeq)
            writer = nil
        case .dxf:
            // The drawing itself is copied; the records stand in a table beside it.
            schema.geometryType = .point
            writer = try DatasetWriter(
                creating: folder.appendingPathComponent("\(stem).xlsx"), schema: schema, options: .init(.xlsx))
        default:
            let file = folder.appendingPathComponent("\(stem).\(Self.ending(format, delivered))")
            writer = try DatasetWriter(
                creating: file, schema: schema, options: Self.options(format, layer, delivered))
        }
    }

    private static func ending(_ format: FileFormat, _ delivered: URL) -> String {
        let ending = delivered.pathExtension.lowercased()
        if format == .mapInfo { return ending == "mif" ? "mif" : "tab" }
        return format.extensions[0]
    }

    /// A name without folders and without what a file system or a shell minds.
    private static func fileName(_ name: String) -> String {
        let kept = name.unicodeScalars.map { scalar -> Character in
            let isPlain =
                scalar.properties.generalCategory != .control && !"/\\:*?\"<>|".unicodeScalars.contains(scalar)
            return isPlain ? Character(scalar) : "_"
        }
        var text = String(kept.drop { $0 == "." || $0 == " " })
        // A file system allows 255 bytes, and endings follow.
        while text.utf8.count > 200 { text.removeLast() }
        return text.isEmpty ? "slip" : text
    }

    private static func options(
        _ format: FileFormat, _ layer: LayerDescription, _ delivered: URL
    ) -> WritingOptions {
        var options = WritingOptions(format, crs: layer.crs.flatMap { $0.isImpliedByFormat ? nil : $0.wkt })
        options.encoding = layer.encoding?.name ?? "UTF-8"
        options.layerName = format == .geoPackage || format == .xlsx ? layer.name : nil
        options.isMIF = delivered.pathExtension.lowercased() == "mif"
        options.writesPosition = false
        switch layer.encoding?.claim.origin {
        case .codePageFile: options.encodingMark = .codePageFile
        case .header: options.encodingMark = .languageByte
        default: options.encodingMark = .none
        }
        if format == .shapefile {
            // Written below, letter for letter as it was delivered.
            options.crs = nil
            options.writesPRJ = false
        }
        return options
    }

    func write(row: Int, geometry: Geometry?, values: [AttributeValue], reason: String) throws {
        let values = values + [.text(shortened(reason)), .text(mark(row).text)]
        if collection != nil {
            collection?.append(geometry, values)
            return
        }
        if format == .dxf, let envelope = geometry?.envelope, !envelope.isEmpty {
            drawing.append(.init(at: envelope.center, text: "\(row): \(reason)"))
        }
        try writer?.write(FeatureRecord(id: Int64(row), geometry: geometry, values: values))
    }

    /// A shapefile's text has 254 bytes.
    private func shortened(_ reason: String) -> String {
        guard format == .shapefile || format == .mapInfo else { return reason }
        var text = reason
        while text.utf8.count > 250 {
            text.removeLast()
            if text.utf8.count <= 247 { return text + "…" }
        }
        return text
    }

    func close() throws {
        try writer?.close()
        if let collection {
            let file = folder.appendingPathComponent("\(stem).\(format.extensions[0])")
            try Data(collection.text.utf8).write(to: file)
        }
        if format == .shapefile { try copyMarks() }
        if format == .csv, layer.encoding?.claim.origin == .byteOrderMark, layer.encoding?.name == "UTF-8" {
            let file = folder.appendingPathComponent("\(stem).csv")
            try (Data([0xEF, 0xBB, 0xBF]) + Data(contentsOf: file)).write(to: file)
        }
        if format == .dxf { try annotate() }
    }

    /// What says the reference system and the encoding, as it was delivered.
    private func copyMarks() throws {
        let file = folder.appendingPathComponent(stem)
        if let crs = layer.crs, !crs.isImpliedByFormat {
            try Data(crs.wkt.utf8).write(to: file.appendingPathExtension("prj"))
        }
        guard layer.encoding?.claim.origin == .codePageFile else { return }
        let beside = delivered.deletingPathExtension()
        for ending in ["cpg", "CPG", "cst"] {
            let mark = beside.appendingPathExtension(ending)
            guard let size = try? mark.resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey]),
                size.isRegularFile == true, (size.fileSize ?? .max) < 1024, let data = try? Data(contentsOf: mark)
            else { continue }
            return try data.write(to: file.appendingPathExtension("cpg"))
        }
    }

    private func annotate() throws {
        guard FileFormat(fileExtension: delivered.pathExtension) == .dxf,
            let original = try? Data(contentsOf: delivered),
            let annotated = DXFAnnotation.adding(drawing, mark: mark(0).text, to: original)
        else {
            notes.append("The drawing could not be copied; the table has the records and the reasons.")
            return
        }
        try annotated.write(to: folder.appendingPathComponent("\(stem).dxf"))
        notes.append(
            "The drawing is a copy with the reasons on the layer \(DXFAnnotation.layer). Correct it and deliver it as a "
                + "new delivery; that layer is not read.")
    }
}

/// GeoJSON with numbers as short as they are exact, and the members of the
/// delivered file.
struct GeoJSONCollection {
    private let names: [String]
    private let isSequence: Bool
    private let head: String
    private var features: [String] = []

    init(_ layer: LayerDescription, _ names: [String], isSequence: Bool) {
        self.names = names.map(GeoJSON.quoted)
        self.isSequence = isSequence
        var head = "{\"type\":\"FeatureCollection\",\"name\":\(GeoJSON.quoted(layer.name)),"
        if let crs = layer.crs, !crs.isImpliedByFormat, let code = crs.authorityCode {
            let parts = code.split(separator: ":")
            let urn = parts.count == 2 ? "urn:ogc:def:crs:\(parts[0])::\(parts[1])" : code
            head += "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\(GeoJSON.quoted(urn))}},"
        }
        self.head = head
    }

    mutating func append(_ geometry: Geometry?, _ values: [AttributeValue]) {
        var text = "{\"type\":\"Feature\",\"properties\":{"
        text += zip(names, values).map { "\($0):\(Self.json($1))" }.joined(separator: ",")
        text += "},\"geometry\":"
        GeoJSON.append(geometry, to: &text)
        features.append(text + "}")
    }

    private static func json(_ value: AttributeValue) -> String {
        switch value {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .real(let value): value.isFinite ? "\(value)" : "null"
        case .text(let value): GeoJSON.quoted(value)
        }
    }

    var text: String {
        if isSequence { return features.map { $0 + "\n" }.joined() }
        return head + "\"features\":[\n" + features.joined(separator: ",\n") + "\n]}\n"
    }
}
