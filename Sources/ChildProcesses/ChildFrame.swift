// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// One message between parent and child.
public struct ChildFrame: Hashable, Sendable {
    /// What it means, agreed between a job and its caller; less than
    /// `firstReservedKind`.
    public var kind: UInt8
    public var payload: [UInt8]

    public init(kind: UInt8, payload: [UInt8]) {
        self.kind = kind
        self.payload = payload
    }

    /// Kinds from here on belong to this module.
    public static let firstReservedKind: UInt8 = 240
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
