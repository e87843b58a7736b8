// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Seams
import SimpleFeatures

/// Joins the ends of roads and rivers where two towns meet.
struct LineSeaming: LayerSeaming {
    let layer: SeamLayer
    let rules: LineRules
    private let ground: TownGround
    private let fields: [String]

    init(_ layer: SeamLayer, _ limits: LineEndLimits, ground: TownGround) {
        self.layer = layer
        self.ground = ground
        var rules = LineRules()
        rules.reach = limits.reach
        rules.sharpestTurn = limits.sharpestTurn
        self.rules = rules
        fields = layer.manifest.seams.comparedFields
    }

    func whole() throws -> SeamOutcome {
        // Ends without any line of another town nearby may be dangling: all are looked at.
        let lines = try layer.all(fields: fields).compactMap(line)
        var outcome = outcome(LineSeams(rules: rules, precision: layer.precision).join(lines, isAtSeam: isAtSeam))
        outcome.considered = nil
        return outcome
    }

    func around(_ dirty: [Envelope]) throws -> SeamOutcome {
        outcome(
            LineSeams(rules: rules, precision: layer.precision).join(
                around: dirty,
                source: { envelope in
                    layer.features(meeting: envelope, shift: rules.reach, fields: fields).compactMap(line)
                }, isAtSeam: isAtSeam))
    }

    private func isAtSeam(_ place: Coordinate, _ owner: Int64) -> Bool {
        ground.isAtBorder(place, of: owner, within: rules.reach)
    }

    private func line(_ number: Int64) -> SeamLine? {
        guard let original = layer.feature(number) else { return nil }
        let owner = layer.owner(of: original.source)
        let name = layer.manifest.seams.ends?.name == nil ? nil : original.values.first ?? nil
        return SeamLine(
            id: number, owner: owner.number, authority: owner.authority, isProtected: owner.isProtected,
            name: name?.comparedName, geometry: original.geometry)
    }

    private func outcome(_ result: LineResult) -> SeamOutcome {
        var outcome = SeamOutcome()
        outcome.changed = result.changed
        outcome.records = result.records.map(record).sorted {
            ($0.isRepaired ? 1 : 0, -$0.width, $0.place.x, $0.place.y)
                < ($1.isRepaired ? 1 : 0, -$1.width, $1.place.x, $1.place.y)
        }
        outcome.countTotals()
        var partners: [Int64: Set<Int64>] = [:]
        for record in result.records where record.outcome == .joined {
            for end in record.ends { partners[end.line, default: []].formUnion(record.ends.map(\.line)) }
        }
        outcome.movements = result.shifts.sorted { $0.key < $1.key }.map { line, shift in
            let others = (partners[line] ?? []).subtracting([line])
            return MovementRecord(
                layer: layer.definition.id, feature: layer.id(line), largestShift: shift, areaGiven: 0, areaTaken: 0,
                with: others.map(layer.id).sorted())
        }
        outcome.considered = result.considered
        return outcome
    }

    private func record(_ record: LineRecord) -> SeamRecord {
        let lines = Set(record.ends.map(\.line) + [record.neighbour].compactMap { $0 })
        let kind: String
        var reason = ""
        switch record.outcome {
        case .joined: kind = "line-end"
        case .unsure(let doubt): (kind, reason) = ("line-end", doubt.rawValue)
        case .beside: (kind, reason) = ("end-beside-line", "an end is not moved onto the inner part of a line")
        case .dangling: (kind, reason) = ("dangling-end", "no line of the next town goes on there")
        }
        return SeamRecord(
            layer: layer.definition.id, kind: kind, isRepaired: record.outcome == .joined, reason: reason,
            place: record.place, width: record.distance, length: 0, area: 0, confidence: record.confidence,
            features: lines.map(layer.id).sorted(), sources: layer.sources(of: Array(lines)),
            seam: layer.id(record.ends[0].line),
            geometry: record.positions.count > 1
                ? .lineString(LineString(record.positions)) : .point(Point(record.place)))
    }
}
