// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CProcessControl
import Foundation

/// A connection between two programs of the same person on this machine: whole
/// messages each way.
public final class LocalLine: Sendable {
    private let descriptor: Int32

    fileprivate init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Calls whoever listens at a path; nil when nobody does.
    public convenience init?(to path: String) {
        guard let descriptor = LocalAddress(path)?.opened({ connect($0, $1, $2) }) else { return nil }
        self.init(descriptor)
    }

    /// Sends a message.
    ///
    /// - Throws: `.disconnected` when the other side has gone, or takes nothing.
    public func send(_ message: [UInt8]) throws {
        guard message.count <= UInt32.max else {
            throw ChildProcessesError(.wrongUse, "A message of \(message.count) bytes is too large to be sent.")
        }
        try message.withUnsafeBytes { try Socket.send(kind: 0, $0, to: descriptor) }
    }

    /// Waits for a message; nil when the other side has gone, or sends one of more
    /// than `ceiling` bytes.
    public func receive(ceiling: Int) -> [UInt8]? {
        Socket.receive(from: descriptor, ceiling: ceiling)?.payload
    }

    /// Whether the program at the other side is of the same person, or of root.
    fileprivate var isOfSamePerson: Bool {
        let user = miaopu_peer_user(descriptor)
        return user == 0 || user == Int64(geteuid())
    }
}

/// Answers calls at a path of the file system, each on a thread of its own.
public final class LocalListener: Sendable {
    private let descriptor: Int32

    /// Listens. What an earlier program left at the path is replaced, and nobody
    /// else can call: the file is its owner's alone.
    ///
    /// - Parameter patience: seconds in which a caller may send nothing of a message
    ///   that is waited for, or take nothing of one that is sent.
    /// - Throws: `.systemRefused`, also when somebody listens there already.
    public init(
        at path: String, patience: Int = 60, answer: @escaping @Sendable (LocalLine) -> Void
    ) throws {
        if LocalLine(to: path) != nil {
            throw ChildProcessesError(.systemRefused, "Another program listens at \(path).")
        }
        unlink(path)
        let bound = LocalAddress(path)?.opened { descriptor, address, count in
            guard bind(descriptor, address, count) == 0 else { return -1 }
            // Before anybody can call.
            return chmod(path, 0o600) == 0 ? listen(descriptor, 16) : -1
        }
        guard let bound else { throw ChildProcessesError.system("Listening at \(path)", code: errno) }
        descriptor = bound
        let thread = Thread {
            // It ends when the socket is shut down.
            while true {
                let caller = miaopu_accept(bound)
                if caller < 0 {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    break
                }
                Socket.setPatience(seconds: patience, of: caller)
                var time = timeval(tv_sec: patience, tv_usec: 0)
                setsockopt(caller, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
                let line = LocalLine(caller)
                guard line.isOfSamePerson else { continue }
                Thread.detachNewThread { answer(line) }
            }
            Glibc.close(bound)
        }
        thread.name = "local-line"
        thread.start()
    }

    /// Takes no more calls.
    public func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}

/// The address of a socket in the file system. The path goes by way of its opened
/// folder: an address has room for a hundred bytes only.
private struct LocalAddress {
    let folder: String
    let name: String

    /// Nil for a name that has no room.
    init?(_ path: String) {
        folder = (path as NSString).deletingLastPathComponent
        name = (path as NSString).lastPathComponent
        guard name.utf8.count < 64 else { return nil }
    }

    /// A socket with which `body`, a call that takes an address, succeeded; else
    /// nil, with `errno`.
    func opened(_ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32? {
        let place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard place >= 0 else { return nil }
        defer { close(place) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array("/proc/self/fd/\(place)/\(name)".utf8)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body(descriptor, $0, size) }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            errno = code
            return nil
        }
        return descriptor
    }
}
