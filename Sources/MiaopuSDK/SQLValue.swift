// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A value in a plugin's own tables. SQLite keeps booleans as 0 and 1.
public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// A text, or null.
    public init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
    /// An integer, or null.
    public init(_ integer: Int64?) { self = integer.map(SQLValue.integer) ?? .null }
    /// An integer, or null.
    public init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .null }
    /// A real number, or null.
    public init(_ real: Double?) { self = real.map(SQLValue.real) ?? .null }
    /// A time as its milliseconds, or null.
    public init(_ time: Timestamp?) { self = time.map { .integer($0.milliseconds) } ?? .null }
    /// A geometry as little-endian WKB, or null.
    public init(_ geometry: Geometry?) { self = geometry.map { .blob($0.wkb) } ?? .null }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A real number.
    public init(floatLiteral value: Double) { self = .real(value) }
}

/// One row that a query answered.
public struct SQLRow: Sendable {
    let columns: SQLColumns
    /// The values in the order of the columns.
    public let values: [SQLValue]

    /// The value of a column; null when the query has no such column.
    public subscript(_ column: String) -> SQLValue {
        columns.places[column].map { values[$0] } ?? .null
    }

    /// The text of a column; nil when it holds something else.
    public func text(_ column: String) -> String? {
        if case .text(let value) = self[column] { value } else { nil }
    }

    /// The integer of a column; nil when it holds something else.
    public func integer(_ column: String) -> Int64? {
        if case .integer(let value) = self[column] { value } else { nil }
    }

    /// The number of a column, integers included; nil when it holds none.
    public func real(_ column: String) -> Double? {
        switch self[column] {
        case .real(let value): value
        case .integer(let value): Double(value)
        case .null, .text, .blob: nil
        }
    }

    /// The time whose milliseconds a column holds; nil when it holds none.
    public func time(_ column: String) -> Timestamp? {
        integer(column).map(Timestamp.init(milliseconds:))
    }

    /// The geometry whose WKB a column holds; nil when it holds none.
    ///
    /// - Throws: `SimpleFeaturesError` for bytes that are no geometry.
    public func geometry(_ column: String) throws -> Geometry? {
        guard case .blob(let bytes) = self[column] else { return nil }
        return try Geometry(wkb: bytes)
    }
}

/// The names of a result's columns, shared by its rows.
struct SQLColumns: Sendable {
    let places: [String: Int]
    let count: Int

    init(_ names: [String]) {
        count = names.count
        places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

/// A statement with its parameters, for `HostDatabase.transaction`.
public struct SQLStatement: Hashable, Sendable {
    /// One statement with `?` where a parameter is bound.
    public var text: String
    /// It runs once for each row, which may be empty.
    public var parameters: [[SQLValue]]

    /// A statement that runs once.
    public init(_ text: String, _ parameters: [SQLValue] = []) {
        self.text = text
        self.parameters = [parameters]
    }

    /// A statement that runs once for each row; not at all when there is none.
    public init(_ text: String, rows: [[SQLValue]]) {
        self.text = text
        self.parameters = rows
    }
}
