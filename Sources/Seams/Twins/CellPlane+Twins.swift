// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

extension CellPlane {
    func inwards(_ rules: TwinRules) -> TwinRules {
        var rules = rules
        rules.cutDistance = inwards(rules.cutDistance)
        rules.shortestCut = inwards(rules.shortestCut)
        rules.pointDistance = inwards(rules.pointDistance)
        rules.placeDistance = inwards(rules.placeDistance)
        return rules
    }

    func inwards(_ feature: TwinFeature) -> TwinFeature {
        var feature = feature
        feature.geometry = inwards(feature.geometry)
        return feature
    }

    func outwards(_ feature: TwinFeature) -> TwinFeature {
        var feature = feature
        feature.geometry = outwards(feature.geometry)
        return feature
    }

    func outwards(_ result: TwinResult) -> TwinResult {
        guard metres != 1 else { return result }
        var result = result
        for number in result.decisions.indices {
            let decision = result.decisions[number]
            if case .joined(let whole, let kept, let dropped) = decision.verdict {
                result.decisions[number].verdict = .joined(outwards(whole), kept: kept, dropped: dropped)
            }
            result.decisions[number].place = outwards(place: decision.place)
            // What two areas share need not lie on the grid.
            result.decisions[number].geometry = decision.geometry.mapCoordinates { $0.map(outwards(place:)) }
            result.decisions[number].distance = outwards(decision.distance)
            result.decisions[number].area = outwards(area: decision.area)
        }
        return result
    }
}
