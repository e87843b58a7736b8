// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import SimpleFeatures

/// What is wrong with a whole file.
enum FileFault {
    /// Drawn in another plane than the file says.
    case plane(DeliveredPlane)
    /// Moved by one step, in metres on the grid.
    case shifted(Vector)
    /// North stands before east.
    case swappedAxes
    /// Neither the file nor `district.yaml` says where it lies.
    case lackingPlane
    /// The `.cpg` says this.
    case codePage(String)
    /// One column of the table is in another encoding; the field is ours.
    case column(String, encoding: String)
    /// Only this share of the file arrived.
    case cut(Double)
    /// Drawn in another plane, with a `.cpg` that lies and two fields that
    /// `district.yaml` has the wrong way round.
    case compound(DeliveredPlane, codePage: String)

    /// The plane of the drawing; nil for the town's own.
    var plane: DeliveredPlane? {
        switch self {
        case .plane(let plane), .compound(let plane, _): plane
        case .shifted, .swappedAxes, .lackingPlane, .codePage, .column, .cut: nil
        }
    }

    /// A feature before it is drawn.
    func spoil(_ geometry: Geometry) -> Geometry {
        guard case .shifted(let step) = self else { return geometry }
        return geometry.mapCoordinates { $0.map { ($0 + step).onGrid } }
    }

    /// A feature as it was drawn.
    func turn(_ geometry: Geometry) -> Geometry {
        guard case .swappedAxes = self else { return geometry }
        return geometry.mapCoordinates { $0.map { Coordinate(x: $0.y, y: $0.x) } }
    }

    /// The finished file.
    func finish(_ file: URL, of delivery: Delivery) throws {
        switch self {
        case .plane, .shifted, .swappedAxes, .lackingPlane: break
        case .codePage(let name), .compound(_, let name):
            try Data(name.utf8).write(to: file.deletingPathExtension().appendingPathExtension("cpg"))
        case .column(let field, let encoding):
            try DBaseColumn.recode(
                delivery.habit.dialect.name(of: field, in: delivery.layer), from: delivery.habit.encoding, to: encoding,
                in: file.deletingPathExtension().appendingPathExtension("dbf"))
        case .cut(let share):
            let bytes = try Data(contentsOf: file)
            try bytes.prefix(Int(Double(bytes.count) * share)).write(to: file)
        }
    }

    /// What `district.yaml` says.
    func declare(_ source: inout SourceProposal) {
        switch self {
        case .plane, .shifted, .swappedAxes, .column, .cut: break
        case .lackingPlane: source.crs = nil
        case .codePage: source.encoding = nil
        case .compound:
            source.crs = nil
            source.encoding = nil
            guard source.fields.count >= 2 else { return }
            (source.fields[0].from, source.fields[1].from) = (source.fields[1].from, source.fields[0].from)
        }
    }
}
