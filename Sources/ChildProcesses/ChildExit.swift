// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// How a child ended, and what it used.
public struct ChildExit: Hashable, Sendable {
    public enum Ending: Hashable, Sendable {
        /// The job returned.
        case finished
        /// The job threw; the sentence is the description of its error.
        case failed(String)
        /// The child was killed, or died of itself.
        case killed(ChildDeath)
    }

    public var ending: Ending
    public var usage: ChildUsage
    /// How the child had confined itself before it began.
    public var isolation: ChildIsolation
    /// The end of what the child wrote to standard output and error, at most
    /// 4,096 bytes.
    public var diagnostics: String
    /// Where it stood when it crashed; nil when it did not, or could not say.
    public var crash: CrashReport?

    /// Why the job is not done, in one sentence; nil when it is.
    public var sentence: String? {
        switch ending {
        case .finished: nil
        case .failed(let sentence): sentence
        case .killed(let death): death.description
        }
    }
}

/// Why a child is dead that had not finished.
public struct ChildDeath: Hashable, Sendable, CustomStringConvertible {
    public enum Cause: Hashable, Sendable {
        /// A ceiling of `ChildLimits`.
        case cpu, memory, wallClock, fileSize
        /// The caller's `isCancelled` said so.
        case cancelled
        /// A signal that no ceiling explains: most often a fault in a library.
        case signal(Int32)
        /// It ended without a word, with this exit code.
        case exit(Int32)
        /// It sent what is not a frame, or one larger than allowed.
        case garbledFrame
    }

    public var cause: Cause
    /// What happened, without a subject: “used more than 300 s of processor
    /// time, the most allowed”.
    public var clause: String

    public var description: String { "The process that did the work \(clause)." }

    init(_ cause: Cause, limits: ChildLimits) {
        self.cause = cause
        clause =
            switch cause {
            case .cpu: "used more than \(limits.cpuSeconds) s of processor time, the most allowed"
            case .memory: "used more than \(limits.addressSpaceBytes >> 20) MB of memory, the most allowed"
            case .wallClock: "took longer than \(limits.wallSeconds) s, the most allowed"
            case .fileSize: "wrote a file of more than \(limits.fileBytes >> 20) MB, the most allowed"
            case .cancelled: "was stopped on request"
            case .signal(let number): "crashed (\(signalName(number)))"
            case .exit(let code): "ended before it was done (exit code \(code))"
            case .garbledFrame: "answered with damaged data"
            }
    }
}

/// What a child used.
public struct ChildUsage: Hashable, Sendable {
    /// Processor time of the whole process, user and system.
    public var cpuSeconds: Double
    /// By the clock, from start to end.
    public var wallSeconds: Double
    /// The most memory that was resident at one time; of a child that stayed
    /// smaller than its parent, as far as was seen ten times a second.
    public var peakMemoryBytes: Int
    /// Frames and bytes of payload that the caller received.
    public var frames: Int
    public var payloadBytes: Int
}

/// What a child cannot do.
public struct ChildIsolation: Hashable, Sendable {
    /// Sockets, other programs and other processes are refused by a filter of
    /// system calls.
    public var filtersSystemCalls: Bool
    /// The child lives in a network namespace without interfaces.
    public var hasOwnNetwork: Bool

    /// Whether the child can reach any network.
    public var reachesNetwork: Bool { !filtersSystemCalls && !hasOwnNetwork }
}

func signalName(_ number: Int32) -> String {
    switch number {
    case SIGSEGV: "memory access fault, SIGSEGV"
    case SIGBUS: "memory access fault, SIGBUS"
    case SIGILL: "failed check, SIGILL"
    case SIGTRAP: "failed check, SIGTRAP"
    case SIGABRT: "aborted, SIGABRT"
    case SIGFPE: "arithmetic fault, SIGFPE"
    case SIGKILL: "killed by the system, SIGKILL"
    case SIGTERM: "ended by another process, SIGTERM"
    default: "signal \(number)"
    }
}

func systemMessage(_ code: Int32) -> String {
    String(cString: strerror(code))
}
