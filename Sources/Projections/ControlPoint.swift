// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Which of the two numbers of a position counts to the east.
public enum AxisOrder: String, Hashable, Sendable, Codable, CaseIterable {
    /// East first.
    case eastFirst = "xy"
    /// North first, as surveyors write: both the delivery and the columns
    /// `src_e` and `src_n` of its control points have their places changed.
    case northFirst = "yx"
}

/// A point whose position is known in two systems.
///
/// `source` is x = east, y = north (or longitude, latitude) as the delivery
/// counts; `target` is metres on the district grid, x = east, y = north.
public struct ControlPoint: Hashable, Sendable {
    public enum Role: String, Hashable, Sendable {
        /// Determines the fit.
        case control
        /// Only tests it.
        case check
    }

    public var id: String
    public var source: Coordinate
    public var target: Coordinate
    public var role: Role
    /// Above the ellipsoids of the source and of the grid, in metres; nil when
    /// nobody measured them.
    public var sourceHeight, targetHeight: Double?
    /// The day, month or year of the survey, as ISO 8601 has it.
    public var surveyed: String?
    /// The order or grade of the point in its network, as the table has it.
    public var grade: String?

    public init(
        id: String, source: Coordinate, target: Coordinate, role: Role = .control, sourceHeight: Double? = nil,
        targetHeight: Double? = nil, surveyed: String? = nil, grade: String? = nil
    ) {
        self.id = id
        self.source = source
        self.target = target
        self.role = role
        self.sourceHeight = sourceHeight
        self.targetHeight = targetHeight
        self.surveyed = surveyed
        self.grade = grade
    }

    /// The same point with north and east of its source changed.
    var withSwappedSource: ControlPoint {
        var point = self
        point.source = Coordinate(x: source.y, y: source.x)
        return point
    }
}
