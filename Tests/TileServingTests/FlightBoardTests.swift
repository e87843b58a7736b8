// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Synchronization
import Testing

@testable import TileServing

@Suite struct FlightBoardTests {
    @Test func `A thousand equal questions are one making`() async throws {
        let board = FlightBoard<String, Int>()
        let makings = Counter()
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<1000 {
                group.addTask {
                    try await board.value(for: "tile", patience: .seconds(600)) {
                        makings.count()
                        try await Task.sleep(for: .milliseconds(300))
                        return 7
                    }
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(values == Array(repeating: 7, count: 1000))
        #expect(makings.value == 1)
        #expect(board.count == 0)
    }

    @Test func `An error reaches everybody and the next question makes anew`() async throws {
        let board = FlightBoard<String, Int>()
        await #expect(throws: TileServingError.self) {
            try await board.value(for: "tile", patience: .seconds(600)) { throw TileServingError(.failed, "No.") }
        }
        #expect(try await board.value(for: "tile", patience: .seconds(600)) { 3 } == 3)
    }

    @Test func `Whoever runs out of patience leaves and the making goes on`() async throws {
        let board = FlightBoard<String, Int>()
        let gate = Gate()
        async let patient = board.value(for: "tile", patience: .seconds(600)) {
            await gate.wait()
            return 1
        }
        while !board.isWanted("tile") { await Task.yield() }
        await #expect {
            try await board.value(for: "tile", patience: .milliseconds(10)) { 2 }
        } throws: { error in
            (error as? TileServingError)?.kind == .overloaded
        }
        gate.open()
        #expect(try await patient == 1)
    }

    @Test func `A cancelled caller leaves at once and nobody is left waiting`() async throws {
        let board = FlightBoard<String, Int>()
        let gate = Gate()
        let caller = Task {
            try await board.value(for: "tile", patience: .seconds(600)) {
                await gate.wait()
                return 1
            }
        }
        while !board.isWanted("tile") { await Task.yield() }
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        #expect(!board.isWanted("tile"))
        gate.open()
        while board.count > 0 { await Task.yield() }
    }
}

/// Counts, from any thread.
final class Counter: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    func count() {
        number.withLock { $0 += 1 }
    }
}

/// Lets everybody through once it is open.
final class Gate: Sendable {
    private let isOpen = Mutex(false)

    func open() {
        isOpen.withLock { $0 = true }
    }

    func wait() async {
        while !isOpen.withLock({ $0 }) { await Task.yield() }
    }

    func waitBlocking() {
        while !isOpen.withLock({ $0 }) {}
    }
}
