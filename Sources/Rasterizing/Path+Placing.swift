// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension Path {
    /// Becomes another path, moved; the memory is kept.
    public mutating func place(_ other: Path, at origin: SubpixelPoint) {
        removeAll()
        for point in other.points { points.append(SubpixelPoint(x: point.x &+ origin.x, y: point.y &+ origin.y)) }
        contours.append(contentsOf: other.contours)
    }
}
