// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPluginABI

/// What a plugin throws to say exactly what is wrong, and what it is thrown when
/// the host refuses a call.
public struct PluginError: Error, CustomStringConvertible, Hashable, Sendable {
    /// What kind of refusal it is.
    public enum Kind: Hashable, Sendable, CaseIterable {
        /// The request is wrong: a bad value, an unknown name.
        case invalid
        /// There is no such layer, route or record.
        case notFound
        /// The other side does not know this call.
        case unsupported
        /// The caller may not do this.
        case denied
        /// The request or the answer is larger than the contract allows.
        case tooLarge
        /// Anything else.
        case failed
    }

    /// What kind of refusal it is.
    public let kind: Kind
    /// One sentence: what is wrong, where, and what would be accepted.
    public let description: String

    /// Makes an error of one sentence.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

extension PluginError {
    /// Any error as one with a kind; the sentence is the error's own.
    init(converting error: any Error) {
        if let error = error as? PluginError {
            self = error
        } else {
            self.init(.failed, String(describing: error))
        }
    }

    /// The contract's number, and back.
    var status: Int32 {
        switch kind {
        case .invalid: Int32(MIAOPU_INVALID)
        case .notFound: Int32(MIAOPU_NOT_FOUND)
        case .unsupported: Int32(MIAOPU_UNSUPPORTED)
        case .denied: Int32(MIAOPU_DENIED)
        case .tooLarge: Int32(MIAOPU_TOO_LARGE)
        case .failed: Int32(MIAOPU_FAILED)
        }
    }

    /// A number that is not known counts as failed.
    init(status: Int32, sentence: String) {
        let kind = Kind.allCases.first { PluginError($0, "").status == status }
        self.init(kind ?? .failed, sentence)
    }
}

extension PluginError {
    /// The HTTP status of a refusal. What is wrong with a body is told apart
    /// from what is wrong with an address.
    func httpStatus(method: String) -> Int {
        switch kind {
        case .invalid: ["POST", "PUT", "PATCH"].contains(method) ? 422 : 400
        case .notFound: 404
        case .denied: 403
        case .tooLarge: 413
        case .unsupported: 501
        case .failed: 500
        }
    }
}
