// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Synchronization

/// The built `miaopu`, run as a person runs it.
enum Program {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
        /// The signal that ended the process, if one did.
        var signal: Int32?
    }

    /// `MIAOPU_EXECUTABLE`, else the `miaopu` that was built beside the tests.
    static let executable: URL = {
        if let path = ProcessInfo.processInfo.environment["MIAOPU_EXECUTABLE"] { return URL(fileURLWithPath: path) }
        let tests =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("miaopu")
    }()

    /// The folder of the package.
    static let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Data that lie beside the package and are no part of it; nil where they do not.
    static let sharedData: URL? = {
        let environment = ProcessInfo.processInfo.environment["MIAOPU_SHARED"].map { URL(fileURLWithPath: $0) }
        let url = (environment ?? package.deletingLastPathComponent().appendingPathComponent("shared"))
            .appendingPathComponent("data")
        let isThere = FileManager.default.fileExists(atPath: url.path)
        if !isThere { print("skipped: there is no ../shared/data beside the package") }
        return isThere ? url : nil
    }()

    /// Whether the slow cases run in full.
    static let isLong = ProcessInfo.processInfo.environment["MIAOPU_LONG"] == "1"

    static func start(
        _ arguments: [String], environment: [String: String] = [:], output: Pipe, errors: Pipe,
        executable: URL = executable
    ) throws -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        return process
    }

    /// Runs to the end.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], executable: URL = executable
    ) throws -> Result {
        let output = Pipe()
        let errors = Pipe()
        let process = try start(
            arguments, environment: environment, output: output, errors: errors, executable: executable)
        // Read beside each other, so that neither pipe fills up and blocks.
        let errorBytes = Mutex(Data())
        let done = DispatchSemaphore(value: 0)
        let handle = errors.fileHandleForReading
        Thread.detachNewThread {
            let bytes = handle.readDataToEndOfFile()
            errorBytes.withLock { $0 = bytes }
            done.signal()
        }
        let outputBytes = output.fileHandleForReading.readDataToEndOfFile()
        done.wait()
        process.waitUntilExit()
        let wasSignalled = process.terminationReason == .uncaughtSignal
        return Result(
            status: wasSignalled ? -1 : process.terminationStatus, output: String(decoding: outputBytes, as: UTF8.self),
            errors: String(decoding: errorBytes.withLock { $0 }, as: UTF8.self),
            signal: wasSignalled ? process.terminationStatus : nil)
    }

    /// Runs a program of the system; nil when it is not installed.
    static func tool(_ name: String, _ arguments: [String]) throws -> Result? {
        let result = try run([name] + arguments, executable: URL(fileURLWithPath: "/usr/bin/env"))
        return result.status == 127 ? nil : result
    }
}
