// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Descriptors that came with bytes and that no frame has taken yet. What is not
/// taken is closed: nobody else knows of it.
final class ReceivedDescriptors {
    private var numbers: [Int32] = []

    func append(_ number: Int32) {
        numbers.append(number)
    }

    /// The only one there is; nil when there is none or more than one, which are
    /// closed then.
    func takeOnly() -> Int32? {
        guard numbers.count == 1 else {
            closeAll()
            return nil
        }
        return numbers.removeLast()
    }

    func closeAll() {
        for number in numbers { close(number) }
        numbers = []
    }

    deinit {
        closeAll()
    }
}

extension Socket {
    /// The head of a control message: its length, level and type; `CMSG_LEN(0)`
    /// on 64-bit Linux, where these macros cannot be imported.
    private static let controlHead = 16
    /// Room for one descriptor is enough; the kernel closes those that find none,
    /// and the others are closed by us.
    private static let controlRoom = 64

    /// One `recvmsg`; how many bytes came, as it says. Descriptors that came with
    /// them are added to `descriptors`, and no program that is started inherits
    /// them.
    static func receiveSome(
        into buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, flags: Int32 = 0,
        descriptors: ReceivedDescriptors
    ) -> Int {
        withUnsafeTemporaryAllocation(byteCount: controlRoom, alignment: 16) { control in
            var vector = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
            return withUnsafeMutablePointer(to: &vector) { vector in
                var message = msghdr()
                message.msg_iov = vector
                message.msg_iovlen = 1
                message.msg_control = control.baseAddress
                message.msg_controllen = controlRoom
                let count = recvmsg(descriptor, &message, flags | Int32(MSG_CMSG_CLOEXEC))
                if count > 0, message.msg_controllen > 0 {
                    collect(UnsafeRawBufferPointer(control).prefix(Int(message.msg_controllen)), into: descriptors)
                }
                return count
            }
        }
    }

    private static func collect(_ control: Slice<UnsafeRawBufferPointer>, into descriptors: ReceivedDescriptors) {
        let bytes = UnsafeRawBufferPointer(rebasing: control)
        var start = 0
        while start + controlHead <= bytes.count {
            let length = bytes.loadUnaligned(fromByteOffset: start, as: Int.self)
            guard length >= controlHead, length <= bytes.count - start else { return }
            let level = bytes.loadUnaligned(fromByteOffset: start + 8, as: Int32.self)
            let type = bytes.loadUnaligned(fromByteOffset: start + 12, as: Int32.self)
            if level == SOL_SOCKET, type == Int32(SCM_RIGHTS) {
                for place in stride(from: start + controlHead, through: start + length - 4, by: 4) {
                    descriptors.append(bytes.loadUnaligned(fromByteOffset: place, as: Int32.self))
                }
            }
            start += (length + 7) & ~7
        }
    }

    /// One `sendmsg` of two runs of bytes; a descriptor goes with the first byte.
    static func sendSome(
        _ head: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer, memory: SealedMemory?, to descriptor: Int32
    ) -> Int {
        var vectors = [
            iovec(iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress), iov_len: head.count),
            iovec(iov_base: UnsafeMutableRawPointer(mutating: payload.baseAddress), iov_len: payload.count),
        ]
        return vectors.withUnsafeMutableBufferPointer { buffer in
            withUnsafeTemporaryAllocation(byteCount: controlHead + 8, alignment: 16) { control in
                var message = msghdr()
                message.msg_iov = buffer.baseAddress
                message.msg_iovlen = buffer.count
                if let memory {
                    control.initializeMemory(as: UInt8.self, repeating: 0)
                    control.storeBytes(of: controlHead + 4, as: Int.self)
                    control.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
                    control.storeBytes(of: Int32(SCM_RIGHTS), toByteOffset: 12, as: Int32.self)
                    control.storeBytes(of: memory.descriptor, toByteOffset: controlHead, as: Int32.self)
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                }
                return sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
            }
        }
    }
}
