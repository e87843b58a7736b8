// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport
import Testing
import Topology

@testable import Seams

@Suite("Twins")
struct TwinTests {
    private func twin(
        _ id: Int64, owner: Int64, _ wkt: String, authority: Int = 0, isProtected: Bool = false, source: String = "",
        name: String? = nil
    ) throws -> TwinFeature {
        TwinFeature(
            id: id, owner: owner, authority: authority, isProtected: isProtected, source: source, name: name,
            geometry: try Geometry(wkt: wkt))
    }

    @Test("A building that two delivered is kept by authority, then by id")
    func duplicate() throws {
        let one = try twin(1, owner: 1, "POLYGON((0 0,10 0,10 10,0 10,0 0))")
        var two = try twin(2, owner: 2, "POLYGON((1 0.5,11 0.5,11 10.5,1 10.5,1 0.5))", authority: 1)
        let seams = try TwinSeams()
        #expect(try seams.decisions(on: [one, two]).decisions.map(\.verdict) == [.duplicate(kept: 2, dropped: 1)])
        two.authority = 0
        #expect(try seams.decisions(on: [two, one]).decisions.map(\.verdict) == [.duplicate(kept: 1, dropped: 2)])
        two.owner = 1
        #expect(try seams.decisions(on: [one, two]).decisions.isEmpty)
    }

    @Test("A partial overlap is reported, a corner is silent")
    func partial() throws {
        let one = try twin(1, owner: 1, "POLYGON((0 0,10 0,10 10,0 10,0 0))")
        let half = try twin(2, owner: 2, "POLYGON((5 0,15 0,15 10,5 10,5 0))")
        let corner = try twin(3, owner: 2, "POLYGON((9 9,19 9,19 19,9 19,9 9))")
        #expect(try TwinSeams().decisions(on: [one, half]).decisions.map(\.verdict) == [.unsure(.part)])
        #expect(try TwinSeams().decisions(on: [one, corner]).decisions.isEmpty)
    }

    @Test("A building cut at the border is joined when attributes agree")
    func cut() throws {
        let west = try twin(1, owner: 1, "POLYGON((0 0,10 0,10 10,0 10,0 0))", authority: 1)
        let east = try twin(2, owner: 2, "POLYGON((10.02 0.01,15 0,15 10,10.02 10,10.02 0.01))")
        let seams = try TwinSeams()
        #expect(try seams.decisions(on: [west, east]).decisions.map(\.verdict) == [.cut(.attributes)])
        let joined = try seams.decisions(on: [west, east]) { $0.name == $1.name }.decisions
        guard case .joined(let whole, kept: 1, dropped: 2) = joined[0].verdict else {
            Issue.record("\(joined)")
            return
        }
        let oracle = try CoverageOracle()
        #expect(abs(try oracle.engine.area(whole) - 150) < 1e-6)
    }

    @Test("Points: one name nearby is one thing, two names at one place are reported, twins far apart are legal")
    func points() throws {
        func decide(_ x: Double, _ name: String?) throws -> [TwinDecision.Verdict] {
            let first = try twin(1, owner: 1, "POINT(0 0)", name: "Tea")
            let second = try twin(2, owner: 2, "POINT(\(x) 0)", name: name)
            return try TwinSeams().decisions(on: [first, second]).decisions.map(\.verdict)
        }
        #expect(try decide(4, "Tea") == [.duplicate(kept: 1, dropped: 2)])
        #expect(try decide(400, "Tea").isEmpty)
        #expect(try decide(0.5, "Noodles") == [.unsure(.place)])
        #expect(try decide(0.5, nil) == [.unsure(.place)])
        #expect(try decide(4, "Noodles").isEmpty)
    }

    @Test("Of three, one is kept, in any order")
    func three() throws {
        let all = try (1...3).map {
            try twin(Int64($0), owner: Int64($0), "POLYGON((0 0,9 0,9 9,0 9,0 0))", authority: $0)
        }
        let decisions = try TwinSeams().decisions(on: all)
        #expect(try TwinSeams().decisions(on: all.reversed()) == decisions)
        let dropped = decisions.decisions.compactMap { decision in
            if case .duplicate(_, let dropped) = decision.verdict { dropped } else { nil }
        }
        #expect(dropped.sorted() == [1, 2])
        #expect(decisions.standIns == [1: 3, 2: 3])
    }

    @Test("Of equals the source that comes first is kept, and a protected one always")
    func ranks() throws {
        let wkt = "POLYGON((0 0,9 0,9 9,0 9,0 0))"
        let one = try twin(1, owner: 1, wkt, source: "b")
        var two = try twin(2, owner: 2, wkt, source: "a")
        let seams = try TwinSeams()
        #expect(try seams.decisions(on: [one, two]).standIns == [1: 2])
        var three = one
        three.isProtected = true
        two.authority = 9
        #expect(try seams.decisions(on: [three, two]).standIns == [2: 1])
        two.isProtected = true
        #expect(try seams.decisions(on: [three, two]).decisions.map(\.verdict) == [.unsure(.protected)])
    }

    @Test("Neither a protected part nor a second one is joined")
    func cutInThree() throws {
        let parts = try [
            twin(1, owner: 1, "POLYGON((0 0,10 0,10 10,0 10,0 0))", authority: 1),
            twin(2, owner: 2, "POLYGON((10 0,20 0,20 10,10 10,10 0))"),
            twin(3, owner: 3, "POLYGON((0 10,10 10,10 20,0 20,0 10))"),
        ]
        let found = try TwinSeams().decisions(on: parts) { _, _ in true }
        #expect(found.standIns.count == 1)
        #expect(found.decisions.contains { $0.verdict == .cut(.joinedBefore) })
        var fixed = Array(parts.prefix(2))
        fixed[0].isProtected = true
        #expect(
            try TwinSeams().decisions(on: fixed) { _, _ in true }.decisions.map(\.verdict) == [.cut(.protected)])
    }

    /// Squares on a lattice that two or three owners delivered, a little apart.
    private func houses(_ generator: inout SeededGenerator, _ ids: Range<Int64>) throws -> [TwinFeature] {
        try ids.map { id in
            let (column, row) = (Int.random(in: 0...5, using: &generator), Int.random(in: 0...5, using: &generator))
            func jitter() -> Double { Double(Int.random(in: -1500...1500, using: &generator)) / 1000 }
            let (x, y) = (Double(column * 10) + jitter(), Double(row * 10) + jitter())
            let wkt = "POLYGON((\(x) \(y),\(x + 9) \(y),\(x + 9) \(y + 9),\(x) \(y + 9),\(x) \(y)))"
            return try twin(id, owner: id % 3, wkt, authority: Int.random(in: 0...1, using: &generator))
        }
    }

    @Test("Around a change the result is that of a whole run, in any order", arguments: UInt64(1)...20)
    func incremental(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var features = try houses(&generator, 0..<60)
        let seams = try TwinSeams()
        func isOne(_ one: TwinFeature, _ two: TwinFeature) -> Bool { one.authority == two.authority }
        var state = try seams.decisions(on: features, agree: isOne)
        for round in Int64(1)...5 {
            let old = features.remove(at: Int.random(in: 0..<features.count, using: &generator))
            let new = try houses(&generator, 100 * round..<100 * round + 2)
            features += new
            let part = try seams.decisions(
                around: ([old] + new).map(\.geometry.envelope),
                source: { box in features.filter { $0.geometry.envelope.intersects(box) } }, agree: isOne)
            let gone = Set(part.considered + [old.id])
            state.decisions = state.decisions.filter { gone.isDisjoint(with: $0.features) } + part.decisions
            state.standIns = state.standIns.filter { !gone.contains($0.key) }.merging(part.standIns) { $1 }
            let whole = try seams.decisions(on: features.shuffled(using: &generator), agree: isOne)
            #expect(Set(state.decisions) == Set(whole.decisions), "seed \(seed)")
            #expect(state.standIns == whole.standIns, "seed \(seed)")
        }
    }
}
