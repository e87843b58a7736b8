// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses
import Foundation

/// The program whose children the tests are: `MIAOPU_EXECUTABLE`, or the
/// `miaopu` that was built beside the tests.
let executable: String? = {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["MIAOPU_EXECUTABLE"] { return path }
    let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let path = folder.appendingPathComponent("miaopu").path
    if FileManager.default.isExecutableFile(atPath: path) { return path }
    print("No program to run children of: build miaopu, or name one in MIAOPU_EXECUTABLE. The test is skipped.")
    return nil
}()

func probe(
    _ request: ProbeJob.Request, limits: ChildLimits = ChildLimits(wallSeconds: 60),
    isCancelled: () -> Bool = { false }, onFrame: (ChildFrame) throws -> Void
) throws -> ChildExit {
    try ChildProcess.run(
        job: ProbeJob.name, request: Array(JSONEncoder().encode(request)), limits: limits, executable: executable,
        isCancelled: isCancelled, onFrame: onFrame)
}

func probe(_ request: ProbeJob.Request, limits: ChildLimits = ChildLimits(wallSeconds: 60)) throws -> ChildExit {
    try probe(request, limits: limits, onFrame: { _ in })
}

/// Runs a shell script in the place of a child; its socket is descriptor 3.
func script(
    _ text: String, limits: ChildLimits = ChildLimits(wallSeconds: 60), onFrame: (ChildFrame) throws -> Void = { _ in }
) throws -> ChildExit {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("child-\(UUID().uuidString).sh")
    try Data("#!/bin/sh\n\(text)\n".utf8).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path.path)
    // While another test starts a child, that child has the script open for
    // writing for a moment, and nobody may run it.
    for _ in 0..<50 {
        do {
            return try ChildProcess.run(
                job: "script", request: [], limits: limits, executable: path.path, onFrame: onFrame)
        } catch let error as ChildProcessesError where error.description.contains(String(cString: strerror(ETXTBSY))) {
            usleep(20_000)
        }
    }
    return try ChildProcess.run(job: "script", request: [], limits: limits, executable: path.path, onFrame: onFrame)
}

/// What doing something leaves behind in this process. Only in a process of its
/// own is the count exact: elsewhere other tests come and go meanwhile.
struct Leftovers: Equatable {
    var descriptors = 0
    var deadChildren = 0

    static let none = Leftovers()

    static func of(turns: Int, _ body: () throws -> Void) throws -> Leftovers {
        // The first turn opens what stays open by intention.
        try body()
        let before = openDescriptors()
        for _ in 0..<turns { try body() }
        return Leftovers(descriptors: openDescriptors() - before, deadChildren: reapedHere())
    }

    private static func openDescriptors() -> Int {
        (0..<4096).count { fcntl(Int32($0), F_GETFD) != -1 }
    }

    /// Reaps the children that nobody has reaped, and counts them.
    private static func reapedHere() -> Int {
        var status: Int32 = 0
        var count = 0
        while waitpid(-1, &status, WNOHANG) > 0 { count += 1 }
        return count
    }
}

extension ChildExit {
    var cause: ChildDeath.Cause? {
        if case .killed(let death) = ending { death.cause } else { nil }
    }
}
