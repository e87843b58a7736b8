// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Formats

/// How a town delivers: in which plane, format, encoding and words.
struct TownHabit: Sendable {
    var code: String
    var plane: DeliveredPlane
    /// Whether `district.yaml` says what the plane is; else the files do.
    var declaresPlane: Bool
    var format: FileFormat
    /// Formats of layers that the town keeps elsewhere.
    var otherFormats: [String: FileFormat] = [:]
    var encoding: String = "UTF-8"
    var encodingMark: WritingOptions.EncodingMark = .codePageFile
    /// Whether `district.yaml` says what the encoding is.
    var declaresEncoding = false
    var dialect: Dialect
    var asOf: String
    var authority = 0
    /// Sentences for `district.yaml`.
    var note: String

    static let all: [TownHabit] = [
        TownHabit(
            code: "310112001", plane: .register("EPSG:4549"), declaresPlane: false, format: .shapefile,
            dialect: .pinyin, asOf: "2026-05-20",
            note: "江川路街道: shapefiles in UTF-8 with all their sidecars. The roads came without .prj, so nobody "
                + "knows where they lie: the merge sets them aside until a person writes crs here."),
        TownHabit(
            code: "310112006", plane: .register("EPSG:4326"), declaresPlane: false, format: .geoJSON, dialect: .english,
            asOf: "2026-06-30", note: "古美路街道: GeoJSON as RFC 7946 wants it, WGS 84."),
        TownHabit(
            code: "310112008", plane: .register("EPSG:4549"), declaresPlane: false, format: .geoPackage,
            dialect: .english, asOf: "2026-06-30", note: "新虹街道: GeoPackage, already on the district's plane."),
        TownHabit(
            code: "310112009", plane: .register("EPSG:32651"), declaresPlane: false, format: .flatGeobuf,
            dialect: .pinyin, asOf: "2026-06-12", note: "浦锦街道: FlatGeobuf in UTM zone 51, WGS 84."),
        TownHabit(
            code: "310112101", plane: .local, declaresPlane: true, format: .shapefile, encoding: "GBK",
            encodingMark: .codePageFile, dialect: .chinese, asOf: "2026-04-30",
            note: "莘庄镇: a plane of the town's own, without .prj; eight control points tie it to the district's "
                + "grid. Text in GBK with a .cpg."),
        TownHabit(
            code: "310112102", plane: .register("EPSG:4490"), declaresPlane: false, format: .geoJSON,
            dialect: .chinese, asOf: "2026-06-30",
            note: "七宝镇: GeoJSON in CGCS2000 degrees, said in the crs member of before 2016."),
        TownHabit(
            code: "310112103", plane: .register("EPSG:4528"), declaresPlane: true, format: .mapInfo, encoding: "GBK",
            declaresEncoding: true, dialect: .chinese, asOf: "2026-03-31",
            note: "颛桥镇: MapInfo MIF with the zone's number 40 before the eastings. The town has an exclave in the "
                + "industrial zone."),
        TownHabit(
            code: "310112106", plane: .bd09, declaresPlane: true, format: .geoJSON, otherFormats: ["points": .csv],
            encoding: "GB18030", declaresEncoding: true, dialect: .chinese, asOf: "2026-05-06",
            note: "华漕镇: traced from a Baidu map, so BD-09, although the files say WGS 84; points are a CSV table in "
                + "GB18030."),
        TownHabit(
            code: "310112107", plane: .register("EPSG:4326"), declaresPlane: false, format: .kml, dialect: .chinese,
            asOf: "2026-06-30", note: "虹桥镇: KML."),
        TownHabit(
            code: "310112108", plane: .gcj02, declaresPlane: true, format: .shapefile, encoding: "GBK",
            encodingMark: .none, declaresEncoding: true, dialect: .chinese, asOf: "2026-06-30", authority: 10,
            note: "梅陇镇: traced from a web map, so GCJ-02, although the .prj says WGS 84; text in GBK and no .cpg "
                + "to say so."),
        TownHabit(
            code: "310112110", plane: .register("EPSG:4549"), declaresPlane: true, format: .geoPackage,
            otherFormats: ["roads": .dxf, "rivers": .dxf, "points": .xlsx], dialect: .pinyin, asOf: "2026-02-28",
            note: "吴泾镇: GeoPackage; roads and rivers as DXF, which knows neither names nor a reference system; "
                + "points as an Excel table with X for north and Y for east, as surveyors write."),
        TownHabit(
            code: "310112112", plane: .beijing54, declaresPlane: true, format: .shapefile, encoding: "GBK",
            encodingMark: .languageByte, dialect: .standard, asOf: "2026-01-15",
            note: "马桥镇: Beijing 54. The register has no transformation to CGCS2000 that is good here; the town's "
                + "control points give it. Text in GBK, said by the table's language byte."),
        TownHabit(
            code: "310112114", plane: .register("EPSG:4550"), declaresPlane: false, format: .geoPackage,
            dialect: .pinyin, asOf: "2026-06-30", note: "浦江镇: GeoPackage on the meridian 123° E."),
        TownHabit(
            code: "310112501", plane: .register("EPSG:4549"), declaresPlane: false, format: .shapefile,
            encoding: "GBK", encodingMark: .codePageFile, dialect: .standard, asOf: "2026-06-30",
            note: "莘庄工业区: shapefiles in GBK. A few buildings cross themselves or have no ground at all, and two "
                + "uses are words that nobody knows: the report names each."),
    ]
}
