// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CProcessControl
import Foundation

/// Tries out, on this machine, whether children are held to their ceilings.
///
/// `doctor` asks it what a child can reach, and the tests make it break every
/// ceiling there is.
public enum ProbeJob: ChildJob {
    public static let name = "probe"

    /// What the child is to try; JSON.
    public enum Request: Codable, Hashable, Sendable {
        /// Say what is possible: one frame, a `Findings` as JSON.
        case look
        /// Compute without end.
        case spin
        /// Sleep without end.
        case sleep
        /// Use more and more memory.
        case allocate
        /// Write a file without end.
        case write
        /// Touch memory that is not there.
        case crash
        /// Leave with an exit code, without a word.
        case exit(Int32)
        /// Throw an error with this description.
        case fail(String)
        /// Send so many frames of so many bytes, numbered by their first bytes;
        /// nil for no end.
        case frames(count: Int?, bytes: Int)
        /// Write so many bytes to standard error.
        case complain(bytes: Int)
    }

    /// What a child found that it can do.
    public struct Findings: Codable, Hashable, Sendable {
        public var opensSockets: Bool
        public var runsPrograms: Bool
        public var signalsOthers: Bool
        /// The names in its environment.
        public var environment: [String]
        /// Its open descriptors.
        public var descriptors: [Int32]
        public var workingDirectory: String
        /// What lies in the working directory.
        public var contents: [String]
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    public static func run(request: [UInt8], channel: ChildChannel) throws {
        switch try JSONDecoder().decode(Request.self, from: Data(request)) {
        case .look: try channel.send(kind: 1, payload: Array(JSONEncoder().encode(try look())))
        case .spin: spin()
        case .sleep: while true { pause() }
        case .allocate: allocate()
        case .write: try write()
        case .crash: raise(SIGSEGV)
        case .exit(let code): _exit(code)
        case .fail(let sentence): throw Failure(description: sentence)
        case .frames(let count, let bytes): try send(count: count ?? .max, bytes: bytes, to: channel)
        case .complain(let bytes): complain(bytes)
        }
    }

    private static func look() throws -> Findings {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if socket >= 0 { close(socket) }
        var process: pid_t = 0
        let folder = FileManager.default.currentDirectoryPath
        return Findings(
            opensSockets: socket >= 0,
            runsPrograms: posix_spawn(&process, "/bin/true", nil, nil, [nil], [nil]) == 0,
            signalsOthers: kill(getppid(), 0) == 0,
            environment: ProcessInfo.processInfo.environment.keys.sorted(),
            descriptors: (0..<256).filter { fcntl($0, F_GETFD) != -1 },
            workingDirectory: folder,
            contents: try FileManager.default.contentsOfDirectory(atPath: folder).sorted())
    }

    private static func spin() {
        var number: UInt64 = 1
        while number != 0 { number = number &* 6_364_136_223_846_793_005 | 1 }
    }

    private static func allocate() {
        var parts: [[UInt8]] = []
        while true { parts.append([UInt8](repeating: UInt8(truncatingIfNeeded: parts.count), count: 16 << 20)) }
    }

    private static func write() throws {
        let part = Data(count: 1 << 20)
        try Data().write(to: URL(fileURLWithPath: "endless"))
        guard let file = FileHandle(forWritingAtPath: "endless") else { return }
        while true { try file.write(contentsOf: part) }
    }

    private static func send(count: Int, bytes: Int, to channel: ChildChannel) throws {
        var payload = [UInt8](repeating: 7, count: max(8, bytes))
        for number in 0..<count {
            payload.withUnsafeMutableBytes { $0.storeBytes(of: UInt64(number).littleEndian, as: UInt64.self) }
            try channel.send(kind: 1, payload: payload)
        }
    }

    private static func complain(_ bytes: Int) {
        let line = Data("The same complaint again and again. \n".utf8)
        for _ in 0..<(bytes / line.count) { FileHandle.standardError.write(line) }
    }
}
