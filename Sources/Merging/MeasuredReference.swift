// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Projections

/// A way onto the grid that somebody measured: control points, or seven
/// parameters that a district has.
struct MeasuredReference {
    let transform: CoordinateTransform
    /// The system before the datum; nil for a plane that only control points describe.
    let source: CoordinateReferenceSystem?
    let name: String
    let axes: AxisOrder?

    /// Nil for a reference that only names a system.
    ///
    /// - Throws: `MergingError` of kind `.sourceRefused`, or `ProjectionsError`,
    ///   when the points or the parameters lead nowhere.
    init?(_ reference: SourceJob.Reference, to grid: CoordinateReferenceSystem) throws {
        switch reference {
        case .fromFile, .declared: return nil
        case .fitted(let plan):
            let url = URL(fileURLWithPath: plan.points)
            guard let text = try? String(contentsOf: url, encoding: .utf8) else {
                throw MergingError(
                    .sourceRefused, "The control points in “\(url.lastPathComponent)” cannot be read as UTF-8.")
            }
            let points = try ControlPoint.read(csv: text, file: url.lastPathComponent)
            source = try plan.from.map { try CoordinateReferenceSystem(parsing: $0) }
            transform = try CoordinateTransform.fitted(
                from: source, to: grid, points: points,
                model: plan.rotation.map { .sevenParameters($0) } ?? .fourParameters, axes: plan.axes)
            name = "fit:\(url.lastPathComponent)" + (source.map { " from \($0.definition)" } ?? "")
            axes = plan.axes
        case .shifted(let parameters, let from, let declared):
            let system = try CoordinateReferenceSystem(parsing: from)
            source = system
            transform = try CoordinateTransform.shifted(from: system, to: grid, by: parameters, axes: declared)
            name = "seven parameters from \(from)"
            axes = declared
        }
    }
}
