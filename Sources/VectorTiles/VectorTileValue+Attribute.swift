// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension VectorTileValue {
    /// An attribute in the type that keeps it: whole numbers as `int` or, when
    /// negative, `sint`, which is shorter; reals as `double`. Nil for null,
    /// which a tile says by leaving the key out.
    public init?(_ value: AttributeValue) {
        switch value {
        case .null: return nil
        case .boolean(let flag): self = .bool(flag)
        case .integer(let number): self = number < 0 ? .sint(number) : .int(number)
        case .real(let number): self = .double(number)
        case .text(let text): self = .string(text)
        }
    }

    /// The value as an attribute. Numbers beyond what a signed 64-bit number
    /// holds become reals.
    public var attributeValue: AttributeValue {
        switch self {
        case .string(let text): .text(text)
        case .float(let number): .real(Double(number))
        case .double(let number): .real(number)
        case .int(let number), .sint(let number): .integer(number)
        case .uint(let number): Int64(exactly: number).map { .integer($0) } ?? .real(Double(number))
        case .bool(let flag): .boolean(flag)
        }
    }
}
