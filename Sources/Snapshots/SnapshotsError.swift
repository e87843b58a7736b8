// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// Why a snapshot could not be written or opened.
public struct SnapshotsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, for programs.
    public enum Kind: Hashable, Sendable {
        /// The system refused: no such file, no space, no right.
        case system(errno: Int32)
        /// The file is no snapshot at all.
        case notASnapshot
        /// The file is of another version of the format: cut it again.
        case otherVersion
        /// The file is cut off or damaged.
        case damaged
        /// There is more than the format can hold.
        case tooLarge
        /// A feature does not fit the schema.
        case badFeature
    }

    public let kind: Kind
    /// The file, or the layer when there is no file yet.
    public let subject: String
    /// A clause that says what is wrong and what helps.
    public let detail: String

    init(_ kind: Kind, _ subject: String, _ detail: String) {
        self.kind = kind
        self.subject = subject
        self.detail = detail
    }

    public var description: String { "\(subject): \(detail)." }
}
