// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// What a plugin answers to a request.
public struct Response: Sendable {
    /// The HTTP status, 200 to 599.
    public var status: Int
    /// The media type of the body.
    public var contentType: String
    /// Further header fields.
    public var headers: [(name: String, value: String)]
    /// What is sent.
    public var body: [UInt8]

    /// An answer of bytes.
    public init(
        status: Int = 200, contentType: String, headers: [(name: String, value: String)] = [], body: [UInt8]
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }

    /// A value as JSON, its names in the order of the alphabet.
    ///
    /// - Throws: `EncodingError`, for a number that is not finite.
    public static func json(_ value: some Encodable, status: Int = 200) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Response(
            status: status, contentType: "application/json; charset=utf-8", body: [UInt8](try encoder.encode(value)))
    }

    /// A page of HTML, sent in UTF-8.
    public static func html(_ page: String, status: Int = 200) -> Response {
        Response(status: status, contentType: "text/html; charset=utf-8", body: Array(page.utf8))
    }

    /// A refusal as `application/problem+json` (RFC 9457).
    ///
    /// - Parameters:
    ///   - status: 400 to 599.
    ///   - sentence: what is wrong, where, and what would be accepted.
    public static func problem(_ status: Int, _ sentence: String) -> Response {
        let text = (try? JSONEncoder().encode(["title": sentence])).map { [UInt8]($0) } ?? Array("{}".utf8)
        return Response(status: status, contentType: "application/problem+json", body: text)
    }
}
