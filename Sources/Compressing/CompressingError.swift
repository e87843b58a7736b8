// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why bytes could not be compressed or decompressed.
public struct CompressingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, for programs.
    public enum Kind: Hashable, Sendable {
        /// The bytes are damaged, cut off, or not of the format at all.
        case corrupt
        /// Decompressed, the bytes would pass the ceiling.
        case ceilingExceeded
        /// Other bytes follow the compressed ones.
        case trailing
        /// The library could not get memory.
        case outOfMemory
    }

    public let kind: Kind
    public let format: CompressionFormat
    /// A clause that says what is wrong.
    public let detail: String

    init(_ kind: Kind, _ format: CompressionFormat, _ detail: String) {
        self.kind = kind
        self.format = format
        self.detail = detail
    }

    public var description: String { "\(format.name): \(detail)." }
}
