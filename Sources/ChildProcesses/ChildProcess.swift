// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The parent's side: starts a child of this program and listens to it.
public enum ChildProcess {
    /// Runs a job in a child and hands over its frames in order, one at a time.
    ///
    /// The child stops when `onFrame` is slow: frames wait on the socket, not in
    /// memory. Whatever happens, the child is dead and reaped, its descriptors
    /// are closed and its folder is removed when this returns or throws.
    ///
    /// - Parameters:
    ///   - executable: a program that calls `ChildMain.runIfRequested`; nil for
    ///     the one that is running, even when its file was replaced.
    ///   - temporaryDirectory: where the child's private folder is made; nil for
    ///     the system's.
    ///   - isCancelled: asked some ten times a second; true kills the child.
    ///   - onFrame: when it throws, the child is killed and the error comes out.
    /// - Throws: `ChildProcessesError` when the child cannot be started, and what
    ///   `onFrame` throws. A child that fails or dies is not an error: see
    ///   `ChildExit`.
    /// - Thread: blocks until the child has ended. Call it from a thread of your
    ///   own, never from an event loop or a concurrency pool; the kernel kills the
    ///   child should that thread end before.
    public static func run(
        job: String, request: [UInt8], limits: ChildLimits = .default, executable: String? = nil,
        temporaryDirectory: URL? = nil, isCancelled: () -> Bool = { false }, onFrame: (ChildFrame) throws -> Void
    ) throws -> ChildExit {
        try run(
            job: job, request: request, limits: limits, executable: executable,
            temporaryDirectory: temporaryDirectory, debugger: nil, lifetime: { _ in },
            isCancelled: isCancelled, onFrame: onFrame)
    }

    /// As the public one; `lifetime` gets the child when it has started, and nil
    /// before its socket is closed.
    static func run(
        job: String, request: [UInt8], limits: ChildLimits, executable: String?, temporaryDirectory: URL?,
        debugger: Debugger?, lifetime: (SpawnedChild?) -> Void, isCancelled: () -> Bool,
        onFrame: (ChildFrame) throws -> Void
    ) throws -> ChildExit {
        guard request.count <= limits.frameBytes else {
            throw ChildProcessesError(
                .wrongUse,
                "A request of \(request.count) bytes cannot be sent: \(limits.frameBytes) bytes is the most allowed.")
        }
        let scratch = try makeScratch(in: temporaryDirectory ?? FileManager.default.temporaryDirectory)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let crashReport = CrashReportFile(in: scratch)
        let charter = try JSONEncoder().encode(Charter(limits: limits, scratch: scratch.path))
        let child = try SpawnedChild.start(job: job, executable: executable ?? "/proc/self/exe", debugger: debugger)
        var listener = ChildListener(child: child, limits: limits)
        defer { listener.close() }
        listener.tell(charter: Array(charter), request: request)
        lifetime(child)
        defer { lifetime(nil) }
        try listener.listen(isCancelled: isCancelled, onFrame: onFrame)
        return listener.exit(crash: crashReport?.report())
    }

    private static func makeScratch(in folder: URL) throws -> URL {
        var template = Array("\(folder.path)/miaopu-child-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ChildProcessesError.system("Making a folder for a child process in “\(folder.path)”", code: errno)
        }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        return URL(fileURLWithPath: path, isDirectory: true)
    }
}
