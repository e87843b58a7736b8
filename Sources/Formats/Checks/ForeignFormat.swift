// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A format that towns deliver and that is not read here: what it is, and which
/// export to ask for.
///
/// Contents decide, whatever a file is called; the ending counts only for binary
/// formats of which no mark is published.
public struct ForeignFormat: Hashable, Sendable {
    /// Goes on after “x.dwg is”: “a DWG drawing of AutoCAD 2013 to 2017 (AC1027)”.
    public var title: String
    /// One sentence for whoever writes to the town.
    public var request: String

    /// Endings of such files, for those who look for deliveries in a folder.
    public static let extensions: Set<String> = Set(endings.keys).union([
        "7z", "e00", "rar", "vct", "xls", "doc", "tar", "tgz", "bz2", "xz", "zst",
    ])

    /// The refusal of a file of this format.
    func refusal(of name: String) -> FormatsError {
        FormatsError(.unrecognised, "“\(name)” is \(title), which is not read here. \(request)")
    }

    // MARK: What to ask for

    private static let usual = "SHP (with .prj and .cpg) or GeoPackage"
    private static let mapGIS =
        "Ask for \(usual): in MapGIS 6.7 “文件转换 → SHAPE”, in K9 and 10 “导出 → Shapefile”, with the reference system said."
    private static let superMap =
        "Ask for \(usual): in SuperMap iDesktop “数据集 → 导出数据集 → ArcGIS Shape”, with the encoding UTF-8."
    private static let vct =
        "Ask for \(usual): in ArcGIS or MapGIS the exchange tool that wrote it also writes the layers as Shapefiles."
    private static let project =
        "It says how a map is drawn and holds no data: ask for the data that it points to, as \(usual)."
    private static let dwg =
        "Ask for DXF (ASCII): in AutoCAD, CASS or 中望CAD “另存为 → AutoCAD 2007 DXF”."
    private static let archive = "Ask for a ZIP archive, or the files themselves."
    private static let table = "Ask for .xlsx: in Excel or WPS “另存为 → Excel 工作簿 (*.xlsx)”; or for CSV."

    /// By ending, for contents that have no published mark.
    private static let endings: [String: (title: String, request: String)] = [
        "wt": ("a MapGIS file of points", mapGIS), "wl": ("a MapGIS file of lines", mapGIS),
        "wp": ("a MapGIS file of areas", mapGIS), "mpj": ("a MapGIS project", mapGIS),
        "mapx": ("a map document of MapGIS or ArcGIS", project), "hdb": ("a MapGIS database", mapGIS),
        "udb": ("a SuperMap datasource (UDB)", superMap), "udd": ("part of a SuperMap datasource (UDB)", superMap),
        "udbx": ("a SuperMap datasource (UDBX)", superMap), "sdb": ("a SuperMap datasource (SDB)", superMap),
        "sdd": ("part of a SuperMap datasource (SDB)", superMap), "smwu": ("a SuperMap workspace", project),
        "sxwu": ("a SuperMap workspace", project), "lyr": ("a layer file of ArcGIS", project),
        "lyrx": ("a layer file of ArcGIS", project), "mxd": ("a map document of ArcGIS", project),
        "aprx": ("a project of ArcGIS Pro", project), "qgz": ("a project of QGIS", project),
        "qgs": ("a project of QGIS", project), "wor": ("a workspace of MapInfo", project),
        "dwg": ("a DWG drawing", dwg), "dgn": ("a drawing of MicroStation", dwg),
        "dwf": ("a plot of AutoCAD", dwg), "lpk": ("a layer package of ArcGIS", archive),
        "mpk": ("a map package of ArcGIS", archive), "et": ("a table of WPS", table),
    ]

    /// Releases of AutoCAD by the first six bytes of a drawing.
    private static let releases: [String: String] = [
        "AC1009": "11 or 12", "AC1012": "13", "AC1014": "14", "AC1015": "2000 to 2002", "AC1018": "2004 to 2006",
        "AC1021": "2007 to 2009", "AC1024": "2010 to 2012", "AC1027": "2013 to 2017", "AC1032": "2018 or later",
    ]

    // MARK: Recognising

    /// The foreign format of a file; nil when it is none that is known.
    ///
    /// - Parameter name: decides where contents cannot.
    /// - Complexity: looks at 64 KB, and at the list of tables of a database.
    static func recognise(_ bytes: UnsafeRawBufferPointer, name: String) -> ForeignFormat? {
        let ending = Staging.ending(of: name)
        if let format = drawing(bytes) ?? packed(bytes, ending) ?? document(bytes, ending) ?? exchange(bytes) {
            return format
        }
        if bytes.has("SQLite format 3\0"), isSuperMap(bytes, name) { return format("udbx") }
        guard FileFormat(fileExtension: ending) == nil, let named = endings[ending] else { return nil }
        return ForeignFormat(title: named.title, request: named.request)
    }

    private static func format(_ ending: String) -> ForeignFormat? {
        endings[ending].map { ForeignFormat(title: $0.title, request: $0.request) }
    }

    /// DWG says its release in its first bytes.
    private static func drawing(_ bytes: UnsafeRawBufferPointer) -> ForeignFormat? {
        let digits = bytes.part(from: 3, count: 3)
        guard bytes.count >= 6, bytes.has("AC1"), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            bytes.part(from: 6, count: 1).allSatisfy({ $0 < 0x20 })
        else { return nil }
        let mark = String(decoding: bytes.part(from: 0, count: 6), as: UTF8.self)
        let release = releases[mark].map { "of AutoCAD \($0) (\(mark))" } ?? "of the release \(mark)"
        let reader =
            mark == "AC1015"
            ? "GDAL has a reader for this release, the only one that it knows; it is not let in, as DXF says the same. "
            : "GDAL cannot read this release either. "
        return ForeignFormat(title: "a DWG drawing \(release)", request: reader + dwg)
    }

    private static func packed(_ bytes: UnsafeRawBufferPointer, _ ending: String) -> ForeignFormat? {
        let marks: [(title: String, bytes: [UInt8], offset: Int)] = [
            ("a RAR archive", Array("Rar!\u{1A}\u{7}".utf8), 0), ("a 7z archive", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 0),
            ("a cabinet archive", Array("MSCF\0\0\0\0".utf8), 0), ("an archive of tar", Array("ustar".utf8), 257),
            ("compressed with xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], 0), ("compressed with bzip2", Array("BZh91AY&SY".utf8), 0),
            ("compressed with zstd", [0x28, 0xB5, 0x2F, 0xFD], 0),
        ]
        for mark in marks where bytes.part(from: mark.offset, count: mark.bytes.count).elementsEqual(mark.bytes) {
            return ForeignFormat(title: mark.title, request: archive)
        }
        // Packages and projects that are ZIP archives inside.
        guard bytes.has("PK\u{3}\u{4}"), ["aprx", "qgz", "lpk", "mpk"].contains(ending) else { return nil }
        return format(ending)
    }

    /// What office and map programs write: OLE containers, and text about maps.
    private static func document(_ bytes: UnsafeRawBufferPointer, _ ending: String) -> ForeignFormat? {
        let head = bytes.part(from: 0, count: 65_536)
        if head.part(from: 0, count: 8).elementsEqual([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            // The directory of streams may lie anywhere in the file.
            if let named = endings[ending] { return ForeignFormat(title: named.title, request: named.request) }
            if bytes.containsWide("WordDocument") {
                return ForeignFormat(title: "a document of Word", request: "Ask for the table in it as .xlsx or CSV.")
            }
            if bytes.containsWide("Mx Document") { return format("mxd") }
            if ending == "xls" || bytes.containsWide("Workbook") || bytes.containsWide("Book") {
                return ForeignFormat(title: "a workbook of Excel 97 to 2003", request: table)
            }
            return ForeignFormat(title: "a document of an office or map program (OLE)", request: project)
        }
        let start = head.part(from: 0, count: 1024)
        if start.contains(word: "<!DOCTYPE qgis") || start.contains(word: "<qgis ") { return format("qgs") }
        if start.contains(word: "CIMLayerDocument") || start.contains(word: "CIMMapDocument") { return format("lyrx") }
        if start.contains(word: "<SuperMapWorkspace") { return format("smwu") }
        return nil
    }

    /// Exchange formats and other text.
    private static func exchange(_ bytes: UnsafeRawBufferPointer) -> ForeignFormat? {
        if bytes.has("WMAP`D22") { return format("wt") }
        if bytes.has("WMAP`D21") { return format("wl") }
        if bytes.has("WMAP`D23") { return format("wp") }
        if bytes.has("WMAP") { return format("mpj") }
        if bytes.has("EXP  0 ") || bytes.has("EXP  1 ") {
            return ForeignFormat(
                title: "an exchange file of ArcInfo (E00)",
                request: "Ask for \(usual): ArcGIS “Import from E00”, then “Export data”.")
        }
        guard let version = vctVersion(bytes) else { return nil }
        return ForeignFormat(title: "a VCT exchange file\(version)", request: vct)
    }

    /// A VCT file begins with a head of lines `key:value`, GB/T 17798; nil when
    /// these bytes do not. All three versions name it in `DataMark`.
    private static func vctVersion(_ bytes: UnsafeRawBufferPointer) -> String? {
        let head = bytes.part(from: 0, count: 4096)
        guard head.contains(word: "datamark"), head.contains(word: "vct") else { return nil }
        var version = ""
        var isVCT = false
        // Bytes that are no ASCII stand in values that are not looked at.
        for line in String(decoding: head, as: UTF8.self).split(whereSeparator: \.isNewline).prefix(60) {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
            guard parts.count == 2 else { continue }
            switch parts[0].lowercased() {
            case "datamark": isVCT = parts[1].lowercased().contains("vct")
            case "version": version = parts[1].prefix(20).filter { $0.isASCII && ($0.isNumber || $0 == ".") }
            default: break
            }
        }
        return isVCT ? version.isEmpty ? "" : " of version \(version)" : nil
    }

    private static func isSuperMap(_ bytes: UnsafeRawBufferPointer, _ name: String) -> Bool {
        guard bytes.count >= 512, let schema = try? SQLiteSchema(bytes, name: name) else { return false }
        return schema.entries.contains { ["smregister", "smdatasourceinfo"].contains($0.name.lowercased()) }
    }

    /// The foreign format of a folder; nil when it is none that is known.
    static func recognise(folder names: [String]) -> ForeignFormat? {
        let names = Set(names.map { $0.lowercased() })
        guard names.contains("arc.adf") || names.contains("lab.adf") || names.contains("pal.adf") else { return nil }
        return ForeignFormat(
            title: "a coverage of ArcInfo", request: "Ask for \(usual): in ArcGIS “Export data”, every feature class of it.")
    }
}

extension UnsafeRawBufferPointer {
    /// Whether ASCII text stands somewhere as UTF-16 (little-endian), as in the
    /// directory of an OLE container; looks at the first 4 MB.
    fileprivate func containsWide(_ text: String) -> Bool {
        let wanted: [UInt8] = text.utf8.flatMap { [$0, 0] as [UInt8] }
        let end = Swift.min(count, 4 << 20) - wanted.count
        guard end >= 0 else { return false }
        // Streams are named at multiples of 128 bytes.
        return stride(from: 0, through: end, by: 128).contains { start in
            wanted.indices.allSatisfy { self[start + $0] == wanted[$0] }
        }
    }
}
