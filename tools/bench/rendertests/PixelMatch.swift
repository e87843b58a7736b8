// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps

/// Counts pixels that a person would see to differ, as the npm package
/// pixelmatch 5 does: by the distance in YIQ, leaving out those that
/// antialiasing explains (Vyšniauskas 2009; Kotsarenko and Ramos 2010).
struct PixelMatch {
    let width: Int
    let height: Int

    private struct Pixel: Equatable {
        var red = 0.0, green = 0.0, blue = 0.0, alpha = 0.0

        /// Laid over white.
        init(_ color: PremultipliedColor) {
            let straight = color.straight
            let share = Double(straight.alpha) / 255
            func over(_ channel: UInt8) -> Double { 255 + (Double(channel) - 255) * share }
            (red, green, blue) = (over(straight.red), over(straight.green), over(straight.blue))
            alpha = Double(straight.alpha)
        }

        var y: Double { red * 0.29889531 + green * 0.58662247 + blue * 0.11448223 }
        var i: Double { red * 0.59597799 - green * 0.27417610 - blue * 0.32180189 }
        var q: Double { red * 0.21147017 - green * 0.52261711 + blue * 0.31114694 }
    }

    private let first: [Pixel]
    private let second: [Pixel]

    /// Nil when the sizes differ.
    init?(_ first: Pixmap, _ second: Pixmap) {
        guard first.width == second.width, first.height == second.height else { return nil }
        (width, height) = (first.width, first.height)
        self.first = first.withUnsafePixels { $0.map { Pixel(PremultipliedColor(packed: $0)) } }
        self.second = second.withUnsafePixels { $0.map { Pixel(PremultipliedColor(packed: $0)) } }
    }

    /// The share of differing pixels.
    func share(threshold: Double) -> Double {
        let largest = 35_215 * threshold * threshold
        var count = 0
        for y in 0..<height {
            for x in 0..<width {
                let (a, b) = (first[y * width + x], second[y * width + x])
                if a == b { continue }
                let (dy, di, dq) = (a.y - b.y, a.i - b.i, a.q - b.q)
                guard 0.5053 * dy * dy + 0.299 * di * di + 0.1957 * dq * dq > largest else { continue }
                if !isAntialiased(first, second, x, y) && !isAntialiased(second, first, x, y) { count += 1 }
            }
        }
        return Double(count) / Double(max(1, width * height))
    }

    private func forEachNeighbour(_ x: Int, _ y: Int, _ body: (Int, Int) -> Void) {
        for row in max(y - 1, 0)...min(y + 1, height - 1) {
            for column in max(x - 1, 0)...min(x + 1, width - 1) where column != x || row != y { body(column, row) }
        }
    }

    private func isAtSide(_ x: Int, _ y: Int) -> Bool { x == 0 || y == 0 || x == width - 1 || y == height - 1 }

    private func isAntialiased(_ image: [Pixel], _ other: [Pixel], _ x: Int, _ y: Int) -> Bool {
        var equal = isAtSide(x, y) ? 1 : 0
        var (lowest, highest) = (0.0, 0.0)
        var (low, high) = ((x, y), (x, y))
        let middle = image[y * width + x]
        forEachNeighbour(x, y) { column, row in
            let delta = middle.y - image[row * width + column].y
            if delta == 0 { equal += 1 }
            if delta < lowest { (lowest, low) = (delta, (column, row)) }
            if delta > highest { (highest, high) = (delta, (column, row)) }
        }
        if equal > 2 || lowest == 0 || highest == 0 { return false }
        func inBoth(_ place: (Int, Int)) -> Bool {
            hasManySiblings(image, place.0, place.1) && hasManySiblings(other, place.0, place.1)
        }
        return inBoth(low) || inBoth(high)
    }

    private func hasManySiblings(_ image: [Pixel], _ x: Int, _ y: Int) -> Bool {
        var equal = isAtSide(x, y) ? 1 : 0
        forEachNeighbour(x, y) { column, row in
            if image[y * width + x] == image[row * width + column] { equal += 1 }
        }
        return equal > 2
    }
}
