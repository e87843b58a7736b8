// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures

/// Measures on the first features of a source how far a distorted system or a
/// fit moves positions beyond a plain change of coordinates.
struct ShiftSample {
    private enum Comparison {
        /// Where the position would lie if it were not distorted.
        case plain(CoordinateTransform)
        /// Where it would lie without the fit.
        case beforeFit(PlaneSimilarity)
    }

    private static let size = 1000

    private let comparison: Comparison?
    private var count = 0
    private var sum = 0.0
    private var smallest = Double.infinity
    private var largest = 0.0

    init(_ transform: CoordinateTransform, grid: CoordinateReferenceSystem) throws {
        if let fit = transform.fit, transform.source != nil {
            comparison = .beforeFit(fit.similarity.inverse)
        } else if let source = transform.source, source.isDistorted {
            comparison = .plain(try CoordinateTransform(from: .crs84, to: grid))
        } else {
            comparison = nil
        }
    }

    /// - Parameters:
    ///   - source: a position as the file has it.
    ///   - image: the same position on the grid.
    mutating func note(_ source: Coordinate, image: Coordinate) {
        guard let comparison, count < Self.size else { return }
        let plain: Coordinate?
        switch comparison {
        case .plain(let transform): plain = try? transform.transform(source)
        case .beforeFit(let inverse): plain = inverse.apply(to: image)
        }
        guard let plain else { return }
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
