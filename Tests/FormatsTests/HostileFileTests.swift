// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CGDAL
import ChildProcesses
import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Formats

@Suite("Files that are made to harm end in one clear sentence", .enabled(if: executable != nil))
struct HostileFileTests {
    static let endings = FileFormat.allCases.filter { $0 != .fileGDB }.flatMap(\.extensions) + ["zip", "gz"]

    /// A megabyte without any meaning.
    private static let noise: [UInt8] = {
        var generator = SeededGenerator(seed: 7)
        return (0..<(1 << 17)).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
    }()

    @Test("Nothing, one byte and random bytes are no map, whatever their name says", arguments: endings)
    func noise(ending: String) throws {
        let folder = try TemporaryFolder()
        for bytes in [[], [0x41], Self.noise] as [[UInt8]] {
            let url = try folder.write(bytes, to: "x.\(ending)")
            let error = try #require(refusal(url), "\(ending), \(bytes.count) bytes")
            #expect(error.kind == .unrecognised || error.kind == .damaged, "\(error)")
            #expect(error.description.contains("x.\(ending)"), "\(error)")
        }
    }

    @Test("A VRT document opens no other file, whatever its name says", arguments: endings)
    func vrt(ending: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("id,lon,lat,note\n1,121,31,CANARY\n", to: "secret.csv")
        for source in [folder.file("secret.csv").path, "/vsicurl/http://127.0.0.1:9/a.csv", "PG:dbname=x", "MEM:::"] {
            let text = """
                <OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>\(source)</SrcDataSource>
                <GeometryType>wkbNone</GeometryType></OGRVRTLayer></OGRVRTDataSource>
                """
            let url = try folder.write(text, to: "x.\(ending)")
            let error = try #require(refusal(url), "\(ending)")
            #expect(!error.description.contains("CANARY"))
        }
    }

    @Test("GDAL has the drivers that are needed, and no other")
    func drivers() {
        let names = Set(GDALLibrary.driverNames)
        #expect(names.isSuperset(of: FileFormat.allCases.flatMap(\.drivers)))
        #expect(names.isDisjoint(with: ["OGR_VRT", "VRT", "HTTP", "WFS", "PostgreSQL", "GML", "SQLite", "MEM", "ODS"]))
        #expect(names.count <= 16)
    }

    @Test("Paths that mean something to GDAL are no paths here")
    func paths() {
        for path in ["/vsizip/a.zip", "/vsimem/x.shp", "relative.shp", "PG:dbname=x", "/a\0b.shp", ""] {
            #expect(throws: FormatsError.self) { try Dataset(opening: DatasetRequest(path: path)) }
        }
        let missing = #expect(throws: FormatsError.self) {
            try Dataset(opening: DatasetRequest(path: "/nowhere/x.shp"))
        }
        #expect(missing?.kind == .notFound && missing?.description == "There is no file “x.shp”.")
        #expect(throws: FormatsError.self) { try Dataset(opening: DatasetRequest(path: "/")) }
    }

    // MARK: DXF

    private static func drawing(blocks: String, entities: String) -> String {
        "0\nSECTION\n2\nHEADER\n0\nENDSEC\n0\nSECTION\n2\nBLOCKS\n\(blocks)0\nENDSEC\n0\nSECTION\n2\nENTITIES\n\(entities)0\nENDSEC\n0\nEOF\n"
    }

    private static func block(_ name: String, _ contents: String) -> String {
        "0\nBLOCK\n2\n\(name)\n10\n0\n20\n0\n\(contents)0\nENDBLK\n"
    }

    private static func insert(_ name: String, columns: Int = 1, rows: Int = 1) -> String {
        "0\nINSERT\n8\n0\n2\n\(name)\n10\n0\n20\n0\n70\n\(columns)\n71\n\(rows)\n44\n1\n45\n1\n"
    }

    private static let line = "0\nLINE\n8\n0\n10\n0\n20\n0\n11\n1\n21\n1\n"

    @Test("A drawing of 30,000 × 30,000 inserts, and blocks within blocks, are refused before they are drawn")
    func drawingBombs() throws {
        let folder = try TemporaryFolder()
        let grid = Self.drawing(
            blocks: Self.block("B", Self.line), entities: Self.insert("B", columns: 30_000, rows: 30_000))
        #expect(grid.utf8.count < 400)
        var nested = Self.block("B0", Self.line)
        for level in 1...11 {
            nested += Self.block("B\(level)", (0..<10).map { _ in Self.insert("B\(level - 1)") }.joined())
        }
        let tree = Self.drawing(blocks: nested, entities: Self.insert("B11"))
        for (name, text) in [("grid.dxf", grid), ("tree.dxf", tree)] {
            let error = try #require(refusal(folder.write(text, to: name)))
            #expect(error.kind == .tooLarge && error.description.contains("too expensive"), "\(error)")
        }
    }

    @Test("Blocks that contain themselves are refused")
    func recursion() throws {
        let folder = try TemporaryFolder()
        let own = Self.drawing(blocks: Self.block("A", Self.insert("A")), entities: Self.insert("A"))
        let mutual = Self.drawing(
            blocks: Self.block("A", Self.insert("B")) + Self.block("B", Self.insert("A")), entities: Self.insert("A"))
        for text in [own, mutual] {
            let error = try #require(refusal(folder.write(text, to: "a.dxf")))
            #expect(error.description.contains("contains itself"), "\(error)")
        }
        let honest = Self.drawing(
            blocks: Self.block("A", Self.line + Self.line), entities: Self.insert("A") + Self.line)
        let inspection = try inspect(folder.write(honest, to: "b.dxf"))
        #expect(inspection.layers.first?.balance?.read == 2)
    }

    @Test("What the walk over a drawing does not see, the ceiling on processor time ends")
    func ceiling() throws {
        let folder = try TemporaryFolder()
        let grid = Self.drawing(
            blocks: Self.block("B", Self.line), entities: Self.insert("B", columns: 30_000, rows: 30_000))
        let url = try folder.write(grid, to: "grid.dxf")
        let error = try #require(
            refusal(url, limits: ChildLimits(cpuSeconds: 2, wallSeconds: 30)) { $0.limits.features = .max })
        #expect(error.kind == .tooLarge)
        #expect(
            error.description.hasPrefix("“grid.dxf” is too expensive to read: the process that read it used more than"),
            "\(error)")
    }

    @Test("A binary drawing is named as such")
    func binary() throws {
        let folder = try TemporaryFolder()
        let error = try #require(refusal(folder.write("AutoCAD Binary DXF\r\n\u{1A}\0", to: "a.dxf")))
        #expect(error.description.contains("save it as ASCII DXF"))
    }

    // MARK: XML

    @Test("Document type declarations are refused in all XML", arguments: ["kml", "osm"])
    func entities(ending: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("CANARY", to: "secret.txt")
        let root = ending == "kml" ? "kml" : "osm"
        for declaration in [
            "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>",
            "<!DOCTYPE x SYSTEM \"http://127.0.0.1:9/x.dtd\">",
            "<!DOCTYPE x [<!ENTITY a SYSTEM \"file://\(folder.file("secret.txt").path)\">]>",
        ] {
            let error = try #require(
                refusal(folder.write("<?xml version=\"1.0\"?>\(declaration)<\(root)>&b;</\(root)>", to: "x.\(ending)")))
            #expect(error.kind == .unsafe && !error.description.contains("CANARY"), "\(error)")
        }
    }

    @Test("Folders in folders in folders are refused")
    func folders() throws {
        let folder = try TemporaryFolder()
        let text = "<kml>" + String(repeating: "<Folder>", count: 50_000)
        let error = try #require(refusal(folder.write(text, to: "a.kml")))
        #expect(error.kind == .tooLarge)
    }

    @Test("KML that needs more memory than is allowed is refused with what to do")
    func memory() throws {
        let folder = try TemporaryFolder()
        let outline = "121,31 121.1,31 121.1,31.1 121,31.1 121,31"
        let place =
            "<Placemark><name>房屋</name><Polygon><outerBoundaryIs><LinearRing><coordinates>\(outline)"
            + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        let text = "<kml><Document>" + String(repeating: place, count: 200_000) + "</Document></kml>"
        let url = try folder.write(text, to: "a.kml")
        let error = try #require(
            refusal(url, limits: ChildLimits(cpuSeconds: 60, wallSeconds: 120, addressSpaceBytes: 350 << 20)))
        #expect(error.kind == .tooLarge && error.description.contains("deliver it as a GeoPackage"), "\(error)")
    }

    @Test("Links in KML stay text")
    func links() throws {
        let folder = try TemporaryFolder()
        let kml = """
            <kml xmlns="http://www.opengis.net/kml/2.2"><Document>
            <NetworkLink><Link><href>http://127.0.0.1:9/more.kml</href></Link></NetworkLink>
            <Style id="s"><IconStyle><Icon><href>file:///etc/passwd</href></Icon></IconStyle></Style>
            <Placemark><name>A</name><styleUrl>http://127.0.0.1:9/s.kml#s</styleUrl>
            <Point><coordinates>121,31</coordinates></Point></Placemark></Document></kml>
            """
        let inspection = try inspect(folder.write(kml, to: "a.kml"))
        #expect(inspection.layers.reduce(0) { $0 + ($1.balance?.read ?? 0) } == 1)
    }

    // MARK: Ceilings

    @Test("Every ceiling has a sentence that names it")
    func ceilings() throws {
        let folder = try TemporaryFolder()
        let url = try Samples.shapefile(in: folder, count: 20)
        let cases: [((inout DatasetLimits) -> Void, String)] = [
            ({ $0.features = 19 }, "19 is the most allowed"), ({ $0.fields = 3 }, "3 fields"),
            ({ $0.verticesOfFile = 50 }, "50 vertices"), ({ $0.fileBytes = 100 }, "the most allowed"),
        ]
        for (change, words) in cases {
            let error = try #require(refusal(url) { change(&$0.limits) })
            #expect(error.description.contains(words), "\(error)")
        }
        #expect(try inspect(url) { $0.limits.verticesOfGeometry = 4 }.layers[0].balance?.faults == ["too-large": 20])
        #expect(try inspect(url) { $0.limits.textBytes = 3 }.layers[0].balance?.faults == ["text-too-long": 20])
    }

    @Test("A polygon of a million vertices is read or refused within a second or two")
    func millionVertices() throws {
        let folder = try TemporaryFolder()
        var text = "{\"type\":\"Polygon\",\"coordinates\":[["
        for number in 0..<999_999 {
            let angle = Double(number) / 999_999 * 2 * Double.pi
            text += "[\(121 + cos(angle)),\(31 + sin(angle))],"
        }
        text += "[122.0,31.0]]]}"
        let url = try folder.write(text, to: "a.geojson")
        #expect(try inspect(url).layers[0].balance?.read == 1)
        #expect(try inspect(url) { $0.limits.verticesOfGeometry = 999_999 }.layers[0].balance?.rejected == 1)
    }
}
