// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import HummingbirdCore
import NIOCore
import Synchronization

/// The requests that a server has taken, and the end of taking more before its
/// process ends itself: connections that come then wait for the next process.
final class Traffic: Sendable {
    private let busy = Atomic<Int>(0)
    private let leaving = Atomic<Bool>(false)
    private let server = Mutex<(any Channel)?>(nil)

    /// Whether no more connections are taken.
    var isLeaving: Bool { leaving.load(ordering: .sequentiallyConsistent) }

    /// Whether nobody waits for an answer: neither who has asked nor who was taken
    /// and has not asked yet.
    var isIdle: Bool { busy.load(ordering: .sequentiallyConsistent) == 0 }

    /// A connection begins or ends to wait for an answer.
    func note(isBusy: Bool) {
        busy.add(isBusy ? 1 : -1, ordering: .sequentiallyConsistent)
    }

    /// The server listens.
    func begin(_ channel: any Channel) {
        server.withLock { $0 = channel }
    }

    /// Takes no more connections. Those that there are get their answers, and are
    /// told that there will be no others.
    func leave() {
        guard !leaving.exchange(true, ordering: .sequentiallyConsistent), let channel = server.withLock({ $0 }) else {
            return
        }
        // A connection that was accepted in this moment is not set up yet, and SwiftNIO
        // drops it when the server's channel is closed before.
        channel.eventLoop.scheduleTask(in: .milliseconds(100)) { channel.close(promise: nil) }
    }

    /// Lets connections in up to a ceiling, and none while leaving.
    struct Gate: AvailableConnectionsDelegate {
        let traffic: Traffic
        let ceiling: Int
        private var count = 0

        init(_ traffic: Traffic, ceiling: Int) {
            self.traffic = traffic
            self.ceiling = ceiling
        }

        mutating func connectionOpened() { count += 1 }
        mutating func connectionClosed() { count -= 1 }
        func isAcceptingNewConnections() -> Bool { count < ceiling && !traffic.isLeaving }
    }
}
