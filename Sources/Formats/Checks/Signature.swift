// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Whether a file begins the way its format does.
enum Signature {
    /// - Throws: `FormatsError` when it does not.
    static func check(_ file: StagedFile) throws {
        if file.format == .fileGDB { return }
        let mapped = try MappedFile(path: file.path, name: file.name)
        let bytes = mapped.bytes
        if let foreign = ForeignFormat.recognise(bytes, name: file.member) { throw foreign.refusal(of: file.name) }
        if let complaint = complaint(bytes, file) {
            throw FormatsError(.unrecognised, "“\(file.name)” is not \(article(file.format)): \(complaint).")
        }
    }

    private static func article(_ format: FileFormat) -> String {
        switch format {
        case .osmPBF, .osmXML, .xlsx, .accessDatabase: "an \(format.title) file"
        default: "a \(format.title) file"
        }
    }

    private static func complaint(_ bytes: UnsafeRawBufferPointer, _ file: StagedFile) -> String? {
        if bytes.isEmpty { return "it is empty" }
        let isRight: Bool
        switch file.format {
        // Read by ourselves, which will tell.
        case .shapefile, .geoJSON, .geoJSONSeq, .surveyPoints, .fileGDB: return nil
        case .geoPackage:
            guard bytes.has("SQLite format 3\0") else { return seems(bytes) }
            return SQLiteSchema.sizeComplaint(bytes)
        case .kml, .osmXML:
            isRight = firstVisible(bytes) == 0x3C || bytes.count > 1 && (bytes[0] == 0xFF || bytes[0] == 0xFE)
        case .mapInfo:
            isRight =
                Staging.ending(of: file.path) == "tab"
                ? bytes.part(from: 0, count: 512).contains(word: "!table") : startsWithVersion(bytes)
        case .dxf:
            if bytes.has("AutoCAD Binary DXF") { return "it is a binary DXF; save it as ASCII DXF" }
            isRight = DXFScan.beginsLikeDXF(bytes)
        case .csv:
            let head = bytes.part(from: 0, count: 4096)
            if head.contains(0), WideText(head) == nil { return "it holds zero bytes, which no text table does" }
            if head.part(from: 0, count: 256).contains(word: "<OGRVRT") { return "it is a VRT document" }
            return nil
        case .xlsx: isRight = bytes.has("PK\u{3}\u{4}")
        case .accessDatabase:
            isRight = bytes.has("Standard Jet DB\0", at: 4) || bytes.has("Standard ACE DB\0", at: 4)
            // Pages of Jet 3 have 2 KB, those of all later ones 4 KB.
            let page = bytes.count > 0x14 && bytes[0x14] == 0 ? 2048 : 4096
            if isRight, bytes.count % page != 0 || bytes.count < 2 * page { return "it was cut off within a page" }
        case .flatGeobuf: isRight = bytes.count >= 12 && bytes.has("fgb") && bytes.part(from: 4, count: 3).has("fgb")
        case .osmPBF: isRight = bytes.count > 20 && bytes.big(UInt32.self, at: 0) < 65_536 && bytes.part(from: 4, count: 64).contains(word: "OSMHeader")
        }
        return isRight ? nil : seems(bytes)
    }

    private static func firstVisible(_ bytes: UnsafeRawBufferPointer) -> UInt8? {
        let start = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
        return bytes.part(from: start, count: 4096).first { $0 > 0x20 }
    }

    private static func startsWithVersion(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let head = bytes.part(from: 0, count: 256)
        guard let first = head.firstIndex(where: { $0 > 0x20 }) else { return false }
        return head.has("version", at: first)
    }

    /// What the contents look like instead.
    private static func seems(_ bytes: UnsafeRawBufferPointer) -> String {
        if bytes.has("PK\u{3}\u{4}") { return "its contents are a ZIP archive" }
        if bytes.has("SQLite format 3\0") { return "its contents are an SQLite database" }
        if bytes.count > 1 && bytes[0] == 0x1F && bytes[1] == 0x8B { return "its contents are compressed with gzip" }
        if bytes.has("%PDF") { return "its contents are a PDF document" }
        let head = bytes.part(from: 0, count: 512)
        if head.contains(word: "<OGRVRT") { return "its contents are a VRT document, which points to other files" }
        switch firstVisible(bytes) {
        case 0x3C: return head.contains(word: "<html") ? "its contents are a web page" : "its contents are XML"
        case 0x7B, 0x5B: return "its contents are JSON"
        default: return "its contents do not begin like one"
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether ASCII text occurs, whatever its case.
    func contains(word: StaticString) -> Bool {
        guard count >= word.utf8CodeUnitCount else { return false }
        return (0...(count - word.utf8CodeUnitCount)).contains { has(word, at: $0) }
    }
}
