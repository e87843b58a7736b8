// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One message between parent and child.
public struct ChildFrame: Sendable {
    /// What it means, agreed between a job and its caller; less than
    /// `firstReservedKind`.
    public var kind: UInt8
    public var payload: [UInt8]
    /// What came beside the payload: there when the kind is one of
    /// `memoryKinds`, and only then.
    public var memory: SealedMemory?

    public init(kind: UInt8, payload: [UInt8], memory: SealedMemory? = nil) {
        self.kind = kind
        self.payload = payload
        self.memory = memory
    }

    /// Kinds from here on belong to this module.
    public static let firstReservedKind: UInt8 = 240
    /// Frames of these kinds carry memory, others none.
    public static let memoryKinds: Range<UInt8> = 224..<firstReservedKind

    /// A frame that has arrived. Descriptors that it does not promise are closed.
    ///
    /// Returns nil when it promises memory and came without, or with what is no
    /// sealed memory of at most `ceiling` bytes.
    init?(kind: UInt8, payload: [UInt8], descriptors: ReceivedDescriptors, ceiling: Int) {
        self.init(kind: kind, payload: payload)
        guard Self.memoryKinds.contains(kind) else {
            descriptors.closeAll()
            return
        }
        guard let descriptor = descriptors.takeOnly(),
            let memory = SealedMemory(received: descriptor, ceiling: ceiling)
        else { return nil }
        self.memory = memory
    }

    /// Why a frame cannot be sent; nil when it can.
    static func refusal(kind: UInt8, payloadCount: Int, memory: SealedMemory?, ceiling: Int) -> ChildProcessesError? {
        let reason: String
        if kind >= firstReservedKind {
            reason = "A frame of kind \(kind) cannot be sent: jobs and their callers have the kinds below 240."
        } else if memoryKinds.contains(kind) != (memory != nil) {
            reason = "A frame of kind \(kind) cannot be sent: kinds \(memoryKinds) carry memory, and no others."
        } else if max(payloadCount, memory?.count ?? 0) > ceiling {
            reason =
                "A frame of \(max(payloadCount, memory?.count ?? 0)) bytes cannot be sent: \(ceiling) bytes is the most "
                + "allowed."
        } else {
            return nil
        }
        return ChildProcessesError(.wrongUse, reason)
    }
}

/// On the socket a frame is the length of its payload (u32, little endian), its
/// kind (one byte) and the payload.
enum FrameHeader {
    static let count = 5

    /// The job is done; nothing follows.
    static let finished: UInt8 = 240
    /// The job failed; the payload is its sentence. Nothing follows.
    static let failed: UInt8 = 241
    /// Parent to child, first: ceilings and working directory.
    static let charter: UInt8 = 242
    /// Child to parent, first: how it is confined.
    static let confinement: UInt8 = 243
    /// Parent to child, second: the request.
    static let request: UInt8 = 244

    static func bytes(kind: UInt8, count: Int) -> (UInt8, UInt8, UInt8, UInt8, UInt8) {
        let length = UInt32(truncatingIfNeeded: count)
        return (
            UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8),
            UInt8(truncatingIfNeeded: length >> 16), UInt8(truncatingIfNeeded: length >> 24), kind
        )
    }
}
