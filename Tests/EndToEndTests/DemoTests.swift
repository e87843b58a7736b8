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

    /// What a person would look for in the panel: a section for each plugin, the
    /// alerts, a page and a file to take away, and the clock.
    private static let visit = """
        (async () => {
          const check = (holds, what) => { if (!holds) throw new Error(what); };
          const wait = async (holds, what) => {
            for (let i = 0; i < 600 && !holds(); i++) await new Promise((done) => setTimeout(done, 100));
            check(holds(), what);
          };
          const titles = [...document.querySelectorAll("#groups h2")].map((title) => title.textContent).join();
          check(titles === "集体资产,社区,防汛,物业直通车,水质,基础图层", "sections: " + titles);
          await wait(() => document.querySelectorAll("#alerts li").length > 3, "no alerts");
          const [page, file] = ["a.page", "a.export"].map((name) => document.querySelector("#groups " + name));
          const table = await (await fetch(file.href)).text();
          check(file.download === "flood-facilities.csv" && table.includes("reading_time"), "export: " + file.href);
          check((await (await fetch(page.href)).text()).includes("<table>"), "page: " + page.href);

          const clock = document.querySelector("#clock input");
          clock.value = "2026-01-01T08:00";
          clock.dispatchEvent(new Event("change"));
          check(document.querySelector("#clock").classList.contains("past"), "the clock does not say the past");
          document.querySelector("#clock button").click();
          check(!document.querySelector("#clock").classList.contains("past"), "the clock does not come back");
          const { tilesAt } = await import("/web/clock.js");
          const then = tilesAt(["http://a/{z}.mvt"], new Date("2026-01-01T00:00:00Z"));
          check(then[0] === "http://a/{z}.mvt?time=2026-01-01T00%3A00%3A00Z", "time: " + then[0]);
          check(tilesAt(then, null)[0] === "http://a/{z}.mvt", "no time: " + tilesAt(then, null)[0]);
        })()
        """

    /// Takes the picture that the README shows, in a real browser, over connections
    /// that are lost now and then: a hole in the map would stay.
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
                [
                    tool, "--miaopu", Program.executable.path, "--district", district.path, "--lossy", "--run",
                    Self.visit, picture.path,
                ]))
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let bytes = try Data(contentsOf: picture)
        // An empty map or a page with an error is far smaller.
        #expect(bytes.count > 100_000)
    }
}
