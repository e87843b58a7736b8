// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Work that is done in a child process.
public protocol ChildJob {
    /// The word that names it on the child's command line.
    static var name: String { get }

    /// Does the work.
    ///
    /// Runs on the main thread of the child, confined by its ceilings. Answers go
    /// through `channel`; an error that is thrown reaches the parent as
    /// `ChildExit.Ending.failed` with its description.
    static func run(request: [UInt8], channel: ChildChannel) throws

    /// Whether the job ends in `ChildChannel.become`, and its process may execute
    /// programs; no job may that does not say so.
    static var becomesProgram: Bool { get }
}

extension ChildJob {
    /// A job does its work itself.
    public static var becomesProgram: Bool { false }
}
