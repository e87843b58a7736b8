// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Glibc
import NIOCore

/// A socket that is bound to an address of this machine.
///
/// Connections are refused until a server listens at it. From then on, and as long
/// as a process has it open, the system accepts them, and keeps those that no
/// server has taken yet for the next one.
public final class ServerSocket: Sendable {
    /// Open until this object goes. No program that is started inherits it.
    public let descriptor: Int32
    /// The port that it is bound to.
    public let port: Int

    /// Binds a socket.
    ///
    /// - Parameters:
    ///   - host: a name or an address of this machine.
    ///   - port: 0 takes any free port.
    /// - Throws: kind `addressUnavailable` when the port is taken or the host is
    ///   none of this machine's.
    /// - Thread: blocks for as long as the name's address takes to be found.
    public init(host: String, port: Int) throws(TileServingError) {
        let address: SocketAddress
        do {
            address = try SocketAddress.makeAddressResolvingHost(host, port: port)
        } catch {
            throw TileServingError(
                .addressUnavailable, "Cannot listen on \(host): it is no address of this machine.")
        }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.protocol.rawValue, kind, 0)
        guard descriptor >= 0 else { throw Self.refused(host, port, code: errno) }
        // Connections of a server that has ended keep nobody from the port.
        var isOn: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        var bound = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isBound = address.withSockAddr { Glibc.bind(descriptor, $0, socklen_t($1)) == 0 }
            && withUnsafeMutablePointer(to: &bound) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) == 0 }
            }
        guard isBound else {
            let code = errno
            close(descriptor)
            throw Self.refused(host, port, code: code)
        }
        self.descriptor = descriptor
        self.port = withUnsafeBytes(of: &bound) { bytes in
            // The port stands at the same place in addresses of both families.
            Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
        }
    }

    deinit {
        close(descriptor)
    }

    /// What is said when a socket cannot be bound, or nobody may listen at it.
    static func refused(_ host: String, _ port: Int, code: CInt) -> TileServingError {
        let reason =
            switch code {
            case EADDRINUSE: "the port is taken by another program"
            case EACCES: "ports below 1024 need more rights"
            case EADDRNOTAVAIL: "it is no address of this machine"
            default: String(cString: strerror(code))
            }
        return TileServingError(.addressUnavailable, "Cannot listen on \(host):\(port): \(reason).")
    }
}
