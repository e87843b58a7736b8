// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// What the README promises to a new user, on the demo district.
@Suite struct `The demo district` {
    @Test func `is written, merged, and looked at in a browser`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let demo = try Program.run(["demo", folder.path])
        #expect(demo.status == 0, "\(demo.errors)")
        let again = try Program.run(["demo", folder.path])
        #expect(again.status == 2)
        #expect(again.errors.contains("district"))

        // The demo holds deliveries that need a person, on purpose.
        let merge = try Program.run(["merge", "--json", "--district", folder.path])
        #expect(merge.status == 1, "\(merge.errors)")
        let report = try JSONDecoder().decode(DistrictFixture.Report.self, from: Data(merge.output.utf8))
        let counts = report.sources.map(\.counts)
        #expect(counts.allSatisfy { $0.read == $0.accepted + $0.repaired + $0.rejected + $0.skipped })
        #expect((55_000...75_000).contains(counts.reduce(0) { $0 + $1.read }))
        #expect(report.sources.contains { $0.outcome == "quarantined" })
        #expect(report.sources.filter { $0.outcome == "quarantined" }.count < 5)
        let systems = Set(report.sources.compactMap(\.crs))
        #expect(systems.count >= 5, "\(systems)")

        try Self.look(at: folder)
    }

    /// Takes the picture that the README shows, in a real browser.
    static func look(at district: URL) throws {
        let web = Program.package.appendingPathComponent(".build/web/maplibre-gl.js")
        guard FileManager.default.fileExists(atPath: web.path) else {
            print("skipped: tools/setup has not fetched MapLibre GL JS")
            return
        }
        guard try Program.tool("chromium", ["--version"]) != nil else {
            print("skipped: there is no chromium on this machine")
            return
        }
        let picture = district.appendingPathComponent("viewer.png")
        let tool = Program.package.appendingPathComponent("tools/screenshot.py").path
        let result = try #require(
            try Program.tool(
                "python3",
                [tool, "--miaopu", Program.executable.path, "--district", district.path, picture.path]))
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let bytes = try Data(contentsOf: picture)
        // An empty map or a page with an error is far smaller.
        #expect(bytes.count > 100_000)
    }
}
