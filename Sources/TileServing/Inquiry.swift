// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import HTTPTypes
import NIOCore

/// A request as the site sees it: the head, and a body that is read only when
/// somebody wants it.
struct Inquiry: Sendable {
    var method: HTTPRequest.Method
    /// The target as sent: path and query.
    var target: String
    /// The `Host`.
    var authority: String?
    var headers: HTTPFields
    /// For the log and for error answers.
    var requestID: String
    /// Collects the body up to a ceiling in bytes.
    var body: @Sendable (_ ceiling: Int) async throws -> ByteBuffer = { _ in ByteBuffer() }

    var query: Substring? {
        target.firstIndex(of: "?").map { target[target.index(after: $0)...].prefix { $0 != "#" } }
    }

    /// The first value of a query parameter, as sent: not percent-decoded.
    func queryValue(_ name: String) -> Substring? {
        guard let query else { return nil }
        for pair in query.split(separator: "&") {
            guard let equals = pair.firstIndex(of: "=") else { continue }
            if pair[..<equals] == name { return pair[pair.index(after: equals)...] }
        }
        return nil
    }

    /// Whether the client takes gzip.
    var acceptsGzip: Bool {
        guard let value = headers[.acceptEncoding] else { return false }
        return value.split(separator: ",").contains { item in
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let coding = parts.first, coding == "gzip" || coding == "*" else { return false }
            return !parts.dropFirst().contains { $0.hasPrefix("q=0") && Double($0.dropFirst(2)) == 0 }
        }
    }

    /// Whether `If-None-Match` names this entity tag (without its quotes).
    func holds(entityTag: String) -> Bool {
        guard let value = headers[.ifNoneMatch] else { return false }
        return value.split(separator: ",").contains { item in
            var tag = item.drop { $0 == " " }
            while tag.last == " " { tag.removeLast() }
            if tag == "*" { return true }
            if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
            return tag.count == entityTag.count + 2 && tag.first == "\"" && tag.last == "\""
                && tag.dropFirst().dropLast() == entityTag
        }
    }

    /// Refuses a missing `Host` and one that is no host: links are made of it.
    func checkAuthority() throws(TileServingError) {
        guard let authority, !authority.isEmpty, authority.utf8.count <= 255 else {
            throw TileServingError(.malformed, "The request has no Host header.")
        }
        let isHost = authority.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
                true
            default: false
            }
        }
        guard isHost else { throw TileServingError(.malformed, "The Host header is not a host and port.") }
    }
}
