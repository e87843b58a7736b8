// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CProcessControl
import Foundation

/// The child's side of `main`.
public enum ChildMain {
    /// The first argument of a process that is a child. Not for people, and not
    /// in any help text.
    static let marker = "__child"

    /// Runs the job that the command line names, and never returns, when this
    /// process is a child; does nothing otherwise.
    ///
    /// Call it first in `main`, before anything starts a thread, opens a file or
    /// reads its arguments.
    public static func runIfRequested(_ jobs: [any ChildJob.Type]) {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, arguments[1] == marker else { return }
        guard let job = jobs.first(where: { $0.name == arguments[2] }) else {
            die("This program has no job “\(arguments[2])”.")
        }
        run(job)
    }

    private static func run(_ job: any ChildJob.Type) -> Never {
        let socket = Confinement.socketDescriptor
        guard miaopu_die_with_parent() == 0, fcntl(socket, F_GETFD) != -1 else {
            die("“\(marker)” is for this program's own use.")
        }
        _ = miaopu_close_from(UInt32(socket) + 1)
        guard let first = Socket.receive(from: socket, ceiling: 1 << 20), first.kind == FrameHeader.charter,
            let charter = try? JSONDecoder().decode(Charter.self, from: Data(first.payload)),
            chdir(charter.scratch) == 0
        else { die("The parent process did not say what to do.") }

        CrashReportFile.takeUp()
        do {
            let isolation = try Confinement.begin(charter.limits, mayExecute: job.becomesProgram)
            try confirm(isolation, to: socket)
            guard let request = Socket.receive(from: socket, ceiling: charter.limits.frameBytes),
                request.kind == FrameHeader.request
            else { die("The parent process has gone.") }
            let channel = ChildChannel(
                descriptor: socket, limits: charter.limits, scratch: URL(fileURLWithPath: charter.scratch))
            try job.run(request: request.payload, channel: channel)
            try Socket.send(kind: FrameHeader.finished, UnsafeRawBufferPointer(start: nil, count: 0), to: socket)
        } catch {
            let sentence = Array(String(describing: error).utf8.prefix(16_384))
            let isTold: Void? = try? sentence.withUnsafeBytes {
                try Socket.send(kind: FrameHeader.failed, $0, to: socket)
            }
            if isTold == nil { _exit(3) }
        }
        // Not exit(): the destructors of libraries have nothing to add, and one
        // that faults would spoil finished work.
        _exit(0)
    }

    /// Two bytes of flags, and how much more address space than resident memory
    /// this program has to begin with.
    private static func confirm(_ isolation: ChildIsolation, to socket: Int32) throws {
        let (size, resident) = MemoryUse.read(process: "self") ?? (0, 0)
        var payload: [UInt8] = [isolation.filtersSystemCalls ? 1 : 0, isolation.hasOwnNetwork ? 1 : 0]
        withUnsafeBytes(of: UInt64(max(0, size - resident)).littleEndian) { payload.append(contentsOf: $0) }
        try payload.withUnsafeBytes { try Socket.send(kind: FrameHeader.confinement, $0, to: socket) }
    }

    private static func die(_ sentence: String) -> Never {
        // The status tells also whom no sentence reaches.
        try? FileHandle.standardError.write(contentsOf: Data("\(sentence)\n".utf8))
        _exit(2)
    }
}
