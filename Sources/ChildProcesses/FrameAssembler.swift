// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Puts frames together from what arrives on a socket, without waiting.
struct FrameAssembler {
    enum Step {
        case frame(ChildFrame)
        /// Nothing more for now.
        case wait
        /// The other side has closed.
        case end
        /// The other side claims a frame larger than allowed, or promises memory
        /// that did not come with it.
        case garbled
    }

    private let socket: Int32
    private let ceiling: Int
    private var header = FrameHeader.bytes(kind: 0, count: 0)
    private var headerCount = 0
    private var payload: UnsafeMutableRawBufferPointer?
    private var payloadCount = 0
    /// What came with the bytes of the frame in the making.
    private let descriptors = ReceivedDescriptors()

    init(socket: Int32, ceiling: Int) {
        self.socket = socket
        self.ceiling = ceiling
    }

    /// Frees what an unfinished frame holds.
    mutating func close() {
        payload?.deallocate()
        payload = nil
        descriptors.closeAll()
    }

    /// The next frame, when it is there.
    mutating func next() -> Step {
        while headerCount < FrameHeader.count {
            let missing = FrameHeader.count - headerCount
            let start = headerCount
            let count = withUnsafeMutableBytes(of: &header) { [socket, descriptors] buffer in
                Self.receive(
                    into: UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + missing]), from: socket,
                    descriptors)
            }
            guard count > 0 else { return count == 0 ? .end : .wait }
            headerCount += count
        }
        let wanted = FrameHeader.payloadCount(header)
        guard wanted <= ceiling else { return .garbled }
        // Room is made as bytes arrive: a header alone costs nothing.
        while payloadCount < wanted {
            let room = reserve(upTo: wanted)
            let count = Self.receive(into: room, from: socket, descriptors)
            guard count > 0 else { return count == 0 ? .end : .wait }
            payloadCount += count
        }
        return take(wanted)
    }

    private mutating func reserve(upTo wanted: Int) -> UnsafeMutableRawBufferPointer {
        let held = payload?.count ?? 0
        if payloadCount == held {
            let capacity = min(wanted, max(1 << 20, held * 2))
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
            if let payload {
                larger.copyMemory(from: UnsafeRawBufferPointer(payload))
                payload.deallocate()
            }
            payload = larger
        }
        guard let payload else { return UnsafeMutableRawBufferPointer(start: nil, count: 0) }
        return UnsafeMutableRawBufferPointer(rebasing: payload[payloadCount..<min(payload.count, wanted)])
    }

    private mutating func take(_ count: Int) -> Step {
        let bytes = payload.map { [UInt8]($0[..<count]) } ?? []
        headerCount = 0
        payloadCount = 0
        let frame = ChildFrame(kind: header.4, payload: bytes, descriptors: descriptors, ceiling: ceiling)
        return frame.map { .frame($0) } ?? .garbled
    }

    /// How many bytes came; 0 at the end of the stream, −1 when there are none
    /// for now.
    private static func receive(
        into buffer: UnsafeMutableRawBufferPointer, from socket: Int32, _ descriptors: ReceivedDescriptors
    ) -> Int {
        while true {
            let count = Socket.receiveSome(
                into: buffer, from: socket, flags: Int32(MSG_DONTWAIT), descriptors: descriptors)
            if count >= 0 { return count }
            if errno == EINTR { continue }
            return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : 0
        }
    }
}
