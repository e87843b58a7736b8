// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension LayerManifest {
    private static let coverageLimits = ["gap_m", "overlap_m", "area_m2"]

    /// What is done where towns meet.
    static func readSeams(_ value: YAMLValue, tiles: Bool, geometry: GeometryType, fields: [String]) -> SeamLimits {
        var limits = SeamLimits()
        guard let mapping = value.mapping("limits of seams", known: coverageLimits + ["ends", "twins"]) else {
            return limits
        }
        if let gap = mapping["gap_m"]?.number(in: 0...50) { limits.gapWidth = gap }
        if let overlap = mapping["overlap_m"]?.number(in: 0...50) { limits.overlapWidth = overlap }
        if let area = mapping["area_m2"]?.number(in: 0...1_000_000) { limits.area = area }
        if let ends = mapping["ends"] {
            if ![.lineString, .multiLineString].contains(geometry) {
                ends.refuse("\"ends\" is for layers of lines, and this one holds \(geometry.rawValue)")
            }
            limits.ends = readEnds(ends, fields)
        }
        if let twins = mapping["twins"] {
            if ![.polygon, .multiPolygon, .point].contains(geometry) {
                twins.refuse("\"twins\" is for layers of areas and points, and this one holds \(geometry.rawValue)")
            } else if tiles {
                twins.refuse("\"twins\" is not for a layer that tiles: what lies there twice is an overlap of its seams")
            }
            limits.twins = readTwins(twins, fields)
        }
        return limits
    }

    private static func readEnds(_ value: YAMLValue, _ fields: [String]) -> LineEndLimits {
        var limits = LineEndLimits()
        guard let mapping = value.mapping("limits of line ends", known: ["reach_m", "turn_deg", "name"]) else {
            return limits
        }
        if let reach = mapping["reach_m"]?.number(in: 0...20) { limits.reach = reach }
        if let turn = mapping["turn_deg"]?.number(in: 0...90) { limits.sharpestTurn = turn }
        limits.name = mapping["name"].flatMap { readKey($0, among: fields).first }
        return limits
    }

    private static func readTwins(_ value: YAMLValue, _ fields: [String]) -> TwinLimits {
        var limits = TwinLimits()
        guard let mapping = value.mapping("limits of twins", known: ["same", "distance_m", "name", "joins"]) else {
            return limits
        }
        if let same = mapping["same"]?.number(in: 0.5...1) { limits.same = same }
        if let distance = mapping["distance_m"]?.number(in: 0...50) { limits.distance = distance }
        limits.name = mapping["name"].flatMap { readKey($0, among: fields).first }
        limits.joins = mapping["joins"].map { readKey($0, among: fields) } ?? []
        return limits
    }
}
