// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ChildProcesses

import struct Foundation.Data

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
    var bytes: Data

    init(_ kind: Kind, call: UInt64, status: Int32 = 0, bytes: Data) {
        self.kind = kind
        self.call = call
        self.status = status
        self.bytes = bytes
    }

    /// The most that a payload has beside its bytes.
    static let headBytes = 12
    /// A frame whose bytes lie in sealed memory has its kind's number and this.
    static let memoryOffset = ChildFrame.memoryKinds.lowerBound
    /// Answers of so many bytes and more cross in sealed memory: from here on that
    /// is faster than the socket (decision 11).
    static let memoryThreshold = 256 << 10

    /// As it is sent. Sealed memory that cannot be had is no reason to fail: the
    /// bytes go through the socket then.
    ///
    /// - Parameter mayShareMemory: whether the receiver takes such frames.
    func packed(mayShareMemory: Bool) -> ChildFrame {
        if mayShareMemory, kind.hasStatus, bytes.count >= Self.memoryThreshold,
            let memory = try? bytes.withUnsafeBytes({ try SealedMemory($0) })
        {
            return ChildFrame(kind: kind.rawValue + Self.memoryOffset, payload: payload(with: Data()), memory: memory)
        }
        return ChildFrame(kind: kind.rawValue, payload: payload(with: bytes))
    }

    private func payload(with bytes: Data) -> [UInt8] {
        var payload: [UInt8] = []
        payload.reserveCapacity(Self.headBytes + bytes.count)
        withUnsafeBytes(of: call.littleEndian) { payload.append(contentsOf: $0) }
        if kind.hasStatus { withUnsafeBytes(of: status.littleEndian) { payload.append(contentsOf: $0) } }
        payload.append(contentsOf: bytes)
        return payload
    }

    /// Nil for a kind that there is not, for a payload that is too short, and for
    /// bytes both in the payload and in memory. The bytes of a frame with memory
    /// are not copied.
    init?(_ frame: ChildFrame) {
        let payload = frame.payload
        guard let kind = Kind(rawValue: frame.memory == nil ? frame.kind : frame.kind - Self.memoryOffset) else {
            return nil
        }
        let head = kind.hasStatus ? 12 : 8
        guard payload.count >= head else { return nil }
        self.kind = kind
        (call, status) = payload.withUnsafeBytes { buffer in
            (
                UInt64(littleEndian: buffer.loadUnaligned(as: UInt64.self)),
                kind.hasStatus ? Int32(littleEndian: buffer.loadUnaligned(fromByteOffset: 8, as: Int32.self)) : 0
            )
        }
        guard let memory = frame.memory else {
            bytes = Data(payload.dropFirst(head))
            return
        }
        guard kind.hasStatus, payload.count == head, let mapped = try? memory.mapped() else { return nil }
        bytes = mapped
    }
}

extension PluginFrame.Kind {
    fileprivate var hasStatus: Bool { self == .reply || self == .hostReply }
}
