// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation

/// The verdict on a shapefile's text: what is asked for, else the `.cpg` or
/// `.cst`, else the language byte of the `.dbf`, held against the bytes.
struct ShapefileEncoding {
    /// Nil without a `.dbf`.
    let verdict: EncodingVerdict?
    private(set) var notes: [String] = []

    init(_ file: StagedFile, request: DatasetRequest, table: DBFTable?) throws {
        guard let table else {
            verdict = nil
            return
        }
        let languageByte = DBFCodePages.encoding(languageID: table.languageID)
        var claim = EncodingClaim(.header, languageByte)
        if let codePage = Self.codePage(file, &notes) {
            claim = EncodingClaim(.codePageFile, codePage)
            if let languageByte, !EncodingJudge.areAlike(languageByte, codePage) {
                notes.append("The .cpg says \(codePage) and the language byte of the .dbf \(languageByte).")
            }
        }
        verdict = try EncodingInquiry(request, file: file.name).verdict(
            on: table.sample(), columns: table.columnNames, claim: claim)
    }

    private static func codePage(_ file: StagedFile, _ notes: inout [String]) -> String? {
        for ending in ["cpg", "cst"] {
            guard let path = file.companions[ending], let data = FileManager.default.contents(atPath: path) else {
                continue
            }
            let text = String(decoding: data.prefix(64), as: UTF8.self)
            if let encoding = DBFCodePages.encoding(codePageFile: text) { return encoding }
            notes.append("The .\(ending) says “\(ZipDirectory.printable(text))”, which is no encoding that is known.")
        }
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
            return (
                nil, ["The .prj says “\(ZipDirectory.printable(text))”, which is no reference system that is known."]
            )
        }
        return (crs, [])
    }
}
