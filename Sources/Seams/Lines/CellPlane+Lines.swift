// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

extension CellPlane {
    func inwards(_ rules: LineRules) -> LineRules {
        var rules = rules
        rules.reach = inwards(rules.reach)
        rules.directionLength = inwards(rules.directionLength)
        return rules
    }

    func inwards(_ line: SeamLine) -> SeamLine {
        var line = line
        line.geometry = inwards(line.geometry)
        return line
    }

    func outwards(_ result: LineResult) -> LineResult {
        guard metres != 1 else { return result }
        var result = result
        result.changed = result.changed.mapValues { outwards($0) }
        result.shifts = result.shifts.mapValues { outwards($0) }
        for number in result.records.indices {
            let record = result.records[number]
            result.records[number].place = outwards(place: record.place)
            result.records[number].positions = record.positions.map(outwards(place:))
            result.records[number].distance = outwards(record.distance)
        }
        return result
    }
}
