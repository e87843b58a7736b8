// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A plugin or its library did not do what was asked of it.
public struct PluginHostingError: Error, CustomStringConvertible, Hashable, Sendable {
    /// What kind of failure it is.
    public enum Kind: String, Codable, Hashable, Sendable {
        /// The file is no library that could be loaded: no ELF, cut off, for
        /// another processor, without stamp.
        case notAPlugin
        /// Made for another version of the contract, or by another compiler.
        case incompatible
        /// Loading or starting it failed, or took too long.
        case failedToStart
        /// The request was wrong: bad values, an unknown call.
        case invalid
        /// There is no such plugin, layer or route.
        case notFound
        /// The caller may not do this.
        case denied
        /// A request or an answer is larger than allowed.
        case tooLarge
        /// The plugin answered with an error or with bytes that say nothing.
        case failed
        /// The plugin's process died.
        case crashed
        /// The plugin took too long, and its process was ended.
        case timedOut
        /// The plugin crashed too often; a person has to lift its quarantine.
        case quarantined
        /// It comes by itself, when the host starts next: nobody has to do anything.
        case postponed
    }

    /// What kind of failure it is.
    public let kind: Kind
    /// The plugin's id, or the file when there is no id yet.
    public let subject: String
    /// One sentence: what is wrong, where, and what would be accepted.
    public let description: String

    init(_ kind: Kind, _ subject: String, _ description: String) {
        self.kind = kind
        self.subject = subject
        self.description = description
    }
}
