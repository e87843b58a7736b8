// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// A live layer whose plugin keeps failing.
@Suite(.enabled(if: SmallPlugin.canBeBuilt)) struct `A layer that keeps failing` {
    @Test func `is left out with the reason, and comes back when its plugin is well`() throws {
        let fixture = try `A district on the air`.fixture()
        let mark = fixture.directory.appendingPathComponent("ill")
        var plugin = SmallPlugin(version: "1.0.0", word: "one")
        plugin.illWhile = mark.path
        let library = try plugin.build(in: fixture.directory.appendingPathComponent("builds"))
        let install = try Program.run(["plugin", "install", library, "--district", fixture.directory.path])
        #expect(install.status == 0, "\(install.errors)")
        try fixture.write("", to: "ill")
        let server = try RunningServer(fixture.directory)
        var record = ""
        // Another tile each time: failures are kept nowhere.
        for row in 6600..<6900 {
            let answer = try server.get("/tiles/district/14/13716/\(row).json")
            #expect(answer.status == 200)
            record = answer.text
            if record.contains("left out after") { break }
        }
        #expect(record.contains("left out after") && record.contains("bench.seats"), "\(record)")
        #expect(record.contains("The bench is ill."), "\(record)")
        #expect(try server.get("/tiles/district/14/13716/6700.png").status == 200)

        try FileManager.default.removeItem(at: mark)
        var answer = try server.get("/tiles/district/14/13716/6700.json").text
        for _ in 0..<600 where !answer.contains("\"failed\":[]") {
            usleep(200_000)
            answer = try server.get("/tiles/district/14/13716/6700.json").text
        }
        #expect(answer.contains("\"failed\":[]"), "\(answer)")
    }
}
