// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The verdict on a shapefile's text: the request, then the `.cpg`, then the
/// language byte of the `.dbf`, then the bytes themselves.
struct ShapefileEncoding {
    let verdict: EncodingVerdict?
    let decoder: TextDecoder?
    private(set) var notes: [String] = []

    init(_ file: StagedFile, request: DatasetRequest, table: DBFTable?) throws {
        guard let table else {
            verdict = nil
            decoder = nil
            return
        }
        let detection = table.detection()
        var found = detection.verdict
        if let encoding = request.encoding {
            found = detection.verdict(encoding, .request)
        } else if let codePage = Self.codePage(file, &notes) {
            found = detection.verdict(codePage, .codePageFile)
        } else if let encoding = DBFCodePages.encoding(languageID: table.languageID), !detection.isASCII {
            found = detection.verdict(encoding, .header)
        }
        guard let decoder = TextDecoder(encoding: found.name) else {
            throw FormatsError(.wrongUse, "There is no text encoding “\(found.name)”; GBK and UTF-8 are the usual ones.")
        }
        self.decoder = decoder
        verdict = found
        if let contradiction = detection.contradiction(of: found) { notes.append(contradiction) }
        if found.evidence == .assumed {
            let sample = found.sample.map { ", as in “\($0)”" } ?? ""
            notes.append(
                "Nothing says in which encoding the text is, and it is no UTF-8: it was read as Chinese (GB18030)\(sample). "
                    + "If it reads wrong, declare `encoding:`.")
        }
    }

    private static func codePage(_ file: StagedFile, _ notes: inout [String]) -> String? {
        guard let path = file.companions["cpg"], let data = FileManager.default.contents(atPath: path) else { return nil }
        let text = String(decoding: data.prefix(64), as: UTF8.self)
        if let encoding = DBFCodePages.encoding(codePageFile: text) { return encoding }
        notes.append("The .cpg says “\(ZipDirectory.printable(text))”, which is no encoding that is known.")
        return nil
    }
}

/// The `.prj` beside a file.
enum ProjectionFile {
    static func declared(_ file: StagedFile) -> (crs: DeclaredCRS?, notes: [String]) {
        guard let path = file.companions["prj"] else {
            return (nil, ["There is no .prj: the file does not say which reference system it is in."])
        }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 65_536 else {
            return (nil, ["The .prj cannot be read."])
        }
        let text = String(decoding: data, as: UTF8.self).trimmingPrefix("\u{FEFF}")
            .trimmingCharacters(in: .whitespacesAndNewlines.union(.controlCharacters))
        guard !text.isEmpty, let crs = GDALReferenceSystem.declared(definition: text) else {
            return (nil, ["The .prj says “\(ZipDirectory.printable(text))”, which is no reference system that is known."])
        }
        return (crs, [])
    }
}
