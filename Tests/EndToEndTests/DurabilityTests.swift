// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

/// What was acknowledged stays, whatever dies, and a full disk is no end.
@Suite struct `What plugins were given` {
    private static let base = Date()

    static func readings(_ numbers: Range<Int>) -> String {
        let facility = """
            {"type":"Feature","geometry":{"type":"Point","coordinates":[121.38,31.11]},
            "properties":{"code":"UP-1","kind":"underpass","name":"下立交"}}
            """
        let list = numbers.map { number in
            let time = base.addingTimeInterval(-60 * Double(number)).ISO8601Format()
            return #"{"facility":"UP-1","time":"\#(time)","value":\#(number)}"#
        }
        return
            #"{"facilities":{"type":"FeatureCollection","features":[\#(facility)]},"readings":[\#(list.joined(separator: ","))]}"#
    }

    /// The numbers of the readings that are kept, in order.
    static func kept(_ server: RunningServer) throws -> [Int] {
        struct History: Decodable {
            struct Reading: Decodable {
                var value: Double
            }
            var readings: [Reading]
        }
        let answer = try server.get("/plugins/flood/readings?facility=UP-1&hours=100")
        #expect(answer.status == 200, "\(answer.text)")
        return try JSONDecoder().decode(History.self, from: answer.body).readings.map { Int($0.value) }.sorted()
    }

    /// Servers and imports are killed at any instant; what an import that ended
    /// well has brought is there, and once.
    @Test func `outlives kill of the server and of the import`() throws {
        let fixture = try `A district on the air`.fixture()
        let file = fixture.directory.appendingPathComponent("import.json")
        let seed = UInt64.random(in: 0...999_999)
        var generator = RepeatableGenerator(seed: seed)
        print("killed with seed \(seed)")
        var acknowledged: [Int] = []
        var died = 0
        var number = 0
        for round in 0..<(Program.isLong ? 100 : 4) {
            let server = try RunningServer(fixture.directory)
            for turn in 0..<3 {
                try Data(Self.readings(number..<number + 5).utf8).write(to: file)
                let errors = Pipe()
                let process = try Program.start(
                    ["plugin", "import", "flood", file.path, "--district", fixture.directory.path], output: Pipe(),
                    errors: errors)
                if turn == 1 {
                    usleep(.random(in: 0...600_000, using: &generator))
                    kill(process.processIdentifier, SIGKILL)
                }
                if turn == 2 {
                    usleep(.random(in: 0...300_000, using: &generator))
                    server.kill()
                }
                process.waitUntilExit()
                if process.terminationReason != .exit {
                    died += 1
                } else if process.terminationStatus == 0 {
                    acknowledged += number..<number + 5
                } else {
                    // Only with the server that was asked; and nothing is acknowledged.
                    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                    #expect(turn == 2 && process.terminationStatus == 3, "round \(round), turn \(turn): \(said)")
                    #expect(said.contains("whether it did what it was asked is not known"), "\(said)")
                }
                number += 5
            }
            let next = try RunningServer(fixture.directory)
            let kept = try Self.kept(next)
            #expect(kept.count == Set(kept).count, "doubled")
            #expect(Set(acknowledged).isSubset(of: kept), "lost \(Set(acknowledged).subtracting(kept).sorted())")
            // An import that was killed is there as a whole or not at all.
            let groups = Dictionary(grouping: kept) { $0 / 5 }
            #expect(groups.values.allSatisfy { $0.count == 5 })
            if kept.count > 1000 { break }
        }
        print("\(acknowledged.count) acknowledged, \(died) imports killed")
    }

    @Test func `is not taken over HTTP from just anybody`() throws {
        let fixture = try `A district on the air`.fixture()
        let server = try RunningServer(fixture.directory)
        for path in ["flood/readings", "flood/import", "water/samples", "assets/import", "property/import"] {
            let answer = try server.get("/plugins/\(path)", method: "POST", body: "{}")
            #expect(answer.status == 403, "\(path): \(answer.status) \(answer.text)")
        }
    }

    /// A disk of its own in a mount namespace of its own is filled under a
    /// running server: it goes on drawing, writing is refused with 3, and
    /// when there is room again everything works without a restart.
    @Test func `waits for room on a full disk`() throws {
        let fixture = try `A merge that is cut off`.fixture(2500)
        try fixture.write(Self.readings(0..<200), to: "import.json")
        let script = """
            set -u
            disk=$(mktemp -d); trap 'rmdir "$disk"' EXIT
            mount -t tmpfs -o size=64m tmpfs "$disk" || exit 77
            cp -r "$2"/. "$disk"; rm -rf "$disk"/.miaopu; miaopu=$1
            "$miaopu" merge --district "$disk" > /dev/null 2>&1; echo merged $?
            "$miaopu" plugin import flood "$disk"/import.json --district "$disk" > /dev/null 2>&1; echo imported $?
            "$miaopu" serve --district "$disk" --port 0 > "$disk"/address 2> /dev/null & server=$!
            while ! grep -q http "$disk"/address; do sleep 0.1; done
            address=$(grep -o 'http://[^ ]*' "$disk"/address); address=${address%/}
            get() { python3 -c 'import sys, urllib.request; print(sys.argv[1], urllib.request.urlopen(sys.argv[2]).status)' "$@"; }
            get before "$address"/tiles/district/14/13708/6703.png
            dd if=/dev/zero of="$disk"/filler bs=4k 2> /dev/null
            sed -i s/121.3/121.4/ "$2"/maps/a.geojson
            mount --bind "$2"/maps "$disk"/maps
            errors=$("$miaopu" merge --district "$disk" 2>&1 > /dev/null); echo full merge $? "$(echo "$errors" | tail -1)"
            errors=$("$miaopu" plugin import flood "$disk"/import.json --district "$disk" 2>&1); echo full import $? "$errors"
            get tile "$address"/tiles/district/14/13709/6703.png
            get live "$address"/tiles/flood.facilities/14/13708/6703.mvt
            "$miaopu" tile district 14 13708 6703 --district "$disk" -o "$disk"/t.png > /dev/null 2>&1; echo full tile $?
            rm "$disk"/filler
            "$miaopu" merge --district "$disk" > /dev/null 2>&1; echo freed merge $?
            "$miaopu" plugin import flood "$disk"/import.json --district "$disk" > /dev/null 2>&1; echo freed import $?
            get after "$address"/tiles/district/14/13709/6703.png
            kill -INT $server; wait $server; echo ended $?
            umount "$disk"/maps; umount -l "$disk"
            """
        let result = try #require(
            try Program.tool(
                "unshare", ["-m", "sh", "-c", script, "sh", Program.executable.path, fixture.directory.path]))
        if result.status == 77 || result.errors.hasPrefix("unshare:") {
            print("skipped: a disk cannot be mounted in a namespace of its own here: \(result.errors)")
            return
        }
        let lines = result.output.split(separator: "\n").map(String.init)
        let told = Comment(rawValue: result.output + result.errors)
        for line in [
            "merged 0", "imported 0", "before 200", "tile 200", "live 200", "full tile 3", "freed merge 0",
            "freed import 0",
            "after 200", "ended 0",
        ] {
            #expect(lines.contains(line), told)
        }
        #expect(lines.contains { $0.hasPrefix("full merge 3 The disk is full") }, told)
        #expect(lines.contains { $0.hasPrefix("full import 3 ") && $0.contains("The disk is full") }, told)
    }
}
