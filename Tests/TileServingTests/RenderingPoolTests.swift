// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@testable import TileServing

@Suite struct RenderingPoolTests {
    /// A worker that says when it is made.
    final class Worker {
        static let made = Counter()
        init() { Worker.made.count() }
    }

    @Test func `Work runs and its value and its error come back`() async throws {
        let pool = RenderingPool<Void>(threads: 2, queueBound: 8) { () }
        defer { pool.stop() }
        #expect(try await pool.run { _ in 41 + 1 } == 42)
        await #expect(throws: TileServingError.self) {
            try await pool.run { _ in throw TileServingError(.failed, "No.") }
        }
    }

    @Test func `More work than the bound is refused at once and the rest is done`() async throws {
        let pool = RenderingPool<Void>(threads: 1, queueBound: 2) { () }
        defer { pool.stop() }
        let gate = Gate()
        let first = Task { try await pool.run { _ in gate.waitBlocking() } }
        while pool.status.working == 0 { await Task.yield() }
        let waiting = (0..<2).map { number in Task { try await pool.run { _ in number } } }
        while pool.status.waiting < 2 { await Task.yield() }
        await #expect {
            try await pool.run { _ in () }
        } throws: { error in
            (error as? TileServingError)?.kind == .overloaded
        }
        gate.open()
        try await first.value
        #expect(try await waiting[0].value + waiting[1].value == 1)
    }

    @Test func `Work that nobody wants any more is skipped`() async throws {
        let pool = RenderingPool<Void>(threads: 1, queueBound: 2) { () }
        defer { pool.stop() }
        let runs = Counter()
        await #expect(throws: TileServingError.self) {
            try await pool.run(isWanted: { false }) { _ in runs.count() }
        }
        #expect(runs.value == 0)
    }

    @Test func `A worker whose work failed is replaced and the pool goes on`() async throws {
        let pool = RenderingPool<Worker>(threads: 1, queueBound: 8) { Worker() }
        defer { pool.stop() }
        let before = Worker.made.value
        _ = try await pool.run { _ in 1 }
        _ = try await pool.run { _ in 1 }
        #expect(Worker.made.value == before + 1)
        for _ in 0..<100 { try? await pool.run { _ in throw TileServingError(.failed, "No.") } }
        #expect(try await pool.run { _ in 5 } == 5)
    }

    @Test func `A stopped pool says so`() async throws {
        let pool = RenderingPool<Void>(threads: 1, queueBound: 8) { () }
        pool.stop()
        await #expect {
            try await pool.run { _ in () }
        } throws: { error in
            (error as? TileServingError)?.kind == .unavailable
        }
    }
}
