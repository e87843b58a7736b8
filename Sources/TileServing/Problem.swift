// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import HTTPTypes

/// The body of an error answer (RFC 9457), and the one table from kinds of
/// errors to HTTP statuses.
struct Problem: Sendable, Equatable {
    var status: Int
    var code: String
    var title: String
    var detail: String
    /// Seconds after which the client may try again.
    var retryAfter: Int?
    /// The methods that the path answers to.
    var allow: String?

    init(_ error: any Error) {
        guard let error = error as? TileServingError else {
            self.init(
                status: 500, code: "failed", title: "Internal error",
                detail: "The server failed to answer this request; its log says why.")
            return
        }
        self.init(status: 500, code: "failed", title: "Internal error", detail: error.description)
        switch error.kind {
        case .malformed: (status, code, title) = (400, "malformed", "Malformed request")
        case .notFound: (status, code, title) = (404, "not-found", "Not found")
        case .forbidden: (status, code, title) = (403, "forbidden", "Forbidden")
        case .methodNotAllowed(let allowed):
            (status, code, title) = (405, "method-not-allowed", "Method not allowed")
            allow = allowed
        case .requestTimeout: (status, code, title) = (408, "request-timeout", "Request too slow")
        case .contentTooLarge: (status, code, title) = (413, "content-too-large", "Content too large")
        case .targetTooLong: (status, code, title) = (414, "target-too-long", "Request target too long")
        case .overloaded:
            (status, code, title) = (503, "overloaded", "Too much work at once")
            retryAfter = 2
        case .unavailable:
            (status, code, title) = (503, "unavailable", "Not available now")
            retryAfter = 5
        case .addressUnavailable, .unreadable, .failed: break
        }
    }

    private init(status: Int, code: String, title: String, detail: String) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
    }

    /// `application/problem+json` in UTF-8.
    func json(instance: String?) -> String {
        var members = [
            #""type":"about:blank""#, #""title":"# + JSONText.quoted(title), #""status":\#(status)"#,
            #""code":"# + JSONText.quoted(code), #""detail":"# + JSONText.quoted(detail),
        ]
        if let instance { members.append(#""instance":"# + JSONText.quoted(instance)) }
        return "{" + members.joined(separator: ",") + "}"
    }
}

extension Problem {
    /// A plugin's problem document with the members that RFC 9457 names and it
    /// leaves out; nil when the answer is none, or the plugin's own document
    /// cannot be read.
    ///
    /// The SDK's documents are a `title` alone, which is the sentence about this
    /// occurrence: it becomes the `detail` where there is none.
    static func completed(_ reply: PluginGateway.Reply, instance: String) -> [UInt8]? {
        guard reply.status >= 400, reply.mediaType.lowercased().hasPrefix("application/problem+json"),
            var members = try? JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any]
        else { return nil }
        if members["detail"] == nil {
            members["detail"] = members["title"]
            members["title"] = titles[reply.status] ?? "Status \(reply.status)"
        }
        let defaults: [String: Any] = ["type": "about:blank", "status": reply.status, "instance": instance]
        members.merge(defaults) { own, _ in own }
        guard
            let text = try? JSONSerialization.data(
                withJSONObject: members, options: [.sortedKeys, .withoutEscapingSlashes])
        else { return nil }
        return [UInt8](text)
    }
}

/// What statuses are called that plugins answer with; as this server calls
/// its own.
private let titles = [
    400: "Malformed request", 401: "Unauthorized", 403: "Forbidden", 404: "Not found", 405: "Method not allowed",
    409: "Conflict", 410: "Gone", 412: "Precondition failed", 413: "Content too large",
    415: "Unsupported media type", 422: "Unprocessable content", 429: "Too many requests", 500: "Internal error",
    501: "Not implemented", 503: "Not available now",
]

/// Text in JSON. Besides what JSON asks for, `<`, `>` and `&` are escaped, so
/// that the text stays text wherever a page puts it.
enum JSONText {
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..<"\u{20}", "\u{7F}":
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
