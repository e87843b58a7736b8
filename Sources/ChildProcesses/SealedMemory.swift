// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CProcessControl
import Foundation

/// Bytes in memory that two processes see and neither can change: how much
/// crosses without being copied through a socket.
///
/// The memory is given back when the last process has let go of it.
public final class SealedMemory: Sendable {
    let descriptor: Int32
    /// How many bytes there are.
    public let count: Int

    /// Copies bytes into memory that can be sent.
    ///
    /// - Throws: `.systemRefused` when the system has no memory or descriptor for
    ///   it.
    public init(_ bytes: UnsafeRawBufferPointer) throws {
        let descriptor = miaopu_make_memory()
        guard descriptor >= 0 else { throw ChildProcessesError.system("Making shared memory", code: errno) }
        self.descriptor = descriptor
        count = bytes.count
        // From here on the descriptor is closed with this object.
        var rest = bytes
        while !rest.isEmpty {
            let written = write(descriptor, rest.baseAddress, rest.count)
            if written > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            } else if errno != EINTR {
                throw ChildProcessesError.system("Filling shared memory", code: errno)
            }
        }
        guard miaopu_seal(descriptor) == 0 else {
            throw ChildProcessesError.system("Sealing shared memory", code: errno)
        }
    }

    /// Takes over a descriptor that came from another process.
    ///
    /// Returns nil, and closes it, for what is no sealed memory: the sender could
    /// cut it off, and reading would fault here. Also for more bytes than
    /// `ceiling`.
    init?(received descriptor: Int32, ceiling: Int) {
        self.descriptor = descriptor
        var status = stat()
        // The seals first: after them the size stands.
        guard miaopu_is_sealed(descriptor) != 0, fstat(descriptor, &status) == 0,
            (0...ceiling).contains(Int(status.st_size))
        else {
            count = 0
            return nil
        }
        count = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// The bytes where they are, for reading only. They stay for as long as the
    /// value does, also when this object has gone.
    ///
    /// - Throws: `.systemRefused` when there is no address space for them.
    public func mapped() throws -> Data {
        guard count > 0 else { return Data() }
        // Private: a shared mapping of what is sealed is refused by older kernels.
        guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw ChildProcessesError.system("Mapping shared memory of \(count) bytes", code: errno)
        }
        return Data(bytesNoCopy: address, count: count, deallocator: .unmap)
    }
}
