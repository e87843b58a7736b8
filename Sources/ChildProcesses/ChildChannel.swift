// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The child's end of the socket. One thread may send while another receives.
public final class ChildChannel: Sendable {
    private let descriptor: Int32

    /// The ceilings under which this child lives.
    public let limits: ChildLimits

    /// A private folder, empty at the start and removed after the child has gone.
    /// It is also the working directory.
    public let scratch: URL

    init(descriptor: Int32, limits: ChildLimits, scratch: URL) {
        self.descriptor = descriptor
        self.limits = limits
        self.scratch = scratch
    }

    /// Sends a frame; waits while the parent is busy with earlier ones.
    ///
    /// - Throws: `ChildProcessesError.Kind.wrongUse` when the kind is reserved, is
    ///   of those that carry memory and there is none, or when the payload or the
    ///   memory is larger than `limits.frameBytes`; `.disconnected` when the
    ///   parent has gone, and the job should end.
    public func send(kind: UInt8, payload: UnsafeRawBufferPointer, memory: SealedMemory? = nil) throws {
        if let refusal = ChildFrame.refusal(
            kind: kind, payloadCount: payload.count, memory: memory, ceiling: limits.frameBytes)
        {
            throw refusal
        }
        try Socket.send(kind: kind, payload, memory: memory, to: descriptor)
    }

    /// Sends a frame; waits while the parent is busy with earlier ones.
    ///
    /// - Throws: as the other `send`.
    public func send(kind: UInt8, payload: [UInt8], memory: SealedMemory? = nil) throws {
        try payload.withUnsafeBytes { try send(kind: kind, payload: $0, memory: memory) }
    }

    /// Waits for a frame of `ChildSession.send`; nil when the parent has gone or
    /// wants no more, and the job should end.
    public func receive() -> ChildFrame? {
        guard let frame = Socket.receive(from: descriptor, ceiling: limits.frameBytes),
            frame.kind < ChildFrame.firstReservedKind
        else { return nil }
        return frame
    }
}
