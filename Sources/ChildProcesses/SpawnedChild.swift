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

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Both of ours may have a number below 4: the socket is put in place
        // by way of a number that neither has.
        let parking = max(childSocket, childDiagnostics, Confinement.socketDescriptor) + 1
        posix_spawn_file_actions_adddup2(&actions, childSocket, parking)
        if debugger == nil {
            posix_spawn_file_actions_adddup2(&actions, childDiagnostics, 2)
            posix_spawn_file_actions_adddup2(&actions, 2, 1)
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, parking, Confinement.socketDescriptor)
        posix_spawn_file_actions_addclose(&actions, parking)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let group = debugger == nil ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))

        var process: pid_t = 0
        let program = debugger?.program ?? executable
        let words =
            debugger?.arguments(executable, [ChildMain.marker, job]) ?? [executable, ChildMain.marker, job]
        let code = withCStrings(words) { arguments in
            withCStrings(environment()) { variables in
                posix_spawn(&process, program, &actions, &attributes, arguments, variables)
            }
        }
        guard code == 0 else {
            close(socket)
            close(diagnostics)
            throw ChildProcessesError.system("Starting a child process of “\(executable)”", code: code)
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

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
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
