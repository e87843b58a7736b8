// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures
import Testing

@Suite("Texts that name a reference system")
struct ReferenceSystemTests {
    @Test("The grid of the district is read with all that others ask about it")
    func districtGrid() throws {
        let grid = try CoordinateReferenceSystem.named(" epsg:4549\n")
        #expect(grid.definition == "EPSG:4549")
        #expect(grid.authorityCode == "EPSG:4549")
        #expect(grid.name == "CGCS2000 / 3-degree Gauss-Kruger CM 120E")
        #expect(!grid.isGeographic)
        #expect(grid.isNorthFirst)
        #expect(grid.unit == .metre)
        #expect(grid.datumName == "CGCS2000")
        #expect(grid.areaOfUse?.minX == 118.5)
        #expect(grid.areaOfUse?.maxX == 121.5)
        #expect(grid.wkt.hasPrefix("PROJCRS[\"CGCS2000 / 3-degree"))
        #expect(!grid.wkt.contains("\n"))
        #expect(try grid.text(as: .esriWKT).contains("GCS_China_Geodetic_Coordinate_System_2000"))
        #expect(try grid.text(as: .wkt1).hasPrefix("PROJCS["))
        #expect(try grid.text(as: .projJSON).contains("\"ProjectedCRS\""))
    }

    @Test(
        "Other spellings of a register entry",
        arguments: [
            "urn:ogc:def:crs:EPSG::4490", "http://www.opengis.net/def/crs/EPSG/0/4490", "epsg:4490",
            "urn:ogc:def:crs:EPSG:9.8:4490",
        ])
    func registerSpellings(text: String) throws {
        let crs = try CoordinateReferenceSystem.named(text)
        #expect(crs.definition == "EPSG:4490")
        #expect(crs.isGeographic)
        #expect(crs.unit.name == "degree")
    }

    @Test(
        "CRS84, GCJ-02 and BD-09 in any spelling",
        arguments: [
            ("ogc:crs84", "OGC:CRS84"), ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"), ("CRS:84", nil),
            ("gcj02", "GCJ-02"), ("GCJ-02", "GCJ-02"), ("Gcj_02", "GCJ-02"), ("bd09", "BD-09"), ("BD-09 ", "BD-09"),
        ] as [(String, String?)])
    func wellKnownNames(text: String, definition: String?) throws {
        guard let definition else { return }
        #expect(try CoordinateReferenceSystem.named(text).definition == definition)
    }

    @Test("The written-out CRS84 is the one that PROJ knows")
    func crs84() throws {
        #expect(try CoordinateReferenceSystem.named("EPSG:4326").areaOfUse == CoordinateReferenceSystem.crs84.areaOfUse)
        let fromText = try CoordinateReferenceSystem.named(CoordinateReferenceSystem.crs84.wkt)
        #expect(fromText.datumName == "WGS 84")
        #expect(!fromText.isNorthFirst)
        #expect(try CoordinateReferenceSystem.crs84.text(as: .projJSON).contains("CRS84"))
    }

    static let esri4549 = """
        PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",\
        DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],\
        UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],\
        PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],\
        PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]
        """
    static let esri4326 = """
        GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],\
        PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]
        """
    static let esri2437 = """
        PROJCS["Beijing_1954_3_Degree_GK_CM_120E",GEOGCS["GCS_Beijing_1954",DATUM["D_Beijing_1954",\
        SPHEROID["Krasovsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],\
        PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],\
        PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],\
        UNIT["Meter",1.0]]
        """

    @Test(
        "The .prj texts of ESRI's programs are identified",
        arguments: [(esri4549, "EPSG:4549"), (esri4326, "EPSG:4326"), (esri2437, "EPSG:2437")])
    func esriSpellings(text: String, code: String) throws {
        let identified = try #require(try CoordinateReferenceSystem(identifying: "\u{FEFF}" + text + "\r\n"))
        #expect(identified.authorityCode == code)
        #expect(identified.definition == code)
        #expect(try CoordinateReferenceSystem.named(text).authorityCode == code)
    }

    @Test("An ESRI text transforms like the entry that it means")
    func esriTransform() throws {
        let result = try transform("EPSG:4326", Self.esri4549).transform(xinzhuang)
        #expect(abs(result.x - 631808.653888) < 1e-6)
        let error = #expect(throws: ProjectionsError.self) { try transform(Self.esri2437, "EPSG:4549") }
        #expect(error?.kind == .ballpark)
    }

    @Test("A text of nobody's register is not identified")
    func localGrid() throws {
        let local = Self.esri4549.replacing("120.0", with: "121.4644444")
            .replacing("CGCS2000_3_Degree_GK_CM_120E", with: "Shanghai")
        #expect(try CoordinateReferenceSystem(identifying: local) == nil)
        let parsed = try CoordinateReferenceSystem.named(local)
        #expect(parsed.authorityCode == nil)
        #expect(parsed.name == "Shanghai")
        #expect(parsed.datumName == "CGCS2000")
        #expect(try CoordinateReferenceSystem(identifying: "not WKT at all") == nil)
    }

    @Test("The mistyped text of Shanghai is recognised and refused")
    func shanghaiCity() throws {
        let text = Self.esri2437.replacing("Beijing_1954_3_Degree_GK_CM_120E", with: "shanghaicity")
        let byNumbers = Self.esri2437.replacing("120.0", with: "121.2751921").replacing("500000.0", with: "-3457147.81")
        for wkt in [text, byNumbers] {
            let parsing = #expect(throws: ProjectionsError.self) { try CoordinateReferenceSystem(parsing: wkt) }
            #expect(parsing?.kind == .malformed)
            let identifying = #expect(throws: ProjectionsError.self) { try CoordinateReferenceSystem(identifying: wkt) }
            #expect(identifying?.kind == .malformed)
        }
    }

    @Test(
        "What is no reference system is refused with what would be accepted",
        arguments: ["", "   ", "4549", "EPSG:99999", "WGS 84!", "+proj=nonsense", "GEOGCS[\"half", "EPSG:", "; drop"])
    func nonsense(text: String) throws {
        let error = #expect(throws: ProjectionsError.self) { try CoordinateReferenceSystem(parsing: text) }
        #expect(error?.kind == .unknownReferenceSystem)
        #expect(error?.description.hasSuffix(".") == true)
    }

    @Test("A number alone is met with the entry that it may mean")
    func bareNumber() throws {
        let error = #expect(throws: ProjectionsError.self) { try CoordinateReferenceSystem(parsing: "4549") }
        #expect(error?.description.contains("did you mean EPSG:4549?") == true)
    }

    @Test("Systems that no map can be drawn in are refused", arguments: ["EPSG:4479", "EPSG:5737", "EPSG:4978"])
    func unsupported(text: String) throws {
        let error = #expect(throws: ProjectionsError.self) { try CoordinateReferenceSystem(parsing: text) }
        #expect(error?.kind == .unsupported)
    }

    @Test("A compound system is taken for its horizontal part")
    func compound() throws {
        let compound = try CoordinateReferenceSystem.named("EPSG:7415")
        #expect(!compound.isGeographic)
        #expect(compound.unit == .metre)
        #expect(try CoordinateReferenceSystem.named("EPSG:4979").isGeographic)
    }
}
