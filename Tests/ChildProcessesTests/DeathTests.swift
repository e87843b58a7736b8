// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Testing

@testable import ChildProcesses

@Suite("A child dies, and the parent says why")
struct DeathTests {
    fileprivate struct Refusal: Error {}

    @Test("A crash is named by its signal", .enabled(if: executable != nil))
    func crash() throws {
        let exit = try probe(.crash)
        #expect(exit.cause == .signal(SIGSEGV))
        #expect(exit.sentence == "The process that did the work crashed (memory access fault, SIGSEGV).")
    }

    @Test("An error that a job throws arrives as its sentence", .enabled(if: executable != nil))
    func failure() throws {
        let exit = try probe(.fail("The third ring of record 7 is open."))
        #expect(exit.ending == .failed("The third ring of record 7 is open."))
        #expect(exit.sentence == "The third ring of record 7 is open.")
    }

    @Test("Leaving without a word is told by the exit code", .enabled(if: executable != nil))
    func silence() throws {
        #expect(try probe(.exit(0)).cause == .exit(0))
        #expect(try probe(.exit(9)).cause == .exit(9))
    }

    @Test("A job that the program does not have", .enabled(if: executable != nil))
    func unknownJob() throws {
        let exit = try ChildProcess.run(
            job: "no-such-job", request: [], executable: executable, onFrame: { _ in })
        #expect(exit.cause == .exit(2))
        #expect(exit.diagnostics == "This program has no job “no-such-job”.")
    }

    @Test("A program that is not there is an error, and leaves nothing behind")
    func noProgram() async {
        await #expect(processExitsWith: .success) {
            let leftovers = try Leftovers.of(turns: 20) {
                #expect(throws: ChildProcessesError.self) {
                    try ChildProcess.run(job: "probe", request: [], executable: "/nowhere/miaopu", onFrame: { _ in })
                }
            }
            #expect(leftovers == .none)
        }
    }

    @Test(
        "What is not a frame ends the child",
        arguments: [
            // A length of four gigabytes, an unknown kind, a confinement too short.
            #"printf '\377\377\377\377\001' >&3; sleep 60"#,
            #"printf '\000\000\000\000\377' >&3; sleep 60"#,
            #"printf '\001\000\000\000\363\001' >&3; sleep 60"#,
        ])
    func garbage(text: String) throws {
        #expect(try script(text).cause == .garbledFrame)
    }

    @Test("A frame that is cut off in the middle is never handed over")
    func cutFrame() throws {
        var frames = 0
        let exit = try script(#"printf '\012\000\000\000\001abc' >&3"#) { _ in frames += 1 }
        #expect(exit.cause == .exit(0))
        #expect(frames == 0)
    }

    @Test("A child that closes its socket and stays is ended by the clock")
    func closedSocket() throws {
        let exit = try script("exec 3>&- 3<&-; sleep 60", limits: ChildLimits(wallSeconds: 1))
        #expect(exit.cause == .wallClock)
    }

    @Test("A child that ends while its own child still holds the socket is reaped all the same")
    func grandchild() throws {
        let exit = try script("printf '\\000\\000\\000\\000\\360' >&3; sleep 20 & exit 4")
        #expect(exit.ending == .finished)
        #expect(try script("sleep 20 & exit 4").cause == .exit(4))
    }

    @Test("Endless words on standard error are bounded", .enabled(if: executable != nil))
    func complaints() throws {
        let exit = try probe(.complain(bytes: 20 << 20))
        #expect(exit.ending == .finished)
        #expect(exit.diagnostics.utf8.count <= 4096)
        #expect(exit.diagnostics.hasSuffix("again and again."))
    }

    @Test("An error of the caller kills the child and comes out", .enabled(if: executable != nil))
    func callerThrows() async {
        await #expect(processExitsWith: .success) {
            let leftovers = try Leftovers.of(turns: 5) {
                var frames = 0
                #expect(throws: Refusal.self) {
                    _ = try probe(.frames(count: nil, bytes: 65_536)) { _ in
                        frames += 1
                        if frames == 3 { throw Refusal() }
                    }
                }
                #expect(frames == 3)
            }
            #expect(leftovers == .none)
        }
    }

    @Test("Cancelling kills a child that sends without end", .enabled(if: executable != nil))
    func cancelled() throws {
        var frames = 0
        let exit = try probe(.frames(count: nil, bytes: 65_536), isCancelled: { frames > 10 }) { _ in frames += 1 }
        #expect(exit.cause == .cancelled)
    }

    @Test("Frames arrive whole, once, and in order", .enabled(if: executable != nil), arguments: [8, 65_536, 3 << 20])
    func order(bytes: Int) throws {
        var next: UInt64 = 0
        let exit = try probe(.frames(count: 200, bytes: bytes)) { frame in
            #expect(frame.payload.count == bytes)
            #expect(frame.payload.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } == next)
            next += 1
        }
        #expect(exit.ending == .finished)
        #expect(next == 200)
        #expect(exit.usage.frames == 200 && exit.usage.payloadBytes == 200 * bytes)
    }

    @Test("A caller that is slow costs the child nothing of its time", .enabled(if: executable != nil))
    func slowCaller() throws {
        let exit = try probe(.frames(count: 4, bytes: 1 << 20), limits: ChildLimits(wallSeconds: 1)) { _ in
            usleep(400_000)
        }
        #expect(exit.ending == .finished)
    }

    @Test("A child dies with the thread that started it", .enabled(if: executable != nil))
    func orphan() async throws {
        let program = try #require(executable)
        let started: SpawnedChild = try await withCheckedThrowingContinuation { continuation in
            Thread {
                do {
                    let child = try SpawnedChild.start(job: ProbeJob.name, executable: program)
                    let charter = try JSONEncoder().encode(
                        Charter(limits: .default, scratch: FileManager.default.temporaryDirectory.path))
                    let request = try JSONEncoder().encode(ProbeJob.Request.sleep)
                    try Array(charter).withUnsafeBytes {
                        try Socket.send(kind: FrameHeader.charter, $0, to: child.socket)
                    }
                    try Array(request).withUnsafeBytes {
                        try Socket.send(kind: FrameHeader.request, $0, to: child.socket)
                    }
                    // Its answer comes after it has tied itself to this thread.
                    _ = Socket.receive(from: child.socket, ceiling: 100)
                    continuation.resume(returning: child)
                } catch {
                    continuation.resume(throwing: error)
                }
            }.start()
        }
        let end = started.reap()
        #expect(end.map { $0.status & 0x7F } == SIGKILL)
        close(started.socket)
        close(started.diagnostics)
    }

    @Test("Many children one after the other leave nothing behind", .enabled(if: executable != nil))
    func descriptors() async {
        await #expect(processExitsWith: .success) {
            let leftovers = try Leftovers.of(turns: 20) { _ = try probe(.crash) }
            #expect(leftovers == .none)
        }
    }
}
