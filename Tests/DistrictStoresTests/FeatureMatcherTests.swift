// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import TestSupport
import Testing

@testable import DistrictStores

@Suite("A record that is delivered again")
struct FeatureMatcherTests {
    private typealias Held = FeatureMatcher.Held

    @Test("is found by its identity and keeps its id")
    func found() {
        var matcher = FeatureMatcher(
            slot: 0,
            held: [
                Held(id: 1, identity: 10, content: 100, row: 1), Held(id: 2, identity: 20, content: 200, row: 2),
                Held(id: 3, identity: 30, content: 300, row: 3),
            ])
        #expect(matcher.match(identity: 20, content: 200, row: 1) == .same(id: 2, moved: true))
        #expect(matcher.match(identity: 10, content: 101, row: 2) == .changed(id: 1))
        #expect(matcher.match(identity: 40, content: 400, row: 3) == .new(id: 4))
        #expect(matcher.match(identity: 50, content: 500, row: 4) == .new(id: 5))
        #expect(matcher.match(identity: 60, content: 600, row: 9) == .new(id: 9))
        #expect(matcher.missing == [3])
    }

    @Test("among several of one identity is that of the same content, then the first")
    func several() {
        var matcher = FeatureMatcher(
            slot: 1,
            held: (1...3).map { Held(id: 1 << 31 | $0, identity: 7, content: $0, row: $0) })
        #expect(matcher.match(identity: 7, content: 3, row: 3) == .same(id: 1 << 31 | 3, moved: false))
        #expect(matcher.match(identity: 7, content: 9, row: 1) == .changed(id: 1 << 31 | 1))
        #expect(matcher.match(identity: 7, content: 8, row: 2) == .changed(id: 1 << 31 | 2))
        #expect(matcher.match(identity: 7, content: 6, row: 4) == .new(id: 1 << 31 | 4))
    }

    @Test("never gets the id of another, and the same delivery changes nothing", arguments: [1, 2, 3] as [UInt64])
    func random(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var held: [Held] = []
        for _ in 0..<20 {
            let delivery = (1...Int64(Int.random(in: 1...60, using: &random))).map { row in
                let identity = Int64.random(in: 0...20, using: &random)
                return (identity: identity, content: Int64.random(in: 0...3, using: &random), row: row)
            }
            for isAgain in [false, true] {
                var matcher = FeatureMatcher(slot: 3, held: held)
                var next: [Held] = []
                for (identity, content, row) in isAgain ? delivery.shuffled(using: &random) : delivery {
                    let id: Int64
                    switch matcher.match(identity: identity, content: content, row: row) {
                    case .same(let same, _): id = same
                    case .changed(let same), .new(let same), .renamed(let same, _):
                        #expect(!isAgain, "seed \(seed)")
                        id = same
                    }
                    next.append(Held(id: id, identity: identity, content: content, row: row))
                }
                #expect(Set(next.map(\.id)).count == next.count, "seed \(seed)")
                #expect(!isAgain || matcher.missing.isEmpty, "seed \(seed)")
                held = next.sorted { $0.id < $1.id }
            }
        }
    }

    @Test("costs no more where all have one identity")
    func hostile() {
        let count: Int64 = 100_000
        var matcher = FeatureMatcher(
            slot: 0, held: (1...count).map { Held(id: $0, identity: 1, content: $0 % 2, row: $0) })
        // Quadratic work would take hours.
        for row in 1...count { _ = matcher.match(identity: 1, content: 5, row: row) }
        #expect(matcher.missing.isEmpty)
    }

    @Test("is the feature that a person says, unless the delivery contradicts that")
    func reviewed() {
        let held = (1...4).map { Held(id: $0, identity: $0 * 10, content: $0 * 10, row: $0) }
        func matcher(_ matches: [(Int64, Int64)], delivered: Set<Int64>) -> FeatureMatcher {
            var matcher = FeatureMatcher(slot: 0, held: held, reserved: [9])
            _ = matcher.match(identity: 10, content: 10, row: 1)
            _ = matcher.match(identity: 20, content: 20, row: 2)
            matcher.settle(
                matches.map { ReviewedMatch(feature: $0.0, formerIdentity: $0.0 * 10, identity: $0.1) },
                delivered: delivered, past: [9])
            return matcher
        }
        var plain = matcher([(3, 77)], delivered: [77])
        #expect(plain.match(identity: 77, content: 77, row: 3) == .changed(id: 3))
        #expect(plain.match(identity: 77, content: 77, row: 4) == .new(id: 5))
        #expect(plain.missing == [4])

        // A feature that is gone comes back, or takes the place of what came for it.
        var gone = matcher([(9, 77)], delivered: [77])
        #expect(gone.match(identity: 77, content: 77, row: 9) == .new(id: 9))
        var renamed = matcher([(9, 30)], delivered: [30])
        #expect(renamed.match(identity: 30, content: 30, row: 3) == .renamed(id: 9, from: 3))
        #expect(renamed.missing == [4])
        var other = matcher([], delivered: [])
        #expect(other.match(identity: 88, content: 88, row: 9) == .new(id: 5))

        // Another feature has the id by now.
        var reused = FeatureMatcher(slot: 0, held: held)
        reused.settle([ReviewedMatch(feature: 3, formerIdentity: 31, identity: 77)], delivered: [77], past: [])
        #expect(reused.match(identity: 77, content: 77, row: 8) == .new(id: 8))

        // Delivered itself, for two records, another feature already, never known.
        for matches: [(Int64, Int64)] in [[(1, 77)], [(3, 77), (3, 78)], [(3, 40)], [(7, 77)]] {
            var contradicted = matcher(matches, delivered: [77, 78, 40])
            #expect(contradicted.match(identity: 77, content: 77, row: 8) == .new(id: 8))
            #expect(contradicted.match(identity: 40, content: 40, row: 4) == .same(id: 4, moved: false))
            #expect(contradicted.missing == [3])
        }
    }
}
