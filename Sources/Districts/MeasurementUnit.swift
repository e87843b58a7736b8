// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A unit that a field's values may be in, as an exact fraction of the base unit
/// of its dimension.
public struct MeasurementUnit: Hashable, Sendable, CustomStringConvertible {
    public enum Dimension: String, Hashable, Sendable {
        case length
        case area
        case volume
        case money
        case share
        case duration
        case count
        case rent
    }

    /// The usual spelling: `m²`, `亩`, `万元`.
    public let symbol: String
    public let dimension: Dimension
    /// One of this unit is `numerator / denominator` base units: m, m², m³, 元,
    /// one, seconds, one, 元/m²/day.
    public let numerator: Double
    public let denominator: Double

    public var description: String { symbol }

    /// The unit of a spelling: `m2`, `平方米` and `m²` are one unit. Nil when the
    /// spelling is not known.
    public init?(named spelling: String) {
        let key = Self.key(spelling)
        guard let found = Self.bySpelling[key] else { return nil }
        self = found
    }

    private init(_ symbol: String, _ dimension: Dimension, _ numerator: Double, _ denominator: Double) {
        self.symbol = symbol
        self.dimension = dimension
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Whether values of this unit can be told in another.
    public func isConvertible(to other: MeasurementUnit) -> Bool {
        dimension == other.dimension
    }

    /// A value of this unit in another one; nil when the two measure different
    /// things. Whole fractions stay exact: 3 亩 are 2000 m².
    public func convert(_ value: Double, to other: MeasurementUnit) -> Double? {
        guard isConvertible(to: other) else { return nil }
        if self == other { return value }
        return value * (numerator * other.denominator) / (denominator * other.numerator)
    }

    /// The usual spelling of every unit that is known.
    public static var knownSymbols: [String] { table.map { $0.unit.symbol } }

    private static func key(_ spelling: String) -> String {
        var key = ""
        for character in spelling where !character.isWhitespace {
            switch character {
            case "²", "㎡": key += character == "㎡" ? "m2" : "2"
            case "³": key += "3"
            case "％": key += "%"
            default: key += character.lowercased()
            }
        }
        return key
    }

    private static let bySpelling: [String: MeasurementUnit] = {
        var units: [String: MeasurementUnit] = [:]
        for (unit, spellings) in table {
            for spelling in [unit.symbol] + spellings { units[key(spelling)] = unit }
        }
        return units
    }()

    private static let table: [(unit: MeasurementUnit, spellings: [String])] = [
        (MeasurementUnit("mm", .length, 1, 1000), ["毫米"]),
        (MeasurementUnit("cm", .length, 1, 100), ["厘米"]),
        (MeasurementUnit("m", .length, 1, 1), ["米"]),
        (MeasurementUnit("km", .length, 1000, 1), ["公里", "千米"]),
        (MeasurementUnit("里", .length, 500, 1), ["华里"]),
        (MeasurementUnit("m²", .area, 1, 1), ["m2", "sqm", "平方米", "平米"]),
        (MeasurementUnit("km²", .area, 1_000_000, 1), ["km2", "平方公里", "平方千米"]),
        (MeasurementUnit("ha", .area, 10_000, 1), ["公顷"]),
        (MeasurementUnit("亩", .area, 2000, 3), ["mu", "市亩"]),
        (MeasurementUnit("万亩", .area, 20_000_000, 3), []),
        (MeasurementUnit("万m²", .area, 10_000, 1), ["万m2", "万平方米", "万平米"]),
        (MeasurementUnit("m³", .volume, 1, 1), ["m3", "立方米", "方"]),
        (MeasurementUnit("万m³", .volume, 10_000, 1), ["万m3", "万立方米", "万方"]),
        (MeasurementUnit("元", .money, 1, 1), ["CNY", "RMB", "¥", "￥", "人民币元"]),
        (MeasurementUnit("千元", .money, 1000, 1), []),
        (MeasurementUnit("万元", .money, 10_000, 1), []),
        (MeasurementUnit("亿元", .money, 100_000_000, 1), []),
        (MeasurementUnit("%", .share, 1, 100), ["percent", "百分比"]),
        (MeasurementUnit("‰", .share, 1, 1000), []),
        (MeasurementUnit("1", .share, 1, 1), ["ratio", "比例"]),
        (MeasurementUnit("s", .duration, 1, 1), ["秒"]),
        (MeasurementUnit("min", .duration, 60, 1), ["分钟"]),
        (MeasurementUnit("h", .duration, 3600, 1), ["小时"]),
        (MeasurementUnit("d", .duration, 86_400, 1), ["天", "日", "day"]),
        (MeasurementUnit("人", .count, 1, 1), ["个", "户", "层", "幢", "栋", "套", "座", "处", "件"]),
        (MeasurementUnit("万人", .count, 10_000, 1), ["万户", "万套"]),
        (MeasurementUnit("元/m²/d", .rent, 1, 1), ["元/m²/天", "元/m²/日", "元/平方米/天", "元/平方米·天", "元/㎡·天"]),
        (MeasurementUnit("元/m²/年", .rent, 1, 365), ["元/m²/a", "元/平方米/年", "元/平方米·年"]),
        (MeasurementUnit("元/亩/年", .rent, 3, 730_000), ["元/亩/a", "元/亩·年"]),
    ]
}
