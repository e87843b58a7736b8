// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A JSON value that remembers the order of its keys and the line it stands
/// on, so that a mistake in a style can be shown where it was made.
public struct JSONValue: Sendable {
    /// What a value is.
    public enum Content: Sendable {
        case null
        case boolean(Bool)
        case number(Double)
        case string(String)
        case array([JSONValue])
        case object([JSONMember])
    }

    public var content: Content
    /// 1 for the first line of the document; 0 for values that no document
    /// holds.
    public var line: Int

    public init(_ content: Content, line: Int = 0) {
        self.content = content
        self.line = line
    }
}

extension JSONValue {
    /// Reads a JSON document within limits.
    ///
    /// - Parameter subject: what the document is, for messages.
    /// - Throws: `MapStylesError` with the line of the mistake.
    public init(parsing bytes: [UInt8], of subject: String, limits: StyleLimits = .default) throws(MapStylesError) {
        do {
            self = try JSONParser.parse(bytes, limits: limits)
        } catch {
            throw MapStylesError(issues: [
                StyleIssue(path: "", message: "the \(subject) is not JSON: \(error.reason)", line: error.line)
            ])
        }
    }
}

/// A key of an object with its value.
public struct JSONMember: Sendable {
    public var key: String
    public var value: JSONValue

    public init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }
}

extension JSONValue {
    /// The text, when the value is text.
    public var string: String? {
        if case .string(let text) = content { text } else { nil }
    }

    /// The number, when the value is one.
    public var number: Double? {
        if case .number(let number) = content { number } else { nil }
    }

    /// The truth value, when the value is one.
    public var boolean: Bool? {
        if case .boolean(let boolean) = content { boolean } else { nil }
    }

    /// The elements, when the value is an array.
    public var array: [JSONValue]? {
        if case .array(let elements) = content { elements } else { nil }
    }

    /// The members in document order, when the value is an object.
    public var object: [JSONMember]? {
        if case .object(let members) = content { members } else { nil }
    }

    /// Whether the value is JSON's `null`.
    public var isNull: Bool {
        if case .null = content { true } else { false }
    }

    /// The value of a key; nil when this is no object or lacks the key.
    ///
    /// - Complexity: O(*n*) in keys.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = content else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// What JavaScript's `typeof` says, with `array` and `null` told apart.
    var typeName: String {
        switch content {
        case .null: "null"
        case .boolean: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// What JavaScript's `typeof` says, which calls arrays and null objects.
    var javaScriptTypeName: String {
        switch content {
        case .null, .array, .object: "object"
        case .boolean, .number, .string: typeName
        }
    }
}

extension JSONValue: Equatable {
    /// Compares contents; where a value stands does not matter, nor does the
    /// order of keys.
    public static func == (lhs: JSONValue, rhs: JSONValue) -> Bool {
        switch (lhs.content, rhs.content) {
        case (.null, .null): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)):
            a.count == b.count && a.allSatisfy { member in rhs[member.key] == member.value }
        default: false
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    public init(stringLiteral value: String) { self.init(.string(value)) }
    public init(floatLiteral value: Double) { self.init(.number(value)) }
    public init(integerLiteral value: Int) { self.init(.number(Double(value))) }
    public init(booleanLiteral value: Bool) { self.init(.boolean(value)) }
    public init(arrayLiteral elements: JSONValue...) { self.init(.array(elements)) }
}
