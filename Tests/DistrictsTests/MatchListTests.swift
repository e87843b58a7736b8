// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport
import Testing

@Suite struct `A file of matches` {
    private let folder: TemporaryFolder
    private let source: SourceDefinition
    private let slot: Int64

    init() throws {
        folder = try TemporaryFolder()
        let district = try load(
            """
            name: 试验区
            grid: { crs: "EPSG:4549" }
            sources:
              - { id: ponds, layer: water, path: maps/a.geojson }
            """)
        source = try #require(district.sources.first)
        slot = Int64(source.slot) << 31
    }

    private func list(_ text: String) throws -> MatchList {
        try folder.write(text, to: "matches/ponds.yaml")
        return try MatchList(of: source, in: folder.url)
    }

    private func sentences(_ text: String) throws -> [String] {
        do {
            _ = try list(text)
            return []
        } catch let error as DistrictsError {
            return error.mistakes.map(\.description)
        }
    }

    @Test func `holds what people said, and nothing when it is not there or has comments only`() throws {
        #expect(try MatchList(of: source, in: folder.url).entries.isEmpty)
        #expect(try list("# nothing yet\n\n  # indeed\n").entries.isEmpty)
        let read = try list(
            """
            - { feature: \(slot + 2), was: "0000000000000001", content: "00000000000000ff", accept: yes }
            - { feature: \(slot + 1), was: "0000000000000001", content: "ffffffffffffffff", accept: }
            - { feature: \(slot + 1), was: "0000000000000001", content: 0000000000000010, accept: true }
            - { feature: \(slot + 3), was: "0000000000000001", content: "0000000000000011", accept: false }
            """)
        #expect(read.entries.map(\.content) == [255, -1, 16, 17])
        #expect(read.entries.map(\.isAccepted) == [true, nil, true, false])
        #expect(read.entries.map(\.line) == [1, 2, 3, 4])
        #expect(read.accepted.map(\.feature) == [slot + 1, slot + 2])
    }

    @Test func `is refused with every mistake at once`() throws {
        let found = try sentences(
            """
            - { feature: 7, was: "0000000000000001", content: "00000000000000ff", accept: true }
            - { feature: \(slot + 1), was: "0000000000000001", content: "ff", accept: true }
            - { feature: \(slot + 1), was: "0000000000000001", content: "00000000000000fe", accept: perhaps }
            - { feature: \(slot + 1), was: "0000000000000001", content: "00000000000000fd", accept: true }
            - { feature: \(slot + 2), was: "0000000000000001", content: "00000000000000fd", accept: true }
            - { feature: \(slot + 1), was: "0000000000000001", content: "00000000000000fd" }
            - { was: "0000000000000001", content: "00000000000000fc", acept: true }
            """)
        let expected = [
            ":1: [0].feature: \"7\" is no feature of the source “ponds”", ":2: [1].content: \"ff\" is not what stands",
            ":3: [2].accept: \"perhaps\" is not a yes or no",
            ":5: [4]: the record 00000000000000fd is accepted as the feature \(slot + 1) already, in line 4",
            ":6: [5]: this match stands here twice, first in line 4", ":7: [6]: \"feature\" is missing",
            ":7: [6]: there is no key \"acept\" in a match",
        ]
        #expect(found.count == expected.count)
        for part in expected { #expect(found.contains { $0.contains("matches/ponds.yaml\(part)") }, "\(part): \(found)") }
        #expect(try sentences("feature: 7\n") == ["matches/ponds.yaml:1: a list is expected here, not keys and values"])
    }

    @Test func `gets proposals at its end and keeps what stands in it`() throws {
        let entry = MatchList.Entry(feature: slot + 1, was: 5, content: -2, isAccepted: nil)
        try MatchList.append([(entry, "record 1\naccept: true")], for: source, in: folder.url)
        let text = try String(contentsOf: folder.url.appendingPathComponent("matches/ponds.yaml"), encoding: .utf8)
        #expect(text.contains("  # record 1 accept: true\n"))
        let read = try MatchList(of: source, in: folder.url)
        #expect(read.entries.map(\.content) == [-2] && read.entries.map(\.was) == [5])
        #expect(read.accepted.isEmpty)

        let digits = "\"0000000000000001\""
        _ = try list("# mine\n- { feature: \(slot + 9), was: \(digits), content: \(digits), accept: true } # checked")
        try MatchList.append([(entry, "")], for: source, in: folder.url)
        let both = try MatchList(of: source, in: folder.url)
        #expect(both.entries.map(\.feature) == [slot + 9, slot + 1])
        let kept = try String(contentsOf: folder.url.appendingPathComponent("matches/ponds.yaml"), encoding: .utf8)
        #expect(kept.hasPrefix("# mine\n") && kept.contains("} # checked\n- feature:"))

        _ = try list("[{ feature: \(slot + 9), was: \(digits), content: \(digits) }]\n")
        #expect(throws: DistrictsError.self) { try MatchList.append([(entry, "")], for: source, in: folder.url) }
    }
}
