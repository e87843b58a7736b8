// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import Testing
import Topology

@testable import Seams

@Suite("Twins")
struct TwinTests {
    private func twin(
        _ id: Int64, owner: Int64, _ wkt: String, authority: Int = 0, name: String? = nil
    ) throws -> TwinFeature {
        TwinFeature(id: id, owner: owner, authority: authority, name: name, geometry: try Geometry(wkt: wkt))
    }

    @Test("A building that two delivered is kept by authority, then by id")
    func duplicate() throws {
        let one = try twin(1, owner: 1, "POLYGON((0 0,10 0,10 10,0 10,0 0))")
        var two = try twin(2, owner: 2, "POLYGON((1 0.5,11 0.5,11 10.5,1 10.5,1 0.5))", authority: 1)
        let seams = try TwinSeams()
        #expect(try seams.decisions(on: [one, two]).map(\.verdict) == [.duplicate(kept: 2, dropped: 1)])
        two.authority = 0
        #expect(try seams.decisions(on: [two, one]).map(\.verdict) == [.duplicate(kept: 1, dropped: 2)])
        two.owner = 1
        #expect(try seams.decisions(on: [one, two]).isEmpty)
    }

    @Test("A partial overlap is reported, a corner is silent")
    func partial() throws {
        let one = try twin(1, owner: 1, "POLYGON((0 0,10 0,10 10,0 10,0 0))")
        let half = try twin(2, owner: 2, "POLYGON((5 0,15 0,15 10,5 10,5 0))")
        let corner = try twin(3, owner: 2, "POLYGON((9 9,19 9,19 19,9 19,9 9))")
        #expect(try TwinSeams().decisions(on: [one, half]).map(\.verdict) == [.unsure])
        #expect(try TwinSeams().decisions(on: [one, corner]).isEmpty)
    }

    @Test("A building cut at the border is joined when attributes agree")
    func cut() throws {
        let west = try twin(1, owner: 1, "POLYGON((0 0,10 0,10 10,0 10,0 0))", authority: 1)
        let east = try twin(2, owner: 2, "POLYGON((10.02 0.01,15 0,15 10,10.02 10,10.02 0.01))")
        let seams = try TwinSeams()
        #expect(try seams.decisions(on: [west, east]).map(\.verdict) == [.cut])
        let joined = try seams.decisions(on: [west, east]) { $0.name == $1.name }
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
            return try TwinSeams().decisions(on: [first, try twin(2, owner: 2, "POINT(\(x) 0)", name: name)]).map(\.verdict)
        }
        #expect(try decide(4, "Tea") == [.duplicate(kept: 1, dropped: 2)])
        #expect(try decide(400, "Tea").isEmpty)
        #expect(try decide(0.5, "Noodles") == [.unsure])
        #expect(try decide(0.5, nil) == [.unsure])
        #expect(try decide(4, "Noodles").isEmpty)
    }

    @Test("Of three, one is kept, in any order")
    func three() throws {
        let all = try (1...3).map { try twin(Int64($0), owner: Int64($0), "POLYGON((0 0,9 0,9 9,0 9,0 0))", authority: $0) }
        let decisions = try TwinSeams().decisions(on: all)
        #expect(try TwinSeams().decisions(on: all.reversed()) == decisions)
        let dropped = decisions.compactMap { if case .duplicate(_, let dropped) = $0.verdict { dropped } else { nil } }
        #expect(dropped.sorted() == [1, 2])
    }
}
