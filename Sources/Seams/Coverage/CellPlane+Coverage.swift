// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension CellPlane {
    func inwards(_ rules: CoverageRules) -> CoverageRules {
        var rules = rules
        rules.gapWidth = inwards(rules.gapWidth)
        rules.overlapWidth = inwards(rules.overlapWidth)
        rules.gapArea /= metres * metres
        rules.overlapArea /= metres * metres
        // No less than what rounding to a cell makes.
        rules.smallestWidth = max(inwards(rules.smallestWidth), 0.00075)
        rules.spikeLength = inwards(rules.spikeLength)
        return rules
    }

    func inwards(_ feature: CoverageFeature) -> CoverageFeature {
        var feature = feature
        feature.geometry = inwards(feature.geometry)
        return feature
    }

    func outwards(_ result: CoverageResult) -> CoverageResult {
        guard metres != 1 else { return result }
        var result = result
        result.changed = result.changed.mapValues { outwards($0) }
        for number in result.defects.indices {
            let defect = result.defects[number]
            result.defects[number].place = outwards(place: defect.place)
            result.defects[number].geometry = outwards(defect.geometry)
            result.defects[number].width = outwards(defect.width)
            result.defects[number].length = outwards(defect.length)
            result.defects[number].area = outwards(area: defect.area)
        }
        for number in result.totals.indices {
            result.totals[number].area = outwards(area: result.totals[number].area)
        }
        for number in result.movements.indices {
            let movement = result.movements[number]
            result.movements[number].largestShift = outwards(movement.largestShift)
            result.movements[number].areaGiven = outwards(area: movement.areaGiven)
            result.movements[number].areaTaken = outwards(area: movement.areaTaken)
        }
        return result
    }
}
