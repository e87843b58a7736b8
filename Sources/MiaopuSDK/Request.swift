// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// A request below the plugin's own path.
public struct Request: Sendable {
    /// `GET`, `POST`, … in capitals.
    public var method: String
    /// Below `/plugins/<id>`, beginning with `/`.
    public var path: String
    /// Names and values of the query, decoded, in their order.
    public var query: [(name: String, value: String)]
    /// Names in lower case.
    public var headers: [(name: String, value: String)]
    /// What was sent.
    public var body: [UInt8]
    /// `zh` or `en`.
    public var language: String
    /// Whether the person who runs the host asks, by a command; never set for a
    /// request that came over HTTP.
    public var isFromOperator: Bool

    /// Describes a request.
    public init(
        method: String = "GET", path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: [UInt8] = [], language: String = "zh",
        isFromOperator: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.language = language
        self.isFromOperator = isFromOperator
    }

    /// The first value of a name in the query; nil when it is not there.
    public func parameter(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    /// A parameter that must be there.
    ///
    /// - Throws: `.invalid` when it is missing or empty.
    public func required(_ name: String) throws -> String {
        guard let value = parameter(name), !value.isEmpty else {
            throw PluginError(.invalid, "\(path) needs the parameter \(name), as in \(path)?\(name)=….")
        }
        return value
    }

    /// Lets only the person who runs the host go on.
    ///
    /// - Throws: `.denied` for everybody else.
    public func requireOperator() throws {
        guard isFromOperator else {
            throw PluginError(.denied, "\(method) \(path) is for commands of the person who runs the host.")
        }
    }

    /// The body as JSON.
    ///
    /// - Throws: `.invalid`, naming the place in the document and what is wrong.
    public func json<Value: Decodable>(as type: Value.Type) throws -> Value {
        let decoder = JSONDecoder()
        if let key = CodingUserInfoKey.moment { decoder.userInfo[key] = Timestamp.now }
        do {
            return try decoder.decode(type, from: Data(body))
        } catch let error as DecodingError {
            throw PluginError(.invalid, error.sentence)
        }
    }
}

extension DecodingError {
    /// One sentence that names the place: `facilities.features[3].properties.code`.
    fileprivate var sentence: String {
        switch self {
        case .keyNotFound(let key, let context):
            "\(Self.place(context.codingPath + [key])) is missing."
        case .valueNotFound(_, let context), .typeMismatch(_, let context):
            "\(Self.place(context.codingPath)): \(context.debugDescription)"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "The body is not JSON in UTF-8."
                : "\(Self.place(context.codingPath)): \(context.debugDescription)"
        @unknown default: "The body cannot be read: \(self)"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text.isEmpty ? "The document" : text
    }
}
