// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Projections
import SimpleFeatures

/// Measures on the first features of a source how far a distorted system or a
/// fit moves positions beyond a plain change of coordinates.
struct ShiftSample {
    private static let size = 1000

    /// Where positions would lie without the distortion or the fit.
    private let plain: CoordinateTransform?
    private var count = 0
    private var sum = 0.0
    private var smallest = Double.infinity
    private var largest = 0.0

    init(_ transform: CoordinateTransform, grid: CoordinateReferenceSystem) throws {
        if let unshifted = transform.unshifted {
            plain = unshifted
        } else if let source = transform.source, source.isDistorted {
            plain = try CoordinateTransform(from: .crs84, to: grid)
        } else {
            plain = nil
        }
    }

    /// - Parameters:
    ///   - source: a position as the file has it.
    ///   - image: the same position on the grid.
    mutating func note(_ source: Coordinate, image: Coordinate) {
        guard count < Self.size, let plain = try? plain?.transform(source) else { return }
        let distance = plain.distance(to: image)
        count += 1
        sum += distance
        smallest = min(smallest, distance)
        largest = max(largest, distance)
    }

    var result: MergeReport.Shift? {
        count == 0 ? nil : .init(smallest: smallest, mean: sum / Double(count), largest: largest)
    }
}
