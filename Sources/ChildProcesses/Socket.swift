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
    static func send(kind: UInt8, _ payload: UnsafeRawBufferPointer, to descriptor: Int32) throws {
        var header = FrameHeader.bytes(kind: kind, count: payload.count)
        try withUnsafeMutableBytes(of: &header) { head in
            var sent = 0
            let total = head.count + payload.count
            while sent < total {
                let count = write(head, payload, after: sent, to: descriptor)
                if count > 0 {
                    sent += count
                } else if count == 0 || errno != EINTR {
                    throw ChildProcessesError(.disconnected, "The other process has gone.")
                }
            }
        }
    }

    /// One `sendmsg` of what is left, so that header and payload go together.
    private static func write(
        _ head: UnsafeMutableRawBufferPointer, _ payload: UnsafeRawBufferPointer, after sent: Int, to descriptor: Int32
    ) -> Int {
        if sent >= head.count {
            let rest = UnsafeRawBufferPointer(rebasing: payload[(sent - head.count)...])
            return Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        }
        let rest = UnsafeMutableRawBufferPointer(rebasing: head[sent...])
        var vectors = [
            iovec(iov_base: rest.baseAddress, iov_len: rest.count),
            iovec(iov_base: UnsafeMutableRawPointer(mutating: payload.baseAddress), iov_len: payload.count),
        ]
        return vectors.withUnsafeMutableBufferPointer { buffer in
            var message = msghdr()
            message.msg_iov = buffer.baseAddress
            message.msg_iovlen = buffer.count
            return sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
        }
    }

    /// Reads exactly as many bytes as the buffer has; false at the end of the
    /// stream.
    static func receive(into buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32) -> Bool {
        var received = 0
        while received < buffer.count {
            let count = recv(descriptor, buffer.baseAddress?.advanced(by: received), buffer.count - received, 0)
            if count > 0 {
                received += count
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Reads one frame and waits for it; nil at the end of the stream or when the
    /// frame is larger than `ceiling`.
    static func receive(from descriptor: Int32, ceiling: Int) -> ChildFrame? {
        var header = FrameHeader.bytes(kind: 0, count: 0)
        guard withUnsafeMutableBytes(of: &header, { receive(into: $0, from: descriptor) }) else { return nil }
        let count = FrameHeader.payloadCount(header)
        guard count <= ceiling else { return nil }
        var complete = true
        let payload = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            complete = receive(into: UnsafeMutableRawBufferPointer(buffer), from: descriptor)
            initialized = complete ? count : 0
        }
        return complete ? ChildFrame(kind: header.4, payload: payload) : nil
    }
}

extension FrameHeader {
    static func payloadCount(_ header: (UInt8, UInt8, UInt8, UInt8, UInt8)) -> Int {
        Int(header.0) | Int(header.1) << 8 | Int(header.2) << 16 | Int(header.3) << 24
    }
}
