// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// Archives and databases that no program writes of itself, made by Python.
enum Archives {
    static let bombs = """
        import gzip, io, struct, zipfile
        zeros = bytes(1 << 20)
        with zipfile.ZipFile("ratio.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            with archive.open("a.geojson", "w", force_zip64=True) as member:
                for _ in range(32): member.write(zeros)
        with gzip.open("ratio.geojson.gz", "wb", 1) as file:
            for _ in range(32): file.write(zeros)
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive: archive.writestr("a.geojson", "{}")
        with zipfile.ZipFile("nested.zip", "w") as archive: archive.writestr("a.zip", inner.getvalue())
        def directory(names, size, data):
            local, central = b"", []
            for name in names:
                name = name.encode()
                fields = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, len(data), size, len(name), 0)
                if not local: local = b"PK\\x03\\x04" + fields + name + data
                central.append(b"PK\\x01\\x02\\x14\\0" + fields + bytes(14) + name)
            central = b"".join(central)
            end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(central), len(local), 0)
            return local + central + b"PK\\x05\\x06" + end
        open("members.zip", "wb").write(directory([f"{n:05}.geojson" for n in range(60000)], 10, bytes(10)))
        open("lying.zip", "wb").write(directory(["a.geojson"], 10, bytes(1000)))
        """

    static func misleading(good: String) -> String {
        """
        import base64, struct, zipfile
        good = base64.b64decode("\(Data(good.utf8).base64EncodedString())")
        def archive(file, *members):
            with zipfile.ZipFile(file, "w") as target:
                for name, mode in members:
                    entry = zipfile.ZipInfo()
                    entry.filename, entry.create_system, entry.external_attr = name, 3, mode << 16
                    target.writestr(entry, b"/etc/passwd" if mode >> 12 == 10 else good)
        archive("up.zip", ("../../canary.geojson", 0o100644))
        archive("absolute.zip", ("/tmp/miaopu-canary.geojson", 0o100644))
        archive("backslash.zip", ("..\\\\..\\\\canary.geojson", 0o100644))
        archive("link.zip", ("a.geojson", 0o120777))
        archive("device.zip", ("a.geojson", 0o060644))
        archive("twice.zip", ("a.geojson", 0o100644), ("a.geojson", 0o100644))
        archive("case.zip", ("a.geojson", 0o100644), ("A.geojson", 0o100644))
        """
    }

    /// Runs a script in a folder.
    static func write(_ script: String, into folder: URL) throws {
        let start = "import os, sys, warnings\nwarnings.simplefilter('ignore')\nos.chdir(sys.argv[1])\n"
        let result = try #require(try Program.tool("python3", ["-c", start + script, folder.path]))
        try #require(result.status == 0, "\(result.errors)")
    }

    /// Runs statements on a GeoPackage, and registers a table or view of it as a
    /// layer.
    static func change(database: URL, _ statements: [String], registering table: String? = nil) throws {
        let script = """
            import json, sqlite3, sys
            connection = sqlite3.connect(sys.argv[1])
            for statement in json.loads(sys.argv[2]): connection.execute(statement)
            if sys.argv[3]:
                connection.execute(
                    "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, 'features', ?, 4326)",
                    (sys.argv[3], sys.argv[3]))
                connection.execute(
                    "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', 4326, 0, 0)", (sys.argv[3],))
            connection.commit()
            connection.close()
            """
        let list = String(decoding: try JSONEncoder().encode(statements), as: UTF8.self)
        let result = try #require(try Program.tool("python3", ["-c", script, database.path, list, table ?? ""]))
        try #require(result.status == 0, "\(result.errors)")
    }
}
