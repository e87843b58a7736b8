// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Synchronization

/// Notices Ctrl-C and a request to end, so that long work can stop between two
/// records and leave the last good state.
final class Interruption: @unchecked Sendable {
    // `flag` is atomic; `sources` are set once and only kept alive.
    private let flag = Atomic<Bool>(false)
    private let sources: [any DispatchSourceSignal]

    /// From here on Ctrl-C no longer ends the process by itself.
    init() {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [weak self] in self?.notice() }
            source.resume()
        }
    }

    private func notice() {
        // A second Ctrl-C is from somebody who will not wait.
        if flag.exchange(true, ordering: .relaxed) { _exit(ExitStatus.interrupted.rawValue) }
        ExitStatus.say("Stopping…")
    }

    var isRequested: Bool { flag.load(ordering: .relaxed) }
}
