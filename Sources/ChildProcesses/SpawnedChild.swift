// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A child that has been started and not yet been reaped.
struct SpawnedChild {
    let process: pid_t
    /// Frames both ways.
    let socket: Int32
    /// What the child writes to standard output and error.
    let diagnostics: Int32

    /// Starts this program, or another, as a child that will run `job`.
    ///
    /// The child is the head of its own process group, so that Ctrl-C in a
    /// terminal reaches the parent alone, which then decides.
    ///
    /// - Parameter debugger: what it runs under; it shares this program's standard
    ///   streams and process group then.
    static func start(job: String, executable: String, debugger: Debugger? = nil) throws -> SpawnedChild {
        let (socket, childSocket) = try Socket.pair()
        defer { close(childSocket) }
        let diagnostics: Int32
        let childDiagnostics: Int32
        do {
            (diagnostics, childDiagnostics) = try Socket.pair()
        } catch {
            close(socket)
            throw error
        }
        defer { close(childDiagnostics) }

        var all = sigset_t()
        sigfillset(&all)
        var plan = SpawnPlan(resetting: all, ownGroup: debugger == nil)
        plan.give(childSocket, as: Confinement.socketDescriptor)
        if debugger == nil {
            plan.give(childDiagnostics, as: 1)
            plan.give(childDiagnostics, as: 2)
            plan.open("/dev/null", as: 0)
        }
        let words = [executable, ChildMain.marker, job]
        let process: pid_t
        do {
            process = try plan.start(
                debugger?.program ?? executable,
                arguments: debugger?.arguments(executable, Array(words.dropFirst())) ?? words,
                environment: environment(), doing: "Starting a child process of “\(executable)”")
        } catch {
            close(socket)
            close(diagnostics)
            throw error
        }
        return SpawnedChild(process: process, socket: socket, diagnostics: diagnostics)
    }

    /// Nothing of the parent's environment that could be a secret.
    private static func environment() -> [String] {
        let ours = ProcessInfo.processInfo.environment
        let kept = ["PATH", "LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA", "GCONV_PATH", "TZ"]
        return kept.compactMap { name in ours[name].map { "\(name)=\($0)" } }
            // One arena: the address space is under a ceiling.
            + ["LANG=C.UTF-8", "MALLOC_ARENA_MAX=2", "SWIFT_BACKTRACE=enable=no", "PROJ_NETWORK=OFF"]
    }

    /// Waits for the end of the process, and ends whatever it started itself.
    ///
    /// - Returns: the status of `wait4`, and what was used; nil when `isPatient`
    ///   is false and the process still lives.
    func reap(isPatient: Bool = true) -> (status: Int32, usage: rusage)? {
        var info = siginfo_t()
        var isGone = false
        while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT | (isPatient ? 0 : WNOHANG)) != 0 {
            // A parent that ignores SIGCHLD is told nothing but that.
            isGone = errno == ECHILD
            if errno != EINTR { break }
        }
        if !isPatient && !isGone && info.si_signo == 0 { return nil }
        // While the process is not reaped, nobody else has its group's number.
        _ = Glibc.kill(-process, SIGKILL)
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) == -1, errno == EINTR {}
        return (status, usage)
    }

    func kill() {
        // The group, in case the child had children.
        _ = Glibc.kill(-process, SIGKILL)
        _ = Glibc.kill(process, SIGKILL)
    }
}
