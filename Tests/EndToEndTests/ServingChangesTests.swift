// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@Suite struct `A district that changes under its server` {
    private static let tile = "/tiles/district/14/13716/6700.png"
    private static let vector = "/tiles/buildings/14/13716/6700.mvt"

    /// Asks until an answer is as wanted; the server looks every second, and a
    /// slow machine may need some more.
    private func wait(
        for path: String, of server: RunningServer, until isWanted: (RunningServer.Answer) -> Bool
    ) throws -> RunningServer.Answer {
        var answer = try server.get(path)
        for _ in 0..<100 where !isWanted(answer) {
            usleep(100_000)
            answer = try server.get(path)
        }
        return answer
    }

    @Test func `is shown alike by two servers, before a merge and after it`() throws {
        let fixture = try `A district on the air`.fixture()
        let servers = try [RunningServer(fixture.directory), RunningServer(fixture.directory)]
        #expect(servers[0].address != servers[1].address)
        let before = try servers.map { try $0.get(Self.tile) }
        #expect(before.allSatisfy { $0.status == 200 })
        #expect(before[0].body == before[1].body && before[0].headers["etag"] == before[1].headers["etag"])

        try fixture.write(
            `Bad input to a merge`.good.replacingOccurrences(of: "121.381", with: "121.386"), to: "maps/good.geojson")
        #expect(try fixture.merge().status == 0)
        let after = try servers.map { try wait(for: Self.tile, of: $0) { $0.body != before[0].body } }
        #expect(after[0].body != before[0].body)
        #expect(after[0].body == after[1].body && after[0].headers["etag"] == after[1].headers["etag"])
        // The end of one is nothing to the other.
        #expect(servers[0].interrupt() == 0)
        #expect(try servers[1].get(Self.vector).status == 200)
    }

    @Test func `stays on the map when its snapshots are removed`() throws {
        let fixture = try `A district on the air`.fixture()
        let server = try RunningServer(fixture.directory)
        let before = try server.get(Self.tile)
        try FileManager.default.removeItem(at: fixture.directory.appendingPathComponent(".miaopu"))
        // A tile that no cache has is drawn from the files that are gone by name only.
        let other = try server.get("/tiles/district/15/27433/13400.png")
        #expect(other.status == 200)
        #expect(other.headers["miaopu-tile"]?.contains("failed=()") == true)
        #expect(try server.get(Self.tile).body == before.body)

        // The next merge brings them back, and a new server has them too.
        try fixture.write(
            `Bad input to a merge`.good.replacingOccurrences(of: "121.381", with: "121.386"), to: "maps/good.geojson")
        #expect(try fixture.merge().status == 0)
        let after = try wait(for: Self.tile, of: server) { $0.body != before.body }
        #expect(after.status == 200 && after.body != before.body)
        #expect(try RunningServer(fixture.directory).get(Self.tile).body == after.body)
    }

    @Test func `stays on the map as it was when its store is removed`() throws {
        let fixture = try `A district on the air`.fixture()
        let server = try RunningServer(fixture.directory)
        let before = try server.get(Self.tile)
        let aside = fixture.directory.appendingPathComponent("aside.gpkg")
        try FileManager.default.moveItem(at: fixture.store, to: aside)
        // Longer than the server needs to notice.
        usleep(1_500_000)
        #expect(try server.get("/health").status == 200)
        #expect(try server.get(Self.tile).body == before.body)
        #expect(try server.get("/tiles/district/15/27433/13400.png").status == 200)
        try FileManager.default.moveItem(at: aside, to: fixture.store)
        #expect(try server.get(Self.vector).status == 200)
        #expect(server.interrupt() == 0)
    }
}
