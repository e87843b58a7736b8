// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CProcessControl
import Foundation
import Testing

@testable import ChildProcesses

@Suite("Memory that crosses with a frame")
struct SealedMemoryTests {
    /// Two ends of a socket, closed with this object.
    private final class Ends {
        let near: Int32
        let far: Int32

        init() throws {
            (near, far) = try Socket.pair()
        }

        deinit {
            close(near)
            close(far)
        }
    }

    private let ends: Ends
    private static let kind = ChildFrame.memoryKinds.lowerBound

    init() throws {
        ends = try Ends()
    }

    private func sealed(_ bytes: [UInt8]) throws -> SealedMemory {
        try bytes.withUnsafeBytes { try SealedMemory($0) }
    }

    /// Sends bytes as they are, with descriptors beside them.
    private func send(_ bytes: [UInt8], _ descriptors: [Int32]) throws {
        let control = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 + descriptors.count * 4 + 8, alignment: 16)
        control.initializeMemory(as: UInt8.self, repeating: 0)
        defer { control.deallocate() }
        let length = 16 + descriptors.count * 4
        control.storeBytes(of: length, as: Int.self)
        control.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
        control.storeBytes(of: Int32(SCM_RIGHTS), toByteOffset: 12, as: Int32.self)
        for (index, number) in descriptors.enumerated() {
            control.storeBytes(of: number, toByteOffset: 16 + index * 4, as: Int32.self)
        }
        var copy = bytes
        let sent = copy.withUnsafeMutableBytes { bytes in
            var vector = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
            return withUnsafeMutablePointer(to: &vector) { vector in
                var message = msghdr()
                message.msg_iov = vector
                message.msg_iovlen = 1
                message.msg_control = control.baseAddress
                message.msg_controllen = (length + 7) & ~7
                return sendmsg(ends.far, &message, 0)
            }
        }
        try #require(sent == bytes.count)
    }

    /// What both ways of reading make of what was sent; they have to agree.
    private func received(ceiling: Int = 1 << 20, _ send: () throws -> Void) throws -> ChildFrame? {
        try send()
        var assembler = FrameAssembler(socket: ends.near, ceiling: ceiling)
        defer { assembler.close() }
        var first: ChildFrame?
        if case .frame(let frame) = assembler.next() { first = frame }
        try send()
        let second = Socket.receive(from: ends.near, ceiling: ceiling)
        #expect((first == nil) == (second == nil))
        #expect(first?.payload == second?.payload)
        #expect(first?.memory?.count == second?.memory?.count)
        return first
    }

    @Test("It arrives with every byte, and outlives its sender", arguments: [0, 1, 4096, 300_001])
    func crossing(count: Int) throws {
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let frame = try received {
            let memory = try sealed(content)
            try [1, 2, 3].withUnsafeBytes { try Socket.send(kind: Self.kind, $0, memory: memory, to: ends.far) }
        }
        let memory = try #require(frame?.memory)
        #expect(frame?.kind == Self.kind)
        #expect([UInt8](try memory.mapped()) == content)
    }

    @Test("The bytes stay when the object has gone")
    func mapping() throws {
        let content = [UInt8](repeating: 9, count: 10_000)
        let bytes = try sealed(content).mapped()
        #expect([UInt8](bytes) == content)
    }

    @Test("Nobody can change it")
    func sealing() throws {
        let memory = try sealed([1, 2, 3])
        #expect(pwrite(memory.descriptor, "x", 1, 0) == -1)
        #expect(ftruncate(memory.descriptor, 1) == -1)
        #expect(ftruncate(memory.descriptor, 100) == -1)
        #expect([UInt8](try memory.mapped()) == [1, 2, 3])
    }

    @Test("A frame that promises memory and has none is none")
    func promise() throws {
        #expect(try received { try send([0, 0, 0, 0, Self.kind], []) } == nil)
    }

    @Test("What is not sealed is refused: its sender could cut it off")
    func unsealed() throws {
        let open = miaopu_make_memory()
        defer { close(open) }
        try #require(write(open, "text", 4) == 4)
        #expect(try received { try send([0, 0, 0, 0, Self.kind], [open]) } == nil)
        // The same memory with its seals is taken.
        try #require(miaopu_seal(open) == 0)
        #expect(try received { try send([0, 0, 0, 0, Self.kind], [open]) }?.memory?.count == 4)
    }

    @Test("A file, a folder or a socket in the place of memory is refused")
    func otherDescriptors() throws {
        for path in ["/proc/self/exe", "/tmp", "/dev/zero"] {
            let descriptor = open(path, O_RDONLY)
            defer { close(descriptor) }
            #expect(try received { try send([0, 0, 0, 0, Self.kind], [descriptor]) } == nil, "\(path)")
        }
        #expect(try received { try send([0, 0, 0, 0, Self.kind], [ends.far]) } == nil)
    }

    @Test("More bytes than the ceiling are refused")
    func ceiling() throws {
        let memory = try sealed([UInt8](repeating: 1, count: 1001))
        #expect(try received(ceiling: 1000) { try send([0, 0, 0, 0, Self.kind], [memory.descriptor]) } == nil)
        #expect(try received(ceiling: 1001) { try send([0, 0, 0, 0, Self.kind], [memory.descriptor]) } != nil)
    }

    @Test("Two pieces of memory are one too many")
    func two() throws {
        let memory = try sealed([1])
        let both = [memory.descriptor, memory.descriptor]
        #expect(try received { try send([0, 0, 0, 0, Self.kind], both) } == nil)
    }

    @Test("A descriptor that nobody asked for is closed")
    func unasked() throws {
        var pipes: [Int32] = [-1, -1]
        try #require(pipe(&pipes) == 0)
        defer { close(pipes[0]) }
        let frame = try received { try send([2, 0, 0, 0, 1, 5, 6], [pipes[1], pipes[1]]) }
        #expect(frame?.payload == [5, 6])
        #expect(frame?.memory == nil)
        close(pipes[1])
        // The end of the pipe is reached when nobody holds its other side.
        var polled = [pollfd(fd: pipes[0], events: Int16(POLLIN), revents: 0)]
        #expect(poll(&polled, 1, 60_000) == 1)
        #expect(polled[0].revents & Int16(POLLHUP) != 0)
    }

    @Test("Kinds and memory that do not go together are not sent")
    func wrongUse() throws {
        let memory = try sealed([1])
        #expect(ChildFrame.refusal(kind: 1, payloadCount: 0, memory: memory, ceiling: 10) != nil)
        #expect(ChildFrame.refusal(kind: Self.kind, payloadCount: 0, memory: nil, ceiling: 10) != nil)
        #expect(ChildFrame.refusal(kind: 240, payloadCount: 0, memory: nil, ceiling: 10) != nil)
        #expect(ChildFrame.refusal(kind: Self.kind, payloadCount: 0, memory: memory, ceiling: 0) != nil)
        #expect(ChildFrame.refusal(kind: Self.kind, payloadCount: 0, memory: memory, ceiling: 1) == nil)
    }
}
