// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Projections
import SimpleFeatures

/// Measures features beside the area that a register states, which is never
/// computed anew: on the plane of the grid and on the ellipsoid, as they were
/// delivered. A difference beyond the tolerance is reported.
struct RegisteredAreas {
    struct Plan: Codable, Sendable {
        /// Positions among the layer's fields.
        var registered: Int
        var planar: Int
        var ellipsoidal: Int
        /// The symbol of the registered area's unit.
        var unit: String
        /// The denominator of the scale that it was determined at.
        var scale: Int

        /// Nil when the layer has no registered area.
        init?(_ manifest: LayerManifest) {
            let fields = manifest.fields
            guard let registered = fields.firstIndex(where: { $0.registeredScale != nil }),
                let planar = fields.firstIndex(where: { $0.measure == .planarArea }),
                let ellipsoidal = fields.firstIndex(where: { $0.measure == .ellipsoidalArea }),
                let scale = fields[registered].registeredScale, let unit = fields[registered].unit
            else { return nil }
            self.registered = registered
            self.planar = planar
            self.ellipsoidal = ellipsoidal
            self.unit = unit.symbol
            self.scale = scale
        }

        /// How far two determinations of one area may differ, in square metres:
        /// 0.0003 · *M* · √*S*, for areas taken from a map of scale 1 : *M*, as the
        /// rules of the cadastral survey have it (TD/T 1001).
        func tolerance(of area: Double) -> Double { 0.0003 * Double(scale) * max(area, 0).squareRoot() }
    }

    private let plan: Plan
    private let ellipsoid: EllipsoidalArea
    private let unit: MeasurementUnit?
    private let squareMetre = MeasurementUnit(named: "m²")
    private var compared = 0
    private var differing = 0
    private var sums = (registered: 0.0, planar: 0.0, ellipsoidal: 0.0)

    init(_ plan: Plan, grid: CoordinateReferenceSystem) throws {
        self.plan = plan
        ellipsoid = try EllipsoidalArea(grid)
        unit = MeasurementUnit(named: plan.unit)
    }

    /// Writes both areas into a record, and compares them with the registered one.
    ///
    /// - Parameter geometry: on the grid.
    mutating func fill(
        _ values: inout [AttributeValue], of geometry: Geometry, row: Int64, issues: inout IssueCollector
    ) throws {
        let planar = geometry.planarArea
        let ellipsoidal = try ellipsoid.area(of: geometry)
        // A thousandth of a square metre is less than a grid of millimetres can tell.
        values[plan.planar] = .real(planar.rounded(toPlaces: 3))
        values[plan.ellipsoidal] = .real(ellipsoidal.rounded(toPlaces: 3))
        guard let stated = values[plan.registered].number, let unit, let squareMetre,
            let registered = unit.convert(stated, to: squareMetre)
        else { return }
        compared += 1
        sums = (sums.registered + registered, sums.planar + planar, sums.ellipsoidal + ellipsoidal)
        let difference = min(abs(registered - planar), abs(registered - ellipsoidal))
        let tolerance = plan.tolerance(of: registered)
        guard difference > tolerance else { return }
        differing += 1
        let middle = geometry.envelope.center
        issues.note(
            .init(
                kind: .noted, row: row, name: "area-differs",
                message: "Record \(row): its registered area is \(registered.rounded(toPlaces: 2)) m², on the grid it has "
                    + "\(planar.rounded(toPlaces: 2)) m² and on the ellipsoid \(ellipsoidal.rounded(toPlaces: 2)) m²; "
                    + "\(tolerance.rounded(toPlaces: 2)) m² are allowed.", x: middle.x, y: middle.y))
    }

    /// What the report says when some differ.
    var notes: [String] {
        guard differing > 0 else { return [] }
        let areas = compared == 1 ? "1 registered area was" : "\(compared) registered areas were"
        return [
            "\(areas) kept as stated, \(sums.registered.rounded(toPlaces: 1)) m² in sum; measured: "
                + "\(sums.planar.rounded(toPlaces: 1)) m² on the grid, \(sums.ellipsoidal.rounded(toPlaces: 1)) m² on the "
                + "ellipsoid. Differing by more than is allowed at 1:\(plan.scale): \(differing)."
        ]
    }
}
