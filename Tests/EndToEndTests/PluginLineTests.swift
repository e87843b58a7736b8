// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// Commands that need a plugin that runs, with and without a server.
@Suite(.enabled(if: SmallPlugin.canBeBuilt)) struct PluginLineTests {
    private let fixture: DistrictFixture

    init() throws {
        fixture = try `A district on the air`.fixture()
        let library = try SmallPlugin(version: "1.0.0", word: "start").build(
            in: fixture.directory.appendingPathComponent("builds"))
        try fixture.write("", to: "plugins/.keep")
        try FileManager.default.copyItem(
            atPath: library, toPath: fixture.directory.appendingPathComponent("plugins/bench.so").path)
    }

    private func run(_ arguments: String...) throws -> Program.Result {
        try Program.run(["plugin"] + arguments + ["--district", fixture.directory.path])
    }

    /// The plugin writes a word down each time that it is started.
    private func starts() throws -> [String] {
        try fixture.query(
            "SELECT count(*) FROM words", in: fixture.directory.appendingPathComponent("state/bench.sqlite"))
    }

    @Test func `ask the plugin of the server, and start no other`() throws {
        let file = fixture.directory.appendingPathComponent("bench.geojson")
        let server = try RunningServer(fixture.directory)
        let socket = fixture.directory.appendingPathComponent("state/plugins/serving.sock").path
        let rights = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? Int
        #expect(rights == 0o600)
        let exported = try run("export", "bench", file.path)
        #expect(exported.status == 0, "\(exported.errors)")
        #expect(try String(contentsOf: file, encoding: .utf8).contains("\"bench.seats\""))
        let refused = try run("import", "bench", file.path)
        #expect(refused.status == 1 && refused.errors.contains("The plugin bench refuses bench.geojson: Nothing."), "\(refused)")
        let unknown = try run("import", "nobody", file.path)
        #expect(unknown.status == 2 && unknown.errors.contains("There is no plugin “nobody”"), "\(unknown)")
        // What it takes is on the air at once: it is the same plugin.
        try fixture.write(`What plugins were given`.readings(0..<3), to: "import.json")
        let taken = try run("import", "flood", fixture.directory.appendingPathComponent("import.json").path)
        #expect(taken.status == 0, "\(taken.errors)")
        #expect(try `What plugins were given`.kept(server) == [0, 1, 2])
        let picture = fixture.directory.appendingPathComponent("tile.png").path
        let tile = try Program.run(
            ["tile", "district", "14", "13716", "6700", "-o", picture, "--district", fixture.directory.path])
        #expect(tile.status == 0 && tile.errors.contains("left out"), "\(tile.errors)")
        #expect(try starts() == ["1"])
        #expect(server.interrupt() == 0)

        let alone = try run("export", "bench", file.path)
        #expect(alone.status == 0, "\(alone.errors)")
        #expect(try starts() == ["2"])
    }

    /// The right to start the plugins is held here as a command holds it.
    @Test func `are waited for by a server that begins meanwhile`() throws {
        let script = """
            import fcntl, os, select, signal, subprocess, sys
            program, district = sys.argv[1:]
            folder = os.path.join(district, "state/plugins")
            os.makedirs(folder, exist_ok=True)
            lock = open(os.path.join(folder, "hosting.lock"), "w")
            fcntl.flock(lock, fcntl.LOCK_EX)
            server = subprocess.Popen(
                [program, "serve", "--district", district, "--port", "0"], stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True)
            for line in server.stderr:
                if "the server begins when it has ended" in line:
                    command = [program, "tile", "district", "14", "13716", "6700", "--district", district]
                    tile = subprocess.run(command + ["-o", district + "/t.png"], capture_output=True, text=True)
                    print("tile", tile.returncode, "left out" in tile.stderr)
                    print("waits", bool(select.select([server.stdout], [], [], 0)[0]))
                    break
            fcntl.flock(lock, fcntl.LOCK_UN)
            print("begins", "http://" in server.stdout.readline())
            server.send_signal(signal.SIGINT)
            print("ends", server.wait(120))
            """
        let result = try #require(
            try Program.tool("python3", ["-c", script, Program.executable.path, fixture.directory.path]))
        #expect(result.output == "tile 0 True\nwaits False\nbegins True\nends 0\n", "\(result)")
    }

    @Test func `ask on a terminal before data are put back`() throws {
        let builds = fixture.directory.appendingPathComponent("builds")
        try FileManager.default.removeItem(atPath: fixture.directory.path + "/plugins/bench.so")
        for version in ["1.0.0", "1.1.0"] {
            let library = try SmallPlugin(version: version, word: version).build(in: builds)
            #expect(try run("install", library).status == 0)
            #expect(try run("list").output.contains("bench \(version)"))
        }
        let command = ["plugin", "rollback", "bench", "--data", "--district", fixture.directory.path]
        let question = "Put the data of version 1.0.0 back? [y/N] "
        for (typed, status) in [("n\n", Int32(2)), ("\n", 2), ("perhaps\n", 2), ("\u{4}", 2), ("\u{3}", 130)] {
            let kept = try Terminal.run(command, answers: [(question, typed)])
            #expect(kept.status == status, "\(typed.debugDescription): \(kept)")
            #expect(kept.text.contains("when version 1.0.0 left them"), "\(kept)")
            #expect(status == 130 || kept.text.contains("Nothing was changed."), "\(kept)")
            #expect(try run("list").output.contains("bench 1.1.0"))
        }
        let done = try Terminal.run(command, answers: [(question, "y\n")])
        #expect(done.status == 0 && done.text.contains("The plugin bench 1.0.0 is back"), "\(done)")
        #expect(try run("list").output.contains("bench 1.0.0"))
    }
}
