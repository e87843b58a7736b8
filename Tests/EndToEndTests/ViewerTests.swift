// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// What the map viewer shows of plugins that fail, in a real browser.
@Suite(.enabled(if: SmallPlugin.canBeBuilt && Browser.isThere)) struct `The map viewer` {
    private let fixture: DistrictFixture

    init() throws {
        fixture = try `A district on the air`.fixture()
        let library = try SmallPlugin(version: "1.0.0", word: "one").build(in: fixture.directory.appendingPathComponent("b"))
        try fixture.write(Data(contentsOf: URL(fileURLWithPath: library)), to: "plugins/bench.so")
        try fixture.write("no library", to: "plugins/broken.so")
    }

    private static let helpers = """
        const check = (holds, what) => { if (!holds) throw new Error(what); };
        const text = (selector) => document.querySelector(selector)?.textContent ?? "";
        const wait = async (holds, what) => {
          for (let i = 0; i < 600 && !holds(); i++) await new Promise((done) => setTimeout(done, 100));
          check(holds(), what + ": " + text("#groups") + text("#notice") + document.body.dataset.incomplete);
        };
        const section = (title) => [...document.querySelectorAll("#groups section")]
          .find((found) => found.querySelector("h2").textContent === title);
        """

    /// The layer is missing when the page is opened, and comes back while it is open. Then
    /// the house is clicked, and the fold of where it came from is opened.
    private static let recovery = """
        (async () => {
          \(helpers)
          const row = () => document.querySelector("[data-layer='bench.seats']");
          await wait(() => row().classList.contains("failed"), "the layer is not marked");
          check(row().textContent.includes("暂不可用"), "row: " + row().textContent);
          await wait(() => section("长椅").textContent.includes("The bench is ill."), "no reason");
          check(section("长椅").textContent.includes("暂时中断："), section("长椅").textContent);
          check(text("#notice").includes("座位"), "notice: " + text("#notice"));
          check(Number(document.body.dataset.incomplete) > 0, "no tile is marked");
          check(section("broken.so").textContent.includes("未能启用："), text("#groups"));

          await fetch("/plugins/bench/well");
          await wait(() => !row().classList.contains("failed"), "the layer does not come back");
          await wait(() => document.body.dataset.incomplete === "0", "a tile stays marked");
          check(!section("长椅").querySelector(".trouble") && text("#notice") === "", "what is over is still told");
          await wait(() => document.body.dataset.map === "idle", "the map does not come to rest");

          const canvas = document.querySelector(".maplibregl-canvas");
          const box = canvas.getBoundingClientRect();
          const at = { bubbles: true, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, button: 0 };
          for (const kind of ["mousedown", "mouseup", "click"]) canvas.dispatchEvent(new MouseEvent(kind, at));
          await wait(() => document.querySelector("#details .provenance"), "nothing was clicked");
          const fold = document.querySelector("#details .provenance");
          check(fold.querySelector("summary").textContent === "数据溯源", fold.textContent);
          fold.querySelector("summary").click();
          await wait(() => fold.textContent.includes("good.geojson · 第 1 条记录"), "no file: " + fold.textContent);
          check(/[0-9a-f]{64}/.test(fold.textContent), "no hash: " + fold.textContent);
          check(fold.textContent.includes("梅陇镇"), "no town: " + fold.textContent);
        })()
        """

    private static let quarantine = """
        (async () => {
          \(helpers)
          const bench = () => section("长椅")?.textContent ?? "";
          await wait(() => bench().includes("已隔离：") && bench().includes("miaopu plugin trust bench"), "not told");
          await wait(() => Number(document.body.dataset.incomplete) > 0, "no tile is marked");
          check(document.querySelector("[data-layer='bench.seats']").classList.contains("failed"), bench());
        })()
        """

    @Test func `shows which layer is missing and why, and when it is there again`() throws {
        let server = try RunningServer(fixture.directory)
        #expect(try server.get("/plugins/bench/ill").status == 200)
        let picture = fixture.directory.appendingPathComponent("viewer.png")
        let visit = try Browser.visit(server, at: "16/31.11033/121.38067", Self.recovery, picture: picture)
        #expect(visit.status == 0, "\(visit.output)\(visit.errors)")

        // Three crashes, and its process is not started any more.
        for _ in 0..<100 where try !server.get("/plugins/bench/crash").text.contains("quarantine") { usleep(100_000) }
        let second = try Browser.visit(server, at: "14/31.119/121.388", Self.quarantine, picture: picture)
        #expect(second.status == 0, "\(second.output)\(second.errors)")
        #expect(server.interrupt() == 0)
    }
}

/// A headless Chromium, as `tools/screenshot.py` drives it.
enum Browser {
    /// Whether a map can be looked at here.
    static let isThere: Bool = {
        let web = Program.package.appendingPathComponent(".build/web/maplibre-gl.js")
        guard FileManager.default.fileExists(atPath: web.path) else {
            print("skipped: tools/setup has not fetched MapLibre GL JS")
            return false
        }
        guard (try? Program.tool("chromium", ["--version"])) != nil else {
            print("skipped: there is no chromium on this machine")
            return false
        }
        return true
    }()

    /// Opens the viewer, runs a script in it and takes a picture.
    static func visit(
        _ server: RunningServer, at view: String, _ script: String, picture: URL
    ) throws -> Program.Result {
        let tool = Program.package.appendingPathComponent("tools/screenshot.py").path
        let result = try Program.tool(
            "python3",
            [tool, "--url", "\(server.address)/", "--view", view, "--run", script, "--size", "1100x700", picture.path])
        return try #require(result)
    }
}
