// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import HTTPTypes
import NIOCore

/// What goes back: status, headers and the whole body.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: ByteBuffer

    init(status: HTTPResponse.Status = .ok, mediaType: String, body: ByteBuffer) {
        self.status = status
        headers = HTTPFields()
        headers[.contentType] = mediaType
        self.body = body
    }

    init(status: HTTPResponse.Status = .ok, json: String) {
        self.init(status: status, mediaType: "application/json", body: ByteBuffer(string: json))
    }

    /// The error's answer.
    init(_ problem: Problem, instance: String) {
        self.init(
            status: HTTPResponse.Status(code: problem.status), mediaType: "application/problem+json",
            body: ByteBuffer(string: problem.json(instance: instance)))
        headers[.cacheControl] = "no-store"
        if let seconds = problem.retryAfter { headers[.retryAfter] = String(seconds) }
        if let allow = problem.allow { headers[.allow] = allow }
    }

    /// The same without a body, as an answer to a client that has it already.
    func notModified() -> Answer {
        var answer = self
        answer.status = .notModified
        answer.headers[.contentType] = nil
        answer.headers[.contentEncoding] = nil
        answer.body = ByteBuffer()
        return answer
    }
}

extension HTTPField.Name {
    static let completenessRecord = HTTPField.Name("Miaopu-Tile") ?? .trailer
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .trailer
}
