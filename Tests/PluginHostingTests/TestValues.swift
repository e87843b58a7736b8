// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension Envelope {
    static let world = Envelope(minX: -180, minY: -90, maxX: 180, maxY: 90)
}

/// An attribute that compares with literals.
struct TestValue: Equatable, CustomStringConvertible, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
    let value: AttributeValue

    init(_ value: AttributeValue) { self.value = value }
    init(stringLiteral value: String) { self.value = .text(value) }
    init(integerLiteral value: Int64) { self.value = .integer(value) }
    init(floatLiteral value: Double) { self.value = .real(value) }
    init(booleanLiteral value: Bool) { self.value = .boolean(value) }

    var description: String { value.description }
}
