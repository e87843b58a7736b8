// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Listens to one child until it has ended, and finds out why.
struct ChildListener {
    private let child: SpawnedChild
    private let limits: ChildLimits
    private var frames: FrameAssembler
    private var diagnostics = TailBuffer(capacity: 4096)

    private let started = Clock.now
    /// Time that the caller took, which is not the child's.
    private var pause = 0.0
    private var nextSample = 0.0

    private var isolation = ChildIsolation(filtersSystemCalls: false, hasOwnNetwork: false)
    private var ending: ChildExit.Ending?
    private var reaped: (status: Int32, usage: rusage)?
    private var unresidentBytes = 0
    private var largestSize = 0
    /// The most resident memory that was seen while the child lived.
    private var largestResident = 0
    /// What this process may have held when it started the child: Linux counts
    /// it as the child's own peak.
    private let inheritedPeak: Int
    private var frameCount = 0
    private var payloadBytes = 0

    /// How often memory is looked at and `isCancelled` asked.
    private static let tick = 0.1

    init(child: SpawnedChild, limits: ChildLimits) {
        self.child = child
        self.limits = limits
        frames = FrameAssembler(socket: child.socket, ceiling: limits.frameBytes)
        var own = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &own)
        inheritedPeak = own.ru_maxrss * 1024
    }

    /// Kills the child when it still lives, reaps it, closes everything.
    mutating func close() {
        if reaped == nil {
            child.kill()
            reaped = child.reap()
        }
        frames.close()
        Glibc.close(child.socket)
        Glibc.close(child.diagnostics)
    }

    /// Sends the first two frames. A child that cannot take them is dead or
    /// dying, which `listen` finds out.
    func tell(charter: [UInt8], request: [UInt8]) {
        Socket.setPatience(seconds: limits.wallSeconds, of: child.socket)
        try? charter.withUnsafeBytes { try Socket.send(kind: FrameHeader.charter, $0, to: child.socket) }
        try? request.withUnsafeBytes { try Socket.send(kind: FrameHeader.request, $0, to: child.socket) }
    }

    /// Hands over frames until the child has closed its end or must be killed.
    mutating func listen(isCancelled: () -> Bool, onFrame: (ChildFrame) throws -> Void) throws {
        var isOpen = true
        while reaped == nil {
            if Clock.now >= nextSample {
                if isCancelled() { return stop(.cancelled) }
                sample()
                if let end = child.reap(isPatient: false) {
                    // Somebody else may still hold the socket: what has arrived
                    // is all that counts.
                    reaped = end
                    nextSample = .infinity
                    _ = try takeFrames(isCancelled: isCancelled, onFrame: onFrame)
                    break
                }
            }
            let left = Double(limits.wallSeconds) - (Clock.now - started - pause)
            if left <= 0 { return stop(.wallClock) }
            // After its end of the socket is closed a child has little to do:
            // only dying.
            if !isOpen, let end = child.reap(isPatient: false) {
                reaped = end
                break
            }
            wait(upTo: min(left, isOpen ? Self.tick : 0.002), socket: isOpen)
            guard isOpen else { continue }
            isOpen = try takeFrames(isCancelled: isCancelled, onFrame: onFrame)
        }
    }

    /// Takes all frames that have arrived; false when no more will.
    private mutating func takeFrames(isCancelled: () -> Bool, onFrame: (ChildFrame) throws -> Void) throws -> Bool {
        while true {
            switch frames.next() {
            case .wait: return true
            case .end: return false
            case .garbled:
                stop(.garbledFrame)
                return false
            case .frame(let frame):
                guard try take(frame, onFrame: onFrame) else { return false }
                if Clock.now >= nextSample { return true }
            }
        }
    }

    private mutating func take(_ frame: ChildFrame, onFrame: (ChildFrame) throws -> Void) throws -> Bool {
        switch frame.kind {
        case 0..<ChildFrame.firstReservedKind:
            frameCount += 1
            payloadBytes += frame.payload.count + (frame.memory?.count ?? 0)
            let before = Clock.now
            try onFrame(frame)
            pause += Clock.now - before
        case FrameHeader.confinement where frame.payload.count == 10:
            isolation.filtersSystemCalls = frame.payload[0] != 0
            isolation.hasOwnNetwork = frame.payload[1] != 0
            unresidentBytes = frame.payload.withUnsafeBytes {
                Int(clamping: UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt64.self)))
            }
        case FrameHeader.finished: ending = .finished
        case FrameHeader.failed: ending = .failed(String(decoding: frame.payload, as: UTF8.self))
        default:
            stop(.garbledFrame)
            return false
        }
        return true
    }

    /// Waits until there is something to read, and reads the diagnostics.
    private mutating func wait(upTo seconds: Double, socket: Bool) {
        var polled = [
            pollfd(fd: diagnostics.isClosed ? -1 : child.diagnostics, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket ? child.socket : -1, events: Int16(POLLIN), revents: 0),
        ]
        poll(&polled, nfds_t(polled.count), Int32(max(1, (seconds * 1000).rounded(.up))))
        if polled[0].revents != 0 { diagnostics.read(from: child.diagnostics) }
    }

    private mutating func sample() {
        nextSample = Clock.now + Self.tick
        guard let use = MemoryUse.read(process: String(child.process)) else { return }
        largestSize = max(largestSize, use.size)
        largestResident = max(largestResident, use.resident)
    }

    private mutating func stop(_ cause: ChildDeath.Cause) {
        if reaped == nil {
            child.kill()
            reaped = child.reap()
        }
        ending = .killed(ChildDeath(cause, limits: limits))
    }

    /// What became of the child.
    ///
    /// - Parameter crash: what it stored itself.
    mutating func exit(crash: CrashReport?) -> ChildExit {
        // At its end it knew best: between two looks from outside it may have grown.
        largestSize = max(largestSize, crash?.addressSpaceBytes ?? 0)
        diagnostics.read(from: child.diagnostics)
        let used = reaped?.usage ?? rusage()
        let peak = used.ru_maxrss * 1024
        let usage = ChildUsage(
            cpuSeconds: Self.seconds(used.ru_utime) + Self.seconds(used.ru_stime),
            wallSeconds: Clock.now - started, peakMemoryBytes: peak > inheritedPeak ? peak : largestResident,
            frames: frameCount,
            payloadBytes: payloadBytes)
        return ChildExit(
            ending: ending ?? .killed(ChildDeath(cause(usage), limits: limits)), usage: usage, isolation: isolation,
            diagnostics: diagnostics.text, crash: crash)
    }

    private func cause(_ usage: ChildUsage) -> ChildDeath.Cause {
        let status = reaped?.status ?? 0
        let signal = status & 0x7f
        guard signal != 0 else { return isOutOfMemory(usage) ? .memory : .exit((status >> 8) & 0xff) }
        switch signal {
        case SIGXCPU: return .cpu
        case SIGXFSZ: return .fileSize
        case SIGKILL where usage.cpuSeconds >= Double(limits.cpuSeconds): return .cpu
        // Nobody but the kernel's search for memory ends a child like that.
        case SIGKILL where usage.peakMemoryBytes >= limits.addressSpaceBytes / 2: return .memory
        case SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS: return isOutOfMemory(usage) ? .memory : .signal(signal)
        default: return .signal(signal)
        }
    }

    /// A process whose allocation is refused dies in as many ways as there are
    /// libraries; what they have in common is that it was near the ceiling, or
    /// says so.
    private func isOutOfMemory(_ usage: ChildUsage) -> Bool {
        let nearly = limits.addressSpaceBytes / 8 * 7
        if max(largestSize, usage.peakMemoryBytes + unresidentBytes) >= nearly { return true }
        let words = diagnostics.text.lowercased()
        return ["bad_alloc", "out of memory", "cannot allocate memory", "not enough memory"].contains {
            words.contains($0)
        }
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}

/// Seconds by a clock that nobody sets.
enum Clock {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// The last bytes of a stream.
struct TailBuffer {
    private let capacity: Int
    private var bytes: [UInt8] = []
    private(set) var isClosed = false

    init(capacity: Int) {
        self.capacity = capacity
    }

    var text: String {
        String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Reads what is there, without waiting and at most a megabyte of it.
    mutating func read(from descriptor: Int32) {
        var part = [UInt8](repeating: 0, count: 65_536)
        for _ in 0..<16 {
            let count = recv(descriptor, &part, part.count, Int32(MSG_DONTWAIT))
            if count == 0 { isClosed = true }
            guard count > 0 else { return }
            bytes.append(contentsOf: part[..<count])
            if bytes.count > capacity { bytes.removeFirst(bytes.count - capacity) }
        }
    }
}
