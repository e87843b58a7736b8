// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@testable import TileServing

/// Layers that keep failing.
@Suite struct LayerBreakerTests {
    private let breaker = LayerBreaker()
    private let start = ContinuousClock.now

    private func isLeftOut(_ seconds: Double, _ layer: String = "a.b") -> Bool {
        (try? breaker.enter(layer, at: start + .seconds(seconds))) == nil
    }

    private func fail(_ seconds: Double, _ layer: String = "a.b") {
        breaker.note(layer, failure: "It broke.", at: start + .seconds(seconds))
    }

    @Test func `Two failures leave a layer where it is, the third leaves it out and others not`() {
        for _ in 0..<2 {
            #expect(!isLeftOut(0))
            fail(0)
        }
        #expect(!isLeftOut(0))
        fail(0)
        #expect(isLeftOut(0) && isLeftOut(0.9))
        #expect(!isLeftOut(0.5, "a.c"))
    }

    @Test func `A success in between begins the count anew`() {
        for _ in 0..<5 {
            fail(0)
            fail(0)
            breaker.note("a.b", failure: nil)
        }
        #expect(!isLeftOut(0))
    }

    @Test func `The while doubles up to thirty seconds with every probe that fails`() {
        for _ in 0..<3 { fail(0) }
        var time = 0.0
        for pause in [1.0, 2, 4, 8, 16, 30, 30] {
            #expect(isLeftOut(time + pause - 0.1), "\(pause)")
            time += pause
            #expect(!isLeftOut(time), "\(pause)")
            fail(time)
        }
    }

    @Test func `One probe at a time asks, and its success closes the gap`() {
        for _ in 0..<3 { fail(0) }
        #expect(!isLeftOut(1))
        #expect(isLeftOut(1) && isLeftOut(100))
        breaker.note("a.b", failure: nil)
        for _ in 0..<10 { #expect(!isLeftOut(1)) }
        // And the next gap is a short one again.
        for _ in 0..<3 { fail(2) }
        #expect(isLeftOut(2.9) && !isLeftOut(3))
    }

    @Test func `Failures that were under way make the gap no longer`() {
        for _ in 0..<50 { fail(0) }
        #expect(!isLeftOut(1))
    }

    @Test func `The sentence says how often, how long and why`() {
        for _ in 0..<3 { fail(0) }
        let error = #expect(throws: TileServingError.self) { try breaker.enter("a.b", at: start) }
        #expect(error?.description.contains("3 failures") == true)
        #expect(error?.description.contains("It broke.") == true)
    }
}
