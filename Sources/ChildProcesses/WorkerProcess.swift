// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CProcessControl
import Foundation

/// The same program again, as a worker that does what its supervisor was asked
/// to do: it has the supervisor's standard streams, and one pipe on which it says
/// one number when it is ready. It ends with its supervisor.
public final class WorkerProcess {
    /// How a worker ended.
    public enum End: Hashable, Sendable {
        case exit(Int32)
        case signal(Int32)
    }

    /// The system's number of the process.
    public let process: pid_t
    private let pipe: Int32

    /// Where the worker finds its pipe.
    private static let pipeDescriptor: Int32 = 3

    /// Starts a worker.
    ///
    /// - Parameter arguments: of its command line, the program's name left out.
    /// - Throws: `ChildProcessesError` when the system has no process for it.
    /// - Thread: the kernel kills the worker when the calling thread ends.
    public init(arguments: [String]) throws {
        var descriptors: [Int32] = [-1, -1]
        guard Glibc.pipe(&descriptors) == 0 else {
            throw ChildProcessesError.system("Opening a pipe to the serving process", code: errno)
        }
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        defer { close(descriptors[1]) }

        var handled = sigset_t()
        sigemptyset(&handled)
        for number in [SIGINT, SIGTERM] { sigaddset(&handled, number) }
        // In a group of its own: the supervisor passes Ctrl-C on, once.
        var plan = SpawnPlan(resetting: handled, ownGroup: true)
        plan.give(descriptors[1], as: Self.pipeDescriptor)
        do {
            // The file may have been replaced since this process began; its worker is
            // still of the same version.
            process = try plan.start(
                "/proc/self/exe", arguments: [CommandLine.arguments.first ?? "miaopu"] + arguments,
                doing: "Starting the serving process")
        } catch {
            close(descriptors[0])
            throw error
        }
        pipe = descriptors[0]
    }

    deinit {
        close(pipe)
    }

    /// Waits for the worker's number; nil when it ended without one.
    public func ready() -> Int? {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 32)
        while bytes.count < 32, !bytes.contains(UInt8(ascii: "\n")) {
            let count = read(pipe, &part, part.count)
            if count > 0 { bytes += part[..<count] }
            if count == 0 || (count < 0 && errno != EINTR) { return nil }
        }
        return Int(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }

    /// Waits for its end. Until it is reaped its number is its own.
    public func wait() {
        var info = siginfo_t()
        while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    /// Takes note of its end, after `wait`.
    public func reap() -> End {
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? .exit((status >> 8) & 0xff) : .signal(signal)
    }

    /// The worker's side, before it does anything: it ends when `supervisor` does.
    ///
    /// - Returns: false when that has ended already, and the worker should.
    public static func followSupervisor() -> Bool {
        _ = fcntl(pipeDescriptor, F_SETFD, FD_CLOEXEC)
        return miaopu_die_with_parent() == 0 && getppid() != 1
    }

    /// The worker's side: says that it is ready.
    public static func tellReady(_ number: Int) {
        let line = Array("\(number)\n".utf8)
        _ = line.withUnsafeBytes { write(pipeDescriptor, $0.baseAddress, $0.count) }
        close(pipeDescriptor)
    }
}
