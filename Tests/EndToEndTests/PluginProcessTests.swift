// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@Suite("A plugin in a process of its own") struct PluginProcessTests {
    private static func fixture() throws -> DistrictFixture {
        let fixture = try `A district on the air`.fixture()
        let path = fixture.directory.appendingPathComponent("district.yaml")
        let text = try String(contentsOf: path, encoding: .utf8)
        try fixture.write(text + "plugins:\n  water: { hosting: process }\n  flood:\n", to: "district.yaml")
        return fixture
    }

    @Test func `is listed as such`() throws {
        let fixture = try Self.fixture()
        let list = try Program.run(["plugin", "list", "--district", fixture.directory.path])
        #expect(list.status == 0, "\(list.output)\(list.errors)")
        let lines = list.output.split(separator: "\n")
        #expect(lines.first { $0.hasPrefix("water ") }?.hasSuffix("in a process of its own") == true)
        #expect(lines.first { $0.hasPrefix("flood ") }?.contains("process") == false)
    }

    @Test func `is replaced when it dies, and quarantined when it dies too often`() throws {
        let fixture = try Self.fixture()
        let server = try RunningServer(fixture.directory)
        #expect(try server.get("/plugins/water/summary").status == 200)
        for crash in 1...3 {
            let worker = try #require(try server.worker())
            let child = try #require(try RunningServer.children(of: worker).first, "the plugin has no process")
            kill(child, SIGKILL)
            // A pause follows the second crash; nothing else keeps it from coming back.
            var answers: Set<Int> = []
            for _ in 0..<50 {
                let status = try server.get("/plugins/water/summary").status
                answers.insert(status)
                if crash < 3 && status == 200 { break }
                #expect(try server.get("/plugins/flood/summary").status == 200)
                if crash == 3 && status == 503 && answers.count == 1 { break }
                usleep(100_000)
            }
            #expect(answers.contains(200) == (crash < 3), "\(answers)")
            #expect(answers.isSubset(of: [200, 503]))
        }
        #expect(try server.get("/plugins/water/summary").text.contains("miaopu plugin trust water"))
        let trust = ["plugin", "trust", "water", "--district", fixture.directory.path]
        let lifted = "The quarantine of the plugin water is lifted.\n"
        #expect(try Program.run(trust).output == lifted + "The server that runs starts it at its next call.\n")
        #expect(try server.get("/plugins/water/summary").status == 200)
        #expect(server.interrupt() == 0)
        #expect(try Program.run(trust).output == "The plugin water is not in quarantine.\n")
        let again = try RunningServer(fixture.directory)
        #expect(try again.get("/plugins/water/summary").status == 200)
    }
}
