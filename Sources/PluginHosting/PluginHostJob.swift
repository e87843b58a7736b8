// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Dispatch
import Foundation
import Synchronization

/// Hosts one library in a child: a crash, a hang or a leak of the plugin costs
/// that child and nothing else. `miaopu` offers it to
/// `ChildMain.runIfRequested`.
public enum PluginHostJob: ChildJob {
    /// The word on the child's command line.
    public static let name = "host-plugin"

    /// The request is the library's path in UTF-8; frames are `PluginFrame`s. It
    /// ends when the host wants no more.
    public static func run(request: [UInt8], channel: ChildChannel) throws {
        let post = HostPost(channel)
        let connection = try InProcessConnection(
            library: String(decoding: request, as: UTF8.self), receiver: post)
        let calls = CallQueue { call in
            let (status, bytes) = connection.answer(Array(call.bytes))
            post.send(PluginFrame(.reply, call: call.call, status: status, bytes: bytes))
        }
        // This thread only reads, so that a plugin in the middle of a call gets
        // the answers of its host.
        while let frame = channel.receive() {
            guard let frame = PluginFrame(frame) else { return }
            switch frame.kind {
            case .call: calls.append(frame)
            case .hostReply: post.deliver(frame)
            case .reply, .hostCall: return
            }
        }
    }
}

extension InProcessConnection {
    /// A call as a pair that can be sent.
    fileprivate func answer(_ request: [UInt8]) -> (status: Int32, bytes: Data) {
        do {
            return (ContractStatus.ok, try call(request))
        } catch {
            return (ContractStatus.number(of: error.kind), Data(error.description.utf8))
        }
    }
}

/// Calls on a thread of their own, one after the other.
private final class CallQueue: Sendable {
    private let waiting = Mutex<[PluginFrame]>([])
    private let semaphore = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable (PluginFrame) -> Void) {
        let thread = Thread { [self] in
            CrashRecorder.guardThread()
            while true {
                semaphore.wait()
                guard let call = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
                body(call)
            }
        }
        thread.name = "plugin"
        thread.stackSize = 8 << 20
        thread.start()
    }

    func append(_ call: PluginFrame) {
        waiting.withLock { $0.append(call) }
        semaphore.signal()
    }
}

/// Takes the plugin's calls, sends them to the host and waits for the answers.
private final class HostPost: HostCallReceiver {
    private struct Letters {
        var next: UInt64 = 1
        var waiting: [UInt64: Waiter] = [:]
    }

    private let channel: ChildChannel
    private let sending = Mutex(())
    private let letters = Mutex(Letters())

    init(_ channel: ChildChannel) {
        self.channel = channel
    }

    func answer(_ request: UnsafeBufferPointer<UInt8>) -> (status: Int32, bytes: [UInt8]) {
        let waiter = Waiter()
        let call = letters.withLock { letters in
            defer { letters.next += 1 }
            letters.waiting[letters.next] = waiter
            return letters.next
        }
        send(PluginFrame(.hostCall, call: call, bytes: Data(request)))
        let answer = waiter.wait()
        return (answer.status, Array(answer.bytes))
    }

    func deliver(_ reply: PluginFrame) {
        letters.withLock { $0.waiting.removeValue(forKey: reply.call) }?.give(reply)
    }

    /// Without its host the process has nothing left to do.
    func send(_ frame: PluginFrame) {
        do {
            let packed = frame.packed(mayShareMemory: true)
            try sending.withLock { _ in
                try channel.send(kind: packed.kind, payload: packed.payload, memory: packed.memory)
            }
        } catch {
            _exit(3)
        }
    }

    private final class Waiter: Sendable {
        private let reply = Mutex<PluginFrame?>(nil)
        private let semaphore = DispatchSemaphore(value: 0)

        func give(_ reply: PluginFrame) {
            self.reply.withLock { $0 = reply }
            semaphore.signal()
        }

        func wait() -> PluginFrame {
            while true {
                semaphore.wait()
                if let reply = reply.withLock({ $0 }) { return reply }
            }
        }
    }
}
