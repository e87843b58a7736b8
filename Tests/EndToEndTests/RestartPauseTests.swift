// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing

@testable import miaopu

/// How long a supervisor waits before it has another worker serve.
@Suite struct RestartPauseTests {
    @Test func `The first death costs no pause, and each further one twice the one before, up to 30 s`() {
        var pause = RestartPause()
        let pauses = (0..<9).map { _ in pause.next(served: .seconds(1), isExplained: false) }
        #expect(pauses == [0, 1, 2, 4, 8, 16, 30, 30, 30])
    }

    @Test func `A worker that served for long, or whose death a plugin explains, begins anew`() {
        var pause = RestartPause()
        for _ in 0..<4 { _ = pause.next(served: .seconds(1), isExplained: false) }
        #expect(pause.next(served: .seconds(61), isExplained: false) == 0)
        #expect(pause.next(served: .seconds(1), isExplained: false) == 1)
        #expect(pause.next(served: .seconds(1), isExplained: true) == 0)
        #expect(pause.next(served: .seconds(1), isExplained: false) == 1)
    }
}
