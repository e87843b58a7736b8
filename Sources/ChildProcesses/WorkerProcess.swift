// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CProcessControl
import Foundation

/// The same program again, as a worker that does what its supervisor was asked
/// to do: it has the supervisor's standard streams, a socket of its, and a pipe on
/// which it says when it is ready. It ends with its supervisor.
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
    /// Where the worker finds the socket that it was given. Programs that it starts
    /// do not inherit it.
    public static let socketDescriptor: Int32 = 4

    /// Starts a worker.
    ///
    /// - Parameters:
    ///   - arguments: of its command line, the program's name left out.
    ///   - socket: a descriptor of which the worker gets a copy.
    /// - Throws: `ChildProcessesError` when the system has no process for it.
    /// - Thread: the kernel kills the worker when the calling thread ends.
    public init(arguments: [String], socket: Int32) throws {
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
        plan.give(socket, as: Self.socketDescriptor)
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

    /// Waits until the worker is ready; false when it ended before.
    public func ready() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = read(pipe, &byte, 1)
            if count >= 0 || errno != EINTR { return count == 1 }
        }
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
        for descriptor in [pipeDescriptor, socketDescriptor] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return miaopu_die_with_parent() == 0 && getppid() != 1
    }

    /// The worker's side: says that it is ready.
    public static func tellReady() {
        var byte: UInt8 = 1
        _ = write(pipeDescriptor, &byte, 1)
        close(pipeDescriptor)
    }
}
