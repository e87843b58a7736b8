// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A stream of numbers that depends on its seed alone: SplitMix64.
///
/// Everything in the demo district that looks random is drawn from one of
/// these, and every block, town and layer has a stream of its own, so that what
/// one of them draws never changes another.
struct RandomSource: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A stream of its own for a part of the district.
    init(seed: UInt64, part: String, _ numbers: Int...) {
        var hash = seed ^ 0xCBF2_9CE4_8422_2325
        for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for number in numbers {
            hash = (hash ^ UInt64(truncatingIfNeeded: number)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
        }
        state = hash
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 up to but not including 1.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    mutating func real(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * unit()
    }

    mutating func integer(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    /// Whether something that happens `share` of the time happens now.
    mutating func happens(_ share: Double) -> Bool {
        unit() < share
    }

    /// One of a list that is not empty.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(next() % UInt64(elements.count))]
    }

    /// One of a list, each as likely as its weight says.
    mutating func pick<Element>(weighted elements: [(Element, Double)]) -> Element {
        var rest = unit() * elements.reduce(0) { $0 + $1.1 }
        for (element, weight) in elements {
            rest -= weight
            if rest < 0 { return element }
        }
        return elements[elements.count - 1].0
    }
}

/// Smooth random heights over the plane: the same height at the same place for
/// the same seed.
struct NoiseField {
    let seed: UInt64
    /// How far apart heights are drawn, in metres.
    let wavelength: Double

    /// Between −1 and 1.
    func height(_ x: Double, _ y: Double) -> Double {
        let u = x / wavelength
        let v = y / wavelength
        let column = u.rounded(.down)
        let row = v.rounded(.down)
        let s = Self.eased(u - column)
        let t = Self.eased(v - row)
        let i = Int(column)
        let j = Int(row)
        let bottom = corner(i, j) * (1 - s) + corner(i + 1, j) * s
        let top = corner(i, j + 1) * (1 - s) + corner(i + 1, j + 1) * s
        return bottom * (1 - t) + top * t
    }

    private func corner(_ i: Int, _ j: Int) -> Double {
        var source = RandomSource(seed: seed, part: "noise", i, j)
        return source.unit() * 2 - 1
    }

    private static func eased(_ t: Double) -> Double {
        t * t * (3 - 2 * t)
    }
}
