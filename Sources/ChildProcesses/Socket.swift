// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The calls on sockets that parent and child share.
enum Socket {
    /// Two connected stream sockets that no other program inherits.
    static func pair() throws -> (Int32, Int32) {
        var descriptors: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &descriptors) == 0 else {
            throw ChildProcessesError.system("Opening a socket to a child process", code: errno)
        }
        // Larger than the default, so that both sides run for longer at a stretch.
        var size: Int32 = 1 << 20
        for descriptor in descriptors {
            setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        return (descriptors[0], descriptors[1])
    }

    /// Makes `send` give up on a reader that takes nothing for so long.
    static func setPatience(seconds: Int, of descriptor: Int32) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Writes one frame whole.
    static func send(
        kind: UInt8, _ payload: UnsafeRawBufferPointer, memory: SealedMemory? = nil, to descriptor: Int32
    ) throws {
        var header = FrameHeader.bytes(kind: kind, count: payload.count)
        try withUnsafeBytes(of: &header) { head in
            var sent = 0
            let total = head.count + payload.count
            while sent < total {
                let count = write(head, payload, memory, after: sent, to: descriptor)
                if count > 0 {
                    sent += count
                } else if count == 0 || errno != EINTR {
                    throw ChildProcessesError(.disconnected, "The other process has gone.")
                }
            }
        }
    }

    /// Writes what is left, header and payload together.
    private static func write(
        _ head: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer, _ memory: SealedMemory?, after sent: Int,
        to descriptor: Int32
    ) -> Int {
        guard sent >= head.count else {
            let rest = UnsafeRawBufferPointer(rebasing: head[sent...])
            return sendSome(rest, payload, memory: sent == 0 ? memory : nil, to: descriptor)
        }
        let rest = UnsafeRawBufferPointer(rebasing: payload[(sent - head.count)...])
        return Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
    }

    /// Reads exactly as many bytes as the buffer has; false at the end of the
    /// stream.
    private static func receive(
        into buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, descriptors: ReceivedDescriptors
    ) -> Bool {
        var received = 0
        while received < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[received...])
            let count = receiveSome(into: rest, from: descriptor, descriptors: descriptors)
            if count > 0 {
                received += count
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Reads one frame and waits for it; nil at the end of the stream, when the
    /// frame is larger than `ceiling`, and when it lacks the memory that its kind
    /// promises.
    static func receive(from descriptor: Int32, ceiling: Int) -> ChildFrame? {
        let descriptors = ReceivedDescriptors()
        var header = FrameHeader.bytes(kind: 0, count: 0)
        let isComplete = withUnsafeMutableBytes(of: &header) {
            receive(into: $0, from: descriptor, descriptors: descriptors)
        }
        guard isComplete else { return nil }
        let count = FrameHeader.payloadCount(header)
        guard count <= ceiling else { return nil }
        var complete = true
        let payload = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            complete = receive(
                into: UnsafeMutableRawBufferPointer(buffer), from: descriptor, descriptors: descriptors)
            initialized = complete ? count : 0
        }
        guard complete else { return nil }
        return ChildFrame(kind: header.4, payload: payload, descriptors: descriptors, ceiling: ceiling)
    }
}

extension FrameHeader {
    static func payloadCount(_ header: (UInt8, UInt8, UInt8, UInt8, UInt8)) -> Int {
        Int(header.0) | Int(header.1) << 8 | Int(header.2) << 16 | Int(header.3) << 24
    }
}
