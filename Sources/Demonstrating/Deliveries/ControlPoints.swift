// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// Points of a town that were surveyed in both planes.
enum ControlPoints {
    /// The file that ties a town's plane to the district's grid: six points that
    /// determine it around the town, and two inside that test it.
    static func csv(for town: TownPartition.Town, plane: DeliveredPlane) throws -> String {
        var envelope = Envelope.empty
        for polygon in town.polygons {
            for place in polygon.exteriorRing.coordinates { envelope.expand(toContain: place) }
        }
        let drawing = try PlaneDrawing(plane)
        let around = envelope.expanded(by: 400)
        let places: [(Double, Double, String)] = [
            (0, 0, "control"), (1, 0.05, "control"), (0.95, 1, "control"), (0.04, 0.96, "control"),
            (0.48, 0.02, "control"), (0.52, 0.98, "control"), (0.34, 0.55, "check"), (0.7, 0.42, "check"),
        ]
        var text = "id,src_e,src_n,dst_e,dst_n,role\n"
        for (index, (s, t, role)) in places.enumerated() {
            let truth = Coordinate(
                x: around.minX + around.width * s + 3.217 * Double(index),
                y: around.minY + around.height * t + 1.731 * Double(index)
            ).onGrid
            guard case .point(let point) = try drawing.draw(.point(Point(truth))), let drawn = point.coordinate else {
                continue
            }
            let millimetre = GridPrecision.millimetre.snap(drawn)
            text += "K\(index + 1),\(millimetre.x),\(millimetre.y),\(truth.x),\(truth.y),\(role)\n"
        }
        return text
    }
}
