// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Synchronization
import Testing

/// A running `miaopu serve` on a port of its own, ended with it.
final class RunningServer: Sendable {
    let address: String
    let process: Process
    private let said = Said()

    /// Outlives the server, for the thread that reads.
    private final class Said: Sendable {
        let bytes = Mutex(Data())
    }

    /// - Parameters:
    ///   - keepsErrors: whether `errors` is wanted.
    ///   - errorFile: where standard error goes instead.
    init(
        _ district: URL, environment: [String: String] = [:], keepsErrors: Bool = false, errorFile: String? = nil
    ) throws {
        let output = Pipe()
        let standardError = Pipe()
        let serve = ["serve", "--district", district.path, "--port", "0"]
        if let errorFile {
            process = try Program.start(
                ["-c", "exec \"$@\" 2> '\(errorFile)'", "sh", Program.executable.path] + serve, environment: environment,
                output: output, errors: standardError, executable: URL(fileURLWithPath: "/bin/sh"))
        } else {
            process = try Program.start(serve, environment: environment, output: output, errors: standardError)
        }
        var text = ""
        while !text.contains("\n") {
            let bytes = output.fileHandleForReading.availableData
            if bytes.isEmpty { break }
            text += String(decoding: bytes, as: UTF8.self)
        }
        let start = try #require(text.range(of: "http://"), "no address in “\(text)”")
        let rest = text[start.lowerBound...].prefix { !$0.isWhitespace }
        address = rest.hasSuffix("/") ? String(rest.dropLast()) : String(rest)
        if keepsErrors {
            let handle = standardError.fileHandleForReading
            Thread.detachNewThread { [said] in
                while true {
                    let bytes = handle.availableData
                    if bytes.isEmpty { return }
                    said.bytes.withLock { $0 += bytes }
                }
            }
        }
    }

    deinit {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }

    struct Answer {
        var status: Int
        var headers: [String: String]
        var body: Data
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    func get(
        _ path: String, headers: [String: String] = [:], method: String = "GET", body: String? = nil
    ) throws -> Answer {
        let (answer, errors) = try attempt(path, headers: headers, method: method, body: body)
        return try #require(answer, "\(errors)")
    }

    /// As `get`, for a server that may not be there; the sentence says why there
    /// is no answer.
    func attempt(
        _ path: String, headers: [String: String] = [:], method: String = "GET", body: String? = nil
    ) throws -> (answer: Answer?, errors: String) {
        // Python sends a path as it is written, garbled ones too.
        let script = """
            import http.client, json, sys
            host, path, fields = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
            connection = http.client.HTTPConnection(host, timeout=60)
            connection.request(sys.argv[4], path, body=sys.argv[5] or None, headers=fields)
            answer = connection.getresponse()
            body = answer.read()
            head = {name.lower(): value for name, value in answer.getheaders()}
            print(json.dumps({"status": answer.status, "headers": head, "body": body.hex()}))
            """
        struct Reply: Decodable {
            var status: Int
            var headers: [String: String]
            var body: String
        }
        let fields = String(decoding: try JSONEncoder().encode(headers), as: UTF8.self)
        let result = try #require(
            try Program.tool(
                "python3",
                ["-c", script, String(address.dropFirst("http://".count)), path, fields, method, body ?? ""]))
        if result.status != 0 { return (nil, result.errors) }
        let reply = try JSONDecoder().decode(Reply.self, from: Data(result.output.utf8))
        let digits = Array(reply.body.utf8)
        let bytes = stride(from: 0, to: digits.count, by: 2).map { offset -> UInt8 in
            UInt8(String(decoding: digits[offset..<offset + 2], as: UTF8.self), radix: 16) ?? 0
        }
        return (Answer(status: reply.status, headers: reply.headers, body: Data(bytes)), "")
    }

    /// The statuses of so many requests, one after the other on one connection.
    func statuses(of path: String, count: Int) throws -> [Int] {
        let script = """
            import http.client, sys
            connection = http.client.HTTPConnection(sys.argv[1], timeout=60)
            for _ in range(int(sys.argv[3])):
                connection.request("GET", sys.argv[2])
                answer = connection.getresponse()
                answer.read()
                print(answer.status)
            """
        let host = String(address.dropFirst("http://".count))
        let result = try #require(try Program.tool("python3", ["-c", script, host, path, "\(count)"]))
        #expect(result.status == 0, "\(result.errors)")
        return result.output.split(separator: "\n").compactMap { Int($0) }
    }

    /// What it has written to standard error until now.
    var errors: String { said.bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    /// The process that serves, which the one that was started supervises.
    func worker() throws -> pid_t? {
        try Self.children(of: process.processIdentifier).first
    }

    /// The processes that a process has started and that live.
    static func children(of process: pid_t) throws -> [pid_t] {
        let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
        return tasks.flatMap { task -> [pid_t] in
            let text = (try? String(contentsOfFile: "/proc/\(process)/task/\(task)/children", encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// Ends it without a word, as the kernel does.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to end as Ctrl-C does.
    func interrupt() -> Int32 {
        Foundation.kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }
}

@Suite struct `A district on the air` {
    /// One house in the tile 14/13716/6700.
    static func fixture() throws -> DistrictFixture {
        let fixture = try DistrictFixture(
            sources: "  - { id: good, town: \"310112108\", layer: buildings, path: maps/good.geojson }\n")
        try fixture.write(`Bad input to a merge`.good, to: "maps/good.geojson")
        let merged = try fixture.merge()
        #expect(merged.status == 0, "\(merged.errors)")
        return fixture
    }

    @Test func `answers with tiles, documents and clear refusals`() throws {
        let fixture = try Self.fixture()
        let server = try RunningServer(fixture.directory)
        #expect(try server.get("/health").status == 200)

        let picture = try server.get("/tiles/district/14/13716/6700.png")
        #expect(picture.status == 200)
        #expect(picture.headers["content-type"] == "image/png")
        #expect(picture.body.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        let tag = try #require(picture.headers["etag"])
        let again = try server.get("/tiles/district/14/13716/6700.png", headers: ["If-None-Match": tag])
        #expect(again.status == 304)
        #expect(again.body.isEmpty)
        #expect(picture.headers["miaopu-tile"] != nil)

        let vector = try server.get("/tiles/buildings/14/13716/6700.mvt")
        #expect(vector.status == 200)
        #expect(vector.headers["content-type"]?.contains("mapbox-vector-tile") == true)
        #expect(!vector.body.isEmpty)

        let tileJSON = try server.get("/tiles/district.json")
        let document = try #require(try JSONSerialization.jsonObject(with: tileJSON.body) as? [String: Any])
        #expect(document["tilejson"] as? String == "3.0.0")
        #expect((document["tiles"] as? [String])?.first?.hasPrefix(server.address) == true)

        for (path, status) in [
            ("/tiles/district/3/100/1.png", 404), ("/tiles/district/99/1/1.png", 400),
            ("/tiles/district/x/1/1.png", 400),
            ("/tiles/district/14/-1/6700.png", 400), ("/tiles/nowhere/1/0/0.png", 404),
            ("/tiles/../../../etc/passwd", 400), ("/tiles/district/14/13716/6700.exe", 400), ("/nothing", 404),
        ] {
            let answer = try server.get(path)
            #expect(answer.status == status, "\(path): \(answer.status) \(answer.text)")
            #expect(answer.headers["content-type"] == "application/problem+json", "\(path)")
            #expect(!answer.text.contains(fixture.directory.path))
        }
        #expect(server.interrupt() == 0)
    }

    @Test func `shows a new merge without a restart`() throws {
        let fixture = try Self.fixture()
        let server = try RunningServer(fixture.directory)
        let before = try server.get("/tiles/district/14/13716/6700.png")
        try fixture.write(
            `Bad input to a merge`.good.replacingOccurrences(of: "121.381", with: "121.386"), to: "maps/good.geojson")
        #expect(try fixture.merge().status == 0)
        var after = before
        // The server looks every second; a slow machine may need some more.
        for _ in 0..<100 where after.body == before.body {
            usleep(200_000)
            after = try server.get("/tiles/district/14/13716/6700.png")
        }
        #expect(after.body != before.body)
        #expect(after.headers["etag"] != before.headers["etag"])
    }

    @Test func `has the five plugins, and refuses what is none`() throws {
        let fixture = try Self.fixture()
        try fixture.write("this is no library", to: "plugins/broken.so")
        let list = try Program.run(["plugin", "list", "--json", "--district", fixture.directory.path])
        #expect(list.status == 1, "\(list.errors)")
        struct Entry: Decodable {
            struct Layer: Decodable {
                var id: String
            }
            var id: String
            var state: String
            var contract: Int?
            var reason: String?
            var layers: [Layer]
        }
        let entries = try JSONDecoder().decode([Entry].self, from: Data(list.output.utf8))
        let running = entries.filter { $0.state == "running" }
        #expect(Set(running.map(\.id)) == ["assets", "community", "flood", "property", "water"])
        #expect(running.allSatisfy { $0.contract == 1 && !$0.layers.isEmpty })
        let refused = entries.filter { $0.state == "refused" }
        #expect(refused.count == 1)
        #expect(refused.first?.reason?.contains("broken.so") == true)

        let server = try RunningServer(fixture.directory)
        #expect(try server.get("/plugins/water/summary").status == 200)
        #expect(try server.get("/tiles/water.stations/10/857/418.mvt").status == 200)
        #expect(try server.get("/plugins/water/import").status >= 400)
    }

    @Test func `says when its port is taken`() throws {
        let fixture = try Self.fixture()
        let server = try RunningServer(fixture.directory)
        let port = try #require(server.address.split(separator: ":").last)
        let second = try Program.run(["serve", "--district", fixture.directory.path, "--port", String(port)])
        #expect(second.status == 3)
        #expect(second.errors.contains(port) && second.errors.contains("--port"))
    }

    @Test func `draws the same tile without a server`() throws {
        let fixture = try Self.fixture()
        let server = try RunningServer(fixture.directory)
        let served = try server.get("/tiles/district/14/13716/6700.png")
        #expect(server.interrupt() == 0)
        let file = fixture.directory.appendingPathComponent("tile.png")
        let drawn = try Program.run(
            ["tile", "district", "14", "13716", "6700", "-o", file.path, "--district", fixture.directory.path])
        #expect(drawn.status == 0, "\(drawn.errors)")
        #expect(try Data(contentsOf: file) == served.body)
    }
}
