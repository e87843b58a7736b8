// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import Seams
import SimpleFeatures

/// Finds what two towns delivered both, or each a part of: one of twins stands
/// on the map, and the parts of what was cut become one.
struct TwinSeaming: LayerSeaming {
    let layer: SeamLayer
    let rules: Rules
    private let fields: [String]

    struct Rules: Hashable, Encodable {
        var twins = TwinRules()
        var name: String?
        var joins: [String]
    }

    init(_ layer: SeamLayer, _ limits: TwinLimits) {
        self.layer = layer
        rules = Rules(limits)
        fields = layer.manifest.seams.comparedFields
    }

    func whole() throws -> SeamOutcome {
        let near = try layer.nearOthers(rules.twins.farthest, fields: fields).compactMap(twin)
        let twins = try TwinSeams(rules: rules.twins, precision: layer.precision)
        var outcome = try outcome(twins.decisions(on: near, agree: agree))
        outcome.considered = nil
        return outcome
    }

    func around(_ dirty: [Envelope]) throws -> SeamOutcome {
        let result = try TwinSeams(rules: rules.twins, precision: layer.precision).decisions(
            around: dirty,
            source: { envelope in
                layer.features(meeting: envelope, shift: rules.twins.farthest, fields: fields).compactMap(twin)
            }, agree: agree)
        return try outcome(result)
    }

    private func twin(_ number: Int64) -> TwinFeature? {
        guard let original = layer.feature(number) else { return nil }
        let owner = layer.owner(of: original.source)
        let name = rules.name == nil ? nil : original.values.first ?? nil
        return TwinFeature(
            id: number, owner: owner.number, authority: owner.authority, isProtected: owner.isProtected,
            source: original.source, name: name?.comparedName, geometry: original.geometry)
    }

    /// Parts of one thing have the same in all fields that were named for it.
    private func agree(_ one: TwinFeature, _ two: TwinFeature) -> Bool {
        guard !rules.joins.isEmpty, let first = layer.feature(one.id), let second = layer.feature(two.id) else {
            return false
        }
        return first.values.suffix(rules.joins.count).map { $0?.comparedName }
            == second.values.suffix(rules.joins.count).map { $0?.comparedName }
    }

    private func outcome(_ result: TwinResult) throws -> SeamOutcome {
        var outcome = SeamOutcome()
        for decision in result.decisions {
            outcome.records.append(record(decision))
            switch decision.verdict {
            case .duplicate(_, let dropped):
                outcome.suppressed[dropped] = Suppression(kept: result.standIns[dropped] ?? 0, kind: "twin")
            case .joined(let whole, let kept, let dropped):
                let type = layer.definition.schema.geometryType
                outcome.changed[kept] = (try? whole.conformed(to: type)) ?? whole
                outcome.suppressed[dropped] = Suppression(kept: result.standIns[dropped] ?? 0, kind: "cut")
                outcome.movements.append(
                    MovementRecord(
                        layer: layer.definition.id, feature: layer.id(kept), largestShift: decision.distance,
                        areaGiven: 0, areaTaken: 0, with: [layer.id(dropped)]))
            case .cut, .unsure: break
            }
        }
        outcome.movements.sort { $0.feature < $1.feature }
        outcome.records.sort {
            ($0.isRepaired ? 1 : 0, -$0.area, $0.place.x, $0.place.y)
                < ($1.isRepaired ? 1 : 0, -$1.area, $1.place.x, $1.place.y)
        }
        outcome.countTotals()
        outcome.considered = result.considered
        return outcome
    }

    private func record(_ decision: TwinDecision) -> SeamRecord {
        let kind: String
        var reason = ""
        switch decision.verdict {
        case .duplicate: kind = "twin"
        case .joined: kind = "cut"
        case .cut(let doubt): (kind, reason) = ("cut", doubt.rawValue)
        case .unsure(let doubt): (kind, reason) = ("twin", doubt.rawValue)
        }
        let features = decision.features
        return SeamRecord(
            layer: layer.definition.id, kind: kind, isRepaired: reason.isEmpty, reason: reason, place: decision.place,
            width: decision.distance, length: 0, area: decision.area, confidence: decision.confidence,
            features: features.map(layer.id).sorted(), sources: layer.sources(of: features),
            seam: layer.id(features[0]), geometry: decision.geometry)
    }
}

extension TwinSeaming.Rules {
    init(_ limits: TwinLimits) {
        twins.sameShare = limits.same
        twins.pointDistance = limits.distance
        name = limits.name
        joins = limits.joins
    }
}

extension String {
    /// A name as it is compared: without spaces, case and the width of letters.
    /// Nil when nothing is left.
    var comparedName: String? {
        let name = precomposedStringWithCompatibilityMapping.lowercased().filter { !$0.isWhitespace }
        return name.isEmpty ? nil : name
    }
}
