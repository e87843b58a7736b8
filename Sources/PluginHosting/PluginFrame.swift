// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What host and a plugin's process say to each other on their socket. Every
/// payload begins with the number of a call (u64, little endian), which its
/// answer repeats.
struct PluginFrame: Hashable {
    /// The kinds of frames; their numbers are part of the contract.
    enum Kind: UInt8 {
        /// Host to plugin: a PluginRequest.
        case call = 1
        /// Plugin to host: a status (i32, little endian), then a PluginReply or a
        /// sentence.
        case reply = 2
        /// Plugin to host: a HostRequest.
        case hostCall = 3
        /// Host to plugin: a status, then a HostReply or a sentence.
        case hostReply = 4
    }

    var kind: Kind
    var call: UInt64
    /// 0 where the kind has none.
    var status: Int32 = 0
    var bytes: [UInt8]

    init(_ kind: Kind, call: UInt64, status: Int32 = 0, bytes: [UInt8]) {
        self.kind = kind
        self.call = call
        self.status = status
        self.bytes = bytes
    }

    /// The most that a payload has beside its bytes.
    static let headBytes = 12

    var payload: [UInt8] {
        var payload: [UInt8] = []
        payload.reserveCapacity(Self.headBytes + bytes.count)
        withUnsafeBytes(of: call.littleEndian) { payload.append(contentsOf: $0) }
        if kind.hasStatus { withUnsafeBytes(of: status.littleEndian) { payload.append(contentsOf: $0) } }
        payload.append(contentsOf: bytes)
        return payload
    }

    /// Nil for a kind that there is not, and for a payload that is too short.
    init?(kind number: UInt8, payload: [UInt8]) {
        guard let kind = Kind(rawValue: number) else { return nil }
        let head = kind.hasStatus ? 12 : 8
        guard payload.count >= head else { return nil }
        self.kind = kind
        (call, status) = payload.withUnsafeBytes { buffer in
            (
                UInt64(littleEndian: buffer.loadUnaligned(as: UInt64.self)),
                kind.hasStatus ? Int32(littleEndian: buffer.loadUnaligned(fromByteOffset: 8, as: Int32.self)) : 0
            )
        }
        bytes = Array(payload.dropFirst(head))
    }
}

extension PluginFrame.Kind {
    fileprivate var hasStatus: Bool { self == .reply || self == .hostReply }
}
