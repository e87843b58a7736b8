// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ChildProcesses

/// Whoever calls at a local line may be anybody's program, and one that is broken.
@Suite struct LocalLineTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.url.appendingPathComponent("line.sock").path
    }

    private static let ceiling = 4096

    /// A listener that says back what it hears, once a call, and that notes what it
    /// heard; nil for nothing that could be used.
    private func echo(patience: Int = 60) throws -> (listener: LocalListener, heard: Heard) {
        let heard = Heard()
        let listener = try LocalListener(at: path, patience: patience) { line in
            let message = line.receive(ceiling: Self.ceiling)
            heard.note(message)
            if let message { try? line.send(message) }
        }
        return (listener, heard)
    }

    private final class Heard: Sendable {
        private let messages = Mutex<[[UInt8]?]>([])
        private let arrival = DispatchSemaphore(value: 0)

        func note(_ message: [UInt8]?) {
            messages.withLock { $0.append(message) }
            arrival.signal()
        }

        /// What was heard in the next call that ends.
        func next() -> [UInt8]? {
            guard arrival.wait(timeout: .now() + 60) == .success else {
                Issue.record("no call came to an end")
                return nil
            }
            return messages.withLock { $0.removeFirst() }
        }
    }

    private func expectService() throws {
        let line = try #require(LocalLine(to: path))
        try line.send([1, 2, 3])
        #expect(line.receive(ceiling: Self.ceiling) == [1, 2, 3])
    }

    @Test func `messages of all sizes up to the ceiling come whole`() throws {
        let (listener, heard) = try echo()
        defer { listener.close() }
        for count in [0, 1, Self.ceiling] {
            let line = try #require(LocalLine(to: path))
            let message = [UInt8](repeating: 7, count: count)
            try line.send(message)
            #expect(line.receive(ceiling: Self.ceiling) == message)
            #expect(heard.next() == message)
        }
        // What is larger is refused by whoever receives it.
        let line = try #require(LocalLine(to: path))
        try line.send([UInt8](repeating: 7, count: 10))
        #expect(line.receive(ceiling: 9) == nil)
    }

    @Test(arguments: [
        // Nothing, half a head, a head without its payload, half a payload.
        [], [10, 0, 0], [10, 0, 0, 0, 0], [10, 0, 0, 0, 0, 1, 2, 3],
    ] as [[UInt8]])
    func `a frame that is cut off is no message`(bytes: [UInt8]) throws {
        let (listener, heard) = try echo()
        defer { listener.close() }
        let peer = try RawPeer(path)
        try peer.send(bytes)
        peer.finishSending()
        #expect(heard.next() == nil)
        #expect(peer.readToEnd().isEmpty)
        try expectService()
    }

    @Test(arguments: [
        [1, 16, 0, 0, 0], [255, 255, 255, 127, 0], [255, 255, 255, 255, 0], [255, 255, 255, 255, 255],
    ] as [[UInt8]])
    func `a frame that says it is too long is not waited for`(head: [UInt8]) throws {
        let (listener, heard) = try echo()
        defer { listener.close() }
        let peer = try RawPeer(path)
        // It stays connected: the head alone ends the call.
        try peer.send(head)
        #expect(heard.next() == nil)
        #expect(peer.readToEnd().isEmpty)
        try expectService()
    }

    @Test func `who says nothing is waited for as long as it may take, and holds up nobody`() throws {
        let (listener, heard) = try echo(patience: 1)
        defer { listener.close() }
        let silent = try RawPeer(path)
        let stopping = try RawPeer(path)
        try stopping.send([4, 0, 0, 0, 0, 1])
        try expectService()
        #expect(heard.next() == [1, 2, 3])
        #expect(heard.next() == nil)
        #expect(heard.next() == nil)
        #expect(silent.readToEnd().isEmpty && stopping.readToEnd().isEmpty)
    }

    @Test func `who takes nothing is given up`() throws {
        let refused = DispatchSemaphore(value: 0)
        let listener = try LocalListener(at: path, patience: 1) { line in
            do {
                // More than the system keeps for it.
                try line.send([UInt8](repeating: 0, count: 32 << 20))
            } catch let error as ChildProcessesError where error.kind == .disconnected {
                refused.signal()
            } catch {}
        }
        defer { listener.close() }
        let peer = try RawPeer(path)
        #expect(refused.wait(timeout: .now() + 60) == .success)
        #expect(peer.readToEnd().count < 32 << 20)
    }

    @Test func `many at the same time are all answered, each with its own`() throws {
        let (listener, _) = try echo()
        defer { listener.close() }
        // All are connected before the first one speaks.
        let lines = try (0..<64).map { _ in try RawPeer(path) }
        for (number, line) in lines.enumerated().reversed() { try line.send([1, 0, 0, 0, 0, UInt8(number)]) }
        for (number, line) in lines.enumerated() { #expect(line.readToEnd() == [1, 0, 0, 0, 0, UInt8(number)]) }
    }

    @Test func `descriptors that nobody asked for are closed`() throws {
        let (listener, heard) = try echo()
        defer { listener.close() }
        let gift = folder.url.appendingPathComponent("gift").path
        try Data().write(to: URL(fileURLWithPath: gift))
        let script = """
            import os, socket, sys
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(sys.argv[1])
            files = [os.open(sys.argv[2], os.O_RDONLY) for _ in range(8)]
            socket.send_fds(peer, [bytes([2, 0, 0, 0, 0])], files)
            socket.send_fds(peer, [b"ab"], files)
            print(peer.recv(100).hex())
            """
        #expect(try Self.python(script, path, gift) == "02000000006162\n")
        #expect(heard.next() == Array("ab".utf8))
        // The call's thread lets go of them before it says that it has heard.
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == gift
        }
        #expect(open.isEmpty)
    }

    @Test func `somebody else's program is not heard, also where the file lets it in`() throws {
        guard geteuid() == 0 else {
            print("skipped: only root can be somebody else")
            return
        }
        let (listener, heard) = try echo()
        defer { listener.close() }
        let script = """
            import os, socket, sys
            os.setgid(65534)
            os.setuid(65534)
            peer = socket.socket(socket.AF_UNIX)
            try:
                peer.connect(sys.argv[1])
                peer.sendall(bytes([1, 0, 0, 0, 0, 9]))
                print("answered" if peer.recv(100) else "nothing")
            except (PermissionError, ConnectionResetError, BrokenPipeError) as error:
                print(type(error).__name__)
            """
        #expect(chmod(folder.url.path, 0o755) == 0)
        #expect(try Self.python(script, path) == "PermissionError\n")
        #expect(chmod(path, 0o666) == 0)
        #expect(try ["nothing\n", "ConnectionResetError\n", "BrokenPipeError\n"].contains(Self.python(script, path)))
        try expectService()
        #expect(heard.next() == [1, 2, 3])
    }

    @Test func `what an earlier program left is replaced, and one that listens is not`() throws {
        let first = try echo().listener
        let error = #expect(throws: ChildProcessesError.self) { _ = try echo() }
        #expect(error?.description == "Another program listens at \(path).")
        first.close()
        // The file is still there.
        #expect(FileManager.default.fileExists(atPath: path))
        while LocalLine(to: path) != nil { usleep(10_000) }
        let (second, _) = try echo()
        defer { second.close() }
        try expectService()
    }

    @Test func `a name without room, and a folder that is not there, are said`() throws {
        for path in ["\(folder.url.path)/\(String(repeating: "a", count: 64))", "\(folder.url.path)/none/line.sock"] {
            #expect(LocalLine(to: path) == nil)
            #expect(throws: ChildProcessesError.self) { try LocalListener(at: path) { _ in } }
        }
    }

    private static func python(_ script: String, _ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A program at the other side that says what it likes.
private final class RawPeer {
    struct Failure: Error {
        let code: Int32
    }

    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) == 0 }
        }
        if !isConnected { throw Failure(code: errno) }
    }

    deinit {
        close(descriptor)
    }

    func send(_ bytes: [UInt8]) throws {
        let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count != bytes.count { throw Failure(code: errno) }
    }

    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Everything until the other side has gone.
    func readToEnd() -> [UInt8] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &part, part.count, 0)
            if count <= 0 { return bytes }
            bytes += part[..<count]
        }
    }
}
