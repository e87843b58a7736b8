// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport
import Testing

@testable import Seams

@Suite("Lines across seams")
struct LineTests {
    private func line(
        _ id: Int64, owner: Int64, _ wkt: String, authority: Int = 0, name: String? = nil, isProtected: Bool = false
    ) throws -> SeamLine {
        SeamLine(
            id: id, owner: owner, authority: authority, isProtected: isProtected, name: name,
            geometry: try Geometry(wkt: "LINESTRING(\(wkt))"))
    }

    @Test("The loser's end moves; equals meet in the middle")
    func authority() throws {
        let west = try line(1, owner: 1, "0 0,10 0", authority: 1)
        let east = try line(2, owner: 2, "10.4 0.2,20 0.2")
        let result = LineSeams().join([east, west])
        #expect(result.changed == [2: try Geometry(wkt: "LINESTRING(10 0,20 0.2)")])
        #expect(result.records.map(\.outcome) == [.joined])
        var equal = east
        equal.authority = 1
        let both = LineSeams().join([west, equal])
        #expect(
            both.changed == [
                1: try Geometry(wkt: "LINESTRING(0 0,10.2 0.1)"),
                2: try Geometry(wkt: "LINESTRING(10.2 0.1,20 0.2)"),
            ])
        var protected = equal
        protected.isProtected = true
        #expect(LineSeams().join([west, protected]).changed.keys.sorted() == [1])
    }

    @Test("What is not sure is reported and stays", arguments: [
        ("10.4 0,20 0", "Canal Road"), ("12.9 0.5,20 5", ""),
    ])
    func unsure(_ wkt: String, _ name: String) throws {
        let lines = [
            try line(1, owner: 1, "0 0,10 0", name: "Mill Road"), try line(2, owner: 2, wkt, name: name),
        ]
        let result = LineSeams().join(lines)
        #expect(result.changed.isEmpty)
        #expect(result.records.map(\.outcome) == [.unsure])
    }

    @Test("Nothing is joined across a sharp turn, over a long way or within one owner", arguments: [
        ("10.2 0,10.2 30", Int64(2)), ("14 0,20 0", 2), ("10.2 0,20 0", 1), ("10.2 0,1 0.5", 2),
    ])
    func apart(_ wkt: String, owner: Int64) throws {
        let lines = [try line(1, owner: 1, "0 0,10 0"), try line(2, owner: owner, wkt)]
        #expect(LineSeams().join(lines).records.isEmpty)
    }

    @Test("One end joins one other, the best; rivals nearly as good make it unsure")
    func rivals() throws {
        let lines = [
            try line(1, owner: 1, "0 0,10 0"), try line(2, owner: 2, "10.2 0,20 0"),
            try line(3, owner: 2, "10.3 1.5,20 1.5"),
        ]
        let result = LineSeams().join(lines)
        #expect(result.records.map(\.outcome) == [.joined])
        #expect(result.records[0].ends.map(\.line) == [1, 2])
        let close = lines.dropLast() + [try line(3, owner: 2, "10.2 0.1,20 0.1")]
        #expect(LineSeams().join(Array(close)).records.map(\.outcome) == [.unsure])
    }

    @Test("Ends at the seam without a partner are reported; joined ones and others are silent")
    func dangling() throws {
        let lines = [
            try line(1, owner: 1, "0 0,10 0"), try line(2, owner: 2, "10 0,20 0"), try line(3, owner: 1, "0 5,10 5"),
        ]
        let result = LineSeams().join(lines) { place, _ in abs(place.x - 10) < 1 }
        #expect(result.records.map(\.outcome) == [.dangling])
        #expect(result.records[0].ends == [LineEnd(line: 3, part: 0, isStart: false)])
    }

    @Test("Order of input changes nothing", arguments: UInt64(1)...10)
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var lines: [SeamLine] = []
        for id in Int64(1)...60 {
            let y = Double(Int.random(in: 0...40_000, using: &generator)) / 1000
            let owner = id % 2
            let wkt = owner == 0 ? "0 \(y),10 \(y)" : "10.1 \(y),20 \(y)"
            lines.append(try line(id, owner: owner, wkt, authority: Int(id % 3)))
        }
        let first = LineSeams().join(lines)
        #expect(LineSeams().join(lines.shuffled(using: &generator)) == first, "seed \(seed)")
        var seen: Set<LineEnd> = []
        for end in first.records.flatMap(\.ends) { #expect(seen.insert(end).inserted, "seed \(seed)") }
    }
}
