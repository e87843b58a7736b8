// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// What a process stored while it crashed: where each caller stood, by module
/// and offset. Names are for those who have time: `ELFSymbols` finds them.
public struct CrashReport: Hashable, Sendable {
    /// One caller.
    public struct Frame: Hashable, Sendable, Codable {
        /// Where in memory, in that process.
        public var address: UInt64
        /// The module's path as the loader knew it; empty for the program itself
        /// and for what lies in no module.
        public var module: String
        /// From where the module lay; that of a caller is one past its call. 0:
        /// in no module.
        public var offset: UInt64
    }

    /// The number of the signal.
    public var signal: Int32
    /// Which memory was touched, when that is what went wrong.
    public var faultAddress: UInt64
    /// Address space that the process had, in bytes; 0: not known.
    public var addressSpaceBytes: Int
    /// The system's number of the thread that faulted.
    public var thread: Int32
    /// Whether descriptors had been closed that nobody had a right to.
    public var hasLostDescriptor: Bool
    /// The innermost first; those further out than some 64 are missing.
    public var frames: [Frame]

    /// The name of the signal: SIGSEGV.
    public var signalName: String { Self.name(of: signal) }

    /// The name of a signal, or its number.
    public static func name(of signal: Int32) -> String {
        switch signal {
        case SIGSEGV: "SIGSEGV"
        case SIGBUS: "SIGBUS"
        case SIGILL: "SIGILL"
        case SIGTRAP: "SIGTRAP"
        case SIGABRT: "SIGABRT"
        case SIGFPE: "SIGFPE"
        case SIGKILL: "SIGKILL"
        case SIGTERM: "SIGTERM"
        default: "signal \(signal)"
        }
    }

    /// The signals of a process that did something wrong itself. Any other came
    /// from outside and says nothing about the code that ran.
    public static let faults: Set<Int32> = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE]
}
