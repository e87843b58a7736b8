// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation
import Synchronization

/// Watches the calls in the host's process, and ends the process when one does
/// not come back, takes memory without end, or closed what is the host's:
/// nothing less ends such a call. Before that it writes down whose it was, and for
/// a call that only does not come back lets other requests be answered.
final class CallWatch: Sendable {
    /// What a call may do before the host is given up for it.
    struct Limits: Hashable, Sendable {
        /// In the host's time.
        var seconds: Double
        /// By which the host may grow meanwhile.
        var bytes: Int
    }

    /// A call in progress.
    private struct Call {
        var slot: JournalSlot
        var thread: Int32
        var limits: Limits
        /// When it began, in the host's time.
        var began: Double
        /// The host's memory at the last look before.
        var bytesBefore: Int
    }

    private struct State {
        var calls: [ObjectIdentifier: Call] = [:]
        /// The host's time: seconds that it ran. It stands still while the machine
        /// sleeps or the process is stopped, which is nobody's fault.
        var time = 0.0
        var bytes = 0
        /// The call that the host ends for, and when at the latest.
        var last: (call: Call, time: Double)?
    }

    /// Held until the process is gone, once it is given up: a call that comes back
    /// in that moment does not cross out what is written about it.
    private let state = Mutex(State())
    private let sentinel: Sentinel
    private let services: HostServices

    /// Seconds between two looks.
    private static let pause = 0.25
    /// Seconds for requests in progress to be answered, once a call is given up.
    private static let patience = 2.0

    /// - Parameters:
    ///   - sentinel: a file that stays open as long as nobody closes what is not his.
    ///   - services: who is told before the process ends itself.
    init(sentinel: consuming Sentinel, services: HostServices) {
        self.sentinel = sentinel
        self.services = services
    }

    /// Begins to look, until this object is gone.
    func start() {
        let thread = Thread { [weak self] in
            let clock = SuspendingClock()
            var last = clock.now
            while true {
                usleep(UInt32(Self.pause * 1e6))
                guard let self else { return }
                let now = clock.now
                look(elapsed: (now - last) / .seconds(1))
                last = now
            }
        }
        thread.name = "call-watch"
        thread.start()
    }

    /// A call begins, on the calling thread.
    func begin(_ slot: JournalSlot, within limits: Limits) {
        let thread = CrashRecorder.thread
        state.withLock { state in
            state.calls[ObjectIdentifier(slot)] = Call(
                slot: slot, thread: thread, limits: limits, began: state.time, bytesBefore: state.bytes)
        }
    }

    /// It has come back.
    func end(_ slot: JournalSlot) {
        let isWhole = sentinel.isThere
        let isTooLate = state.withLock { state in
            // Whoever is in a call may have done it.
            if !isWhole { Self.giveUp(state.calls.values.map { ($0, .closedDescriptors) }) }
            if let last = state.last, last.call.slot === slot { return true }
            state.calls[ObjectIdentifier(slot)] = nil
            return false
        }
        // The process ends within seconds, and what is written stays.
        while isTooLate { sleep(1) }
    }

    private func look(elapsed: Double) {
        let bytes = MemoryUse.own
        let isLast = state.withLock { state in
            state.time += min(elapsed, 2 * Self.pause)
            if let bytes { state.bytes = bytes }
            let growths = Self.growths(state)
            if let last = state.last {
                if state.time >= last.time || !growths.isEmpty || services.isIdle() {
                    CrashRecorder.abort(at: last.call.thread)
                }
            } else if let (call, overrun) = Self.stuck(state) {
                call.slot.note(overrun)
                state.last = (call, state.time + Self.patience)
                return true
            } else {
                Self.giveUp(growths)
            }
            return false
        }
        if isLast { services.leave() }
    }

    /// The one call that is over its time.
    private static func stuck(_ state: State) -> (Call, Overrun)? {
        let calls = state.calls.values.filter { state.time - $0.began > $0.limits.seconds }
        return calls.min { $0.began < $1.began }.map { call in
            (call, .stuck(seconds: UInt32(clamping: Int(state.time - call.began))))
        }
    }

    /// All calls during which the host grew by more than one of them may take.
    private static func growths(_ state: State) -> [(Call, Overrun)] {
        let calls = state.calls.values
        let limits = calls.filter { state.bytes - $0.bytesBefore > $0.limits.bytes }.map(\.limits.bytes)
        guard let least = limits.min() else { return [] }
        return calls.map { ($0, state.bytes - $0.bytesBefore) }.filter { $0.1 > least }.map { call, growth in
            (call, .grew(megabytes: UInt32(clamping: growth >> 20)))
        }
    }

    /// Ends the process, when there is a reason.
    private static func giveUp(_ overruns: [(call: Call, overrun: Overrun)]) {
        guard let first = overruns.first else { return }
        for (call, overrun) in overruns { call.slot.note(overrun) }
        CrashRecorder.abort(at: first.call.thread)
    }
}

/// An open file that tells whether somebody closed descriptors that are not his.
struct Sentinel: ~Copyable, Sendable {
    private let descriptor: Int32
    private let device: dev_t
    private let inode: ino_t

    /// Takes an open file over.
    init(_ descriptor: Int32) {
        var status = stat()
        fstat(descriptor, &status)
        self.descriptor = descriptor
        (device, inode) = (status.st_dev, status.st_ino)
    }

    deinit {
        close(descriptor)
    }

    /// Whether the descriptor is still that of the same file.
    var isThere: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_dev == device && status.st_ino == inode
    }
}
