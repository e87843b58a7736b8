// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// Waits for connections on this machine, and takes none that it should not.
final class Listener {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && listen(socket, 128) == 0 && getsockname(socket, $0, &size) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        try #require(isBound)
    }

    deinit { close(descriptor) }

    /// How many have called since the last time.
    func connections() -> Int {
        var count = 0
        while true {
            let one = accept(descriptor, nil, nil)
            if one < 0 { return count }
            close(one)
            count += 1
        }
    }
}

/// A delivery names other files and servers; nobody goes there.
@Suite struct `Deliveries that point elsewhere` {
    static let canary = "CANARY-7261"

    /// A file and a server under every ending, all the others under one.
    static func targets(of ending: String) -> Range<Int> {
        0..<(ending == "geojson" || Program.isLong ? 8 : 2)
    }

    @Test func `lead to no other file and to no server`() throws {
        let listener = try Listener()
        let address = "127.0.0.1:\(listener.port)"
        _ = try Program.tool(
            "python3", ["-c", "import socket; socket.create_connection(('127.0.0.1', \(listener.port)))"])
        #expect(listener.connections() == 1, "a listener that hears nothing proves nothing")

        let endings = [
            "geojson", "json", "shp", "kml", "gpkg", "dxf", "csv", "tab", "mif", "fgb", "osm", "xlsx", "geojsonl",
        ]
        let targets = [
            "SECRET", "/vsicurl/http://\(address)/a.geojson", "/vsis3/bucket/a.geojson",
            "PG:host=127.0.0.1 port=\(listener.port)",
            "WFS:http://\(address)/", "MEM:::DATAPOINTER=1", "/vsizip//vsicurl/http://\(address)/a.zip",
            "http://\(address)/a.geojson",
        ]
        var deliveries: [Delivery] = []
        for ending in endings {
            for number in Self.targets(of: ending) {
                deliveries.append(
                    .refused("\(ending)\(number).\(ending)", "\(ending)\(number)", more: ", crs: \"EPSG:4326\""))
            }
        }
        let inert = ["links.kml", "crs.geojson", "xref.dxf", "urls.gpkg", "prj.shp"]
        deliveries += inert.map {
            Delivery(path: $0, more: $0 == "xref.dxf" ? ", crs: \"EPSG:4549\"" : "", layer: "points", fate: .any)
        }
        let round = try DeliveryRound(deliveries)
        try round.fixture.write("name,lon,lat\n\(Self.canary),121.38,31.11\n", to: "maps/secret/secret.csv")
        let secret = round.file("secret/secret.csv").path
        for ending in endings {
            for number in Self.targets(of: ending) {
                let target = targets[number]
                try round.write(
                    """
                    <OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>\(target == "SECRET" ? secret : target)\
                    </SrcDataSource><GeometryType>wkbPoint</GeometryType></OGRVRTLayer></OGRVRTDataSource>

                    """, to: "\(ending)\(number).\(ending)")
            }
        }
        let place = "<Placemark><name>A</name><styleUrl>http://\(address)/s.kml#s</styleUrl>"
        try round.write(
            """
            <kml xmlns="http://www.opengis.net/kml/2.2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xsi:schemaLocation="http://\(address)/a http://\(address)/a.xsd"><Document>
            <NetworkLink><Link><href>http://\(address)/more.kml</href></Link></NetworkLink>
            <Style id="s"><IconStyle><Icon><href>http://\(address)/i.png</href></Icon></IconStyle></Style>
            <GroundOverlay><Icon><href>http://\(address)/o.png</href></Icon></GroundOverlay>
            \(place)<Point><coordinates>121.38,31.11</coordinates></Point></Placemark></Document></kml>
            """, to: "links.kml")
        try round.write(
            """
            {"type":"FeatureCollection","crs":{"type":"link","properties":{"href":"http://\(address)/crs","type":"proj4"}},
            "features":[{"type":"Feature","properties":{"name":"x"},"geometry":{"type":"Point","coordinates":[121.38,31.11]}}]}
            """, to: "crs.geojson")
        let pairs = [
            "0", "SECTION", "2", "BLOCKS", "0", "BLOCK", "2", "X", "70", "4", "10", "0", "20", "0", "1",
            "/vsicurl/http://\(address)/x.dxf", "0", "ENDBLK", "0", "ENDSEC", "0", "SECTION", "2", "ENTITIES", "0",
            "POINT",
            "8", "0", "10", "500000", "20", "3440000", "0", "INSERT", "2", "X", "10", "0", "20", "0", "0", "ENDSEC",
            "0", "EOF",
        ]
        try round.write(pairs.joined(separator: "\n") + "\n", to: "xref.dxf")
        try SampleFiles.write(3, to: round.file("urls.gpkg"))
        try Archives.change(
            database: round.file("urls.gpkg"),
            [
                "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT, "
                    + "definition TEXT, scope TEXT)",
                "INSERT INTO gpkg_extensions VALUES (NULL, NULL, 'a_b', 'http://\(address)/e', 'read-write')",
            ])
        try SampleFiles.write(3, to: round.file("prj.shp"))
        try round.write("http://\(address)/crs.wkt", to: "prj.prj")

        try round.run()
        #expect(listener.connections() == 0)
        #expect(try round.written().range(of: Data(Self.canary.utf8)) == nil)
    }

    @Test func `are refused where district.yaml itself names them`() throws {
        let listener = try Listener()
        for path in [
            "/vsicurl/http://127.0.0.1:\(listener.port)/a.geojson", "http://127.0.0.1:\(listener.port)/a.geojson",
            "PG:host=127.0.0.1 port=\(listener.port)", "../secret.csv", "/etc/passwd", "maps/../../secret.csv",
        ] {
            let fixture = try DistrictFixture(
                sources: "  - { id: a, layer: points, path: \"\(path)\", crs: \"EPSG:4326\" }\n")
            let result = try fixture.merge()
            #expect([1, 2].contains(result.status), "\(path): \(result)")
            #expect((result.output + result.errors).contains(path), "\(path): \(result)")
        }
        #expect(listener.connections() == 0)
    }
}
