// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a child may use before it is killed.
public struct ChildLimits: Hashable, Sendable, Codable {
    /// Seconds of processor time, of all its threads together.
    public var cpuSeconds: Int
    /// Seconds by the clock. Time that the parent spends in `onFrame` does not
    /// count: a child that waits for its reader is not slow.
    public var wallSeconds: Int
    /// Bytes of address space; libraries and stacks are part of it.
    public var addressSpaceBytes: Int
    /// The size that a file which the child writes may have, in bytes.
    public var fileBytes: Int
    /// How many descriptors may be open at the same time.
    public var openFiles: Int
    /// The payload that one frame may have, in bytes, in either direction.
    public var frameBytes: Int

    public init(
        cpuSeconds: Int = 300, wallSeconds: Int = 600, addressSpaceBytes: Int = 2 << 30, fileBytes: Int = 4 << 30,
        openFiles: Int = 256, frameBytes: Int = 64 << 20
    ) {
        self.cpuSeconds = cpuSeconds
        self.wallSeconds = wallSeconds
        self.addressSpaceBytes = addressSpaceBytes
        self.fileBytes = fileBytes
        self.openFiles = openFiles
        self.frameBytes = frameBytes
    }

    /// For reading one delivery: five minutes of processor time, ten minutes by
    /// the clock, 2 GB of memory.
    public static let `default` = ChildLimits()
}
