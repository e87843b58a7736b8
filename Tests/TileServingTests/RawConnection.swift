// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Glibc

/// A TCP connection to this machine that sends what it is told, well-formed or
/// not, and reads when it is told.
final class RawConnection: Sendable {
    struct Failure: Error {
        let code: Int32
    }

    private let descriptor: Int32

    init(port: Int, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var bytes = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let failed = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0
            }
        }
        if failed { throw Failure(code: errno) }
    }

    deinit {
        close(descriptor)
    }

    func send(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(code: errno) }
            rest = rest.dropFirst(count)
        }
    }

    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Up to so many bytes; nil at the end, however it came.
    func read(_ most: Int) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            count = max(0, recv(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        return bytes.isEmpty ? nil : bytes
    }

    /// All until the end; `whileWaiting` is called now and then.
    func readToEnd(whileWaiting: () -> Void = {}) -> String {
        var bytes: [UInt8] = []
        while true {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&watched, 1, 50) == 0 {
                whileWaiting()
            } else if let piece = read(1 << 16) {
                bytes += piece
            } else {
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    /// Waits, without reading, until the other side has reset the connection.
    func waitForReset() {
        var watched = pollfd(fd: descriptor, events: 0, revents: 0)
        _ = poll(&watched, 1, -1)
    }
}
