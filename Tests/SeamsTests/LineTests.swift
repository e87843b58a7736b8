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

    @Test("What is not sure is reported with the reason and stays", arguments: [
        ("10.4 0,20 0", "Canal Road", LineRecord.Doubt.names), ("12.9 0.5,20 5", "", .score),
        ("10.4 0,10.6 0", "Mill Road", .short),
    ])
    func unsure(_ wkt: String, _ name: String, _ doubt: LineRecord.Doubt) throws {
        let lines = [
            try line(1, owner: 1, "0 0,10 0", authority: 1, name: "Mill Road"),
            try line(2, owner: 2, wkt, name: name),
        ]
        let result = LineSeams().join(lines)
        #expect(result.changed.isEmpty)
        #expect(result.records.map(\.outcome) == [.unsure(doubt)])
    }

    @Test("Protected ends stay where they are, and say so")
    func bothProtected() throws {
        let lines = [
            try line(1, owner: 1, "0 0,10 0", isProtected: true), try line(2, owner: 2, "10.4 0,20 0", isProtected: true),
        ]
        let result = LineSeams().join(lines)
        #expect(result.changed.isEmpty)
        #expect(result.records.map(\.outcome) == [.unsure(.protected)])
    }

    /// Each limit at half, at once and beyond.
    @Test("Distance, turn and name decide as the page says", arguments: [
        // How far apart, straight on: 0.5 · (1 − d/3) + 0.35 + 0.15 · name.
        ("11.5 0,20 0", "", Outcome.joined), ("12.9 0,20 0", "", .unsure), ("12.9 0,20 0", "Mill Road", .unsure),
        ("12.3 0,20 0", "Mill Road", .joined), ("13.1 0,22 0", "Mill Road", .none),
        // How sharply it turns, at a tenth of a metre.
        ("10.1 0,19 5", "", .joined), ("10.1 0,15.1 8.5", "", .unsure), ("10.1 0,15 8.2", "Mill Road", .joined),
        ("10.1 0,15 9", "Mill Road", .none),
        // Backwards, and from the side.
        ("10.1 0,0 0.5", "Mill Road", .beside), ("10.1 -5,10.1 5", "Mill Road", .beside),
    ])
    func table(_ wkt: String, _ name: String, _ expected: Outcome) throws {
        let lines = [
            try line(1, owner: 1, "0 0,10 0", authority: 1, name: "Mill Road"),
            try line(2, owner: 2, wkt, name: name),
        ]
        let first = LineSeams().join(lines).records.first { $0.ends.contains { $0.line == 1 } }
        #expect(first.map { Outcome($0.outcome) } ?? Outcome.none == expected, "\(String(describing: first))")
    }

    enum Outcome: Equatable {
        case joined, unsure, beside, dangling, none

        init(_ outcome: LineRecord.Outcome) {
            switch outcome {
            case .joined: self = .joined
            case .unsure: self = .unsure
            case .beside: self = .beside
            case .dangling: self = .dangling
            }
        }
    }

    @Test("An end on the inner part of another town's line is in order; beside it, it is reported", arguments: [
        (10.0, 0), (10.0004, 0), (10.4, 1), (12.9, 1), (13.2, 0),
    ])
    func junctions(_ x: Double, _ count: Int) throws {
        let lines = [try line(1, owner: 1, "0 0,10 0"), try line(2, owner: 2, "\(x) -20,\(x) 20")]
        let result = LineSeams().join(lines)
        #expect(result.records.count == count)
        #expect(result.records.allSatisfy { $0.outcome == .beside && $0.neighbour == 2 && result.changed.isEmpty })
        var same = lines
        same[1].owner = 1
        #expect(LineSeams().join(same).records.isEmpty)
    }

    @Test("Nothing is joined across a sharp turn, over a long way or within one owner", arguments: [
        ("10.2 0,10.2 30", Int64(2)), ("14 0,20 0", 2), ("10.2 0,20 0", 1), ("10.2 0,1 0.5", 2),
    ])
    func apart(_ wkt: String, owner: Int64) throws {
        let lines = [try line(1, owner: 1, "0 0,10 0"), try line(2, owner: owner, wkt)]
        let result = LineSeams().join(lines)
        #expect(result.changed.isEmpty)
        // The last one goes back beside the first.
        #expect(result.records.allSatisfy { $0.outcome == .beside && wkt.hasSuffix("0.5") })
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
        #expect(LineSeams().join(Array(close)).records.map(\.outcome) == [.unsure(.rival)])
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

    /// Lines of four owners in strips, with ends that often fit.
    private func network(_ generator: inout SeededGenerator, from id: Int64 = 1) throws -> [SeamLine] {
        var lines: [SeamLine] = []
        for strip in 0..<4 {
            for number in 0..<15 {
                func ordinate() -> Double { Double(Int.random(in: 0...30_000, using: &generator)) / 1000 }
                let (west, east) = (Double(strip) * 20, Double(strip) * 20 + 19.6)
                let y = ordinate()
                let name = ["A", "B", nil].randomElement(using: &generator) ?? nil
                lines.append(
                    try line(
                        id + Int64(strip * 100 + number), owner: Int64(strip),
                        "\(west) \(y),\(west + 9) \(y),\(east) \(Bool.random(using: &generator) ? y : ordinate())",
                        authority: Int.random(in: 0...1, using: &generator), name: name))
            }
        }
        return lines
    }

    @Test("Around a change the result is that of a whole run", arguments: UInt64(1)...20)
    func incremental(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var lines = try network(&generator)
        func atSeam(_ place: Coordinate, _ owner: Int64) -> Bool { place.x > 1 && place.x < 79 }
        var state = LineSeams().join(lines, isAtSeam: atSeam)
        for _ in 0..<5 {
            let place = Int.random(in: 0..<lines.count, using: &generator)
            let old = lines.remove(at: place)
            var dirty = [old.geometry.envelope]
            let others = try network(&generator, from: 10_000 * Int64.random(in: 1...9999, using: &generator))
            let new = others.first { $0.owner == old.owner }
            if let new, Bool.random(using: &generator) {
                lines.append(new)
                dirty.append(new.geometry.envelope)
            }
            let part = LineSeams().join(
                around: dirty, source: { box in lines.filter { $0.geometry.envelope.intersects(box) } },
                isAtSeam: atSeam)
            let gone = Set(part.considered + [old.id])
            state.changed = state.changed.filter { !gone.contains($0.key) }.merging(part.changed) { $1 }
            state.shifts = state.shifts.filter { !gone.contains($0.key) }.merging(part.shifts) { $1 }
            state.records = (state.records.filter { !gone.contains($0.ends[0].line) } + part.records)
                .sorted { ($0.ends[0], $0.ends.count) < ($1.ends[0], $1.ends.count) }
            let whole = LineSeams().join(lines, isAtSeam: atSeam)
            #expect(state.changed == whole.changed && state.records == whole.records, "seed \(seed)")
            #expect(state.shifts == whole.shifts, "seed \(seed)")
        }
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
