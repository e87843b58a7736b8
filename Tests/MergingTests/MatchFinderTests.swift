// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite struct `What may be the same feature` {
    private func area(_ id: Int64, _ west: Double, _ east: Double, _ values: [String: String] = [:]) throws
        -> ComparableFeature
    {
        let ring = [(west, 0.0), (east, 0), (east, 10), (west, 10), (west, 0)].map { Coordinate(x: $0.0, y: $0.1) }
        return ComparableFeature(
            id: id, row: id, geometry: .polygon(Polygon(LinearRing(ring))), attributes: values)
    }

    private func point(_ id: Int64, _ x: Double, _ values: [String: String]) -> ComparableFeature {
        ComparableFeature(id: id, row: id, geometry: .point(Point(x: x, y: 0)), attributes: values)
    }

    private func found(_ former: [ComparableFeature], _ present: [ComparableFeature]) throws -> ([[Int64]], Int) {
        var finder = try MatchFinder()
        finder.find(former, present)
        return (finder.pairs.map { [$0.former.id, $0.present.id] }, finder.ambiguous)
    }

    @Test func `shares half of its ground and half of its values, or nearly all of its ground`() throws {
        let house = try area(1, 0, 10, ["name": "甲", "use": "住宅"])
        let same = ["name": "甲", "use": "工业"]
        #expect(try found([house], [area(7, 0, 19, same)]).0 == [[1, 7]])
        #expect(try found([house], [area(7, 0, 21, same)]).0 == [])
        let other = ["name": "乙", "use": "工业"]
        #expect(try found([house], [area(7, 0, 11, other)]).0 == [[1, 7]])
        #expect(try found([house], [area(7, 0, 12, other)]).0 == [])
    }

    @Test func `lies within ten metres, or at the same place whatever its values say`() throws {
        let shop = point(1, 100, ["name": "甲"])
        #expect(try found([shop], [point(7, 109.9, ["name": "甲"])]).0 == [[1, 7]])
        #expect(try found([shop], [point(7, 110.1, ["name": "甲"])]).0 == [])
        #expect(try found([shop], [point(7, 101, ["name": "乙"])]).0 == [])
        #expect(try found([shop], [point(7, 100, ["name": "乙"])]).0 == [[1, 7]])
    }

    @Test func `is the only one that it can be, from both sides`() throws {
        let name = ["name": "甲"]
        let two = [point(7, 101, name), point(8, 99, name)]
        #expect(try found([point(1, 100, name)], two) == ([], 1))
        #expect(try found(two, [point(1, 100, name)]) == ([], 2))
        #expect(try found([point(1, 100, name), point(2, 500, name)], two + [point(9, 501, name)]) == ([[2, 9]], 1))
    }

    @Test func `is a thing of the same kind`() throws {
        #expect(try found([point(1, 5, [:])], [area(7, 0, 10)]).0 == [])
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `is found in any order`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let former = (1...40).map { point($0, Double.random(in: 0...400, using: &random), ["name": "\($0 % 7)"]) }
        let present = former.map { feature in
            let east = (feature.geometry.firstCoordinate?.x ?? 0) + Double.random(in: -8...8, using: &random)
            return point(feature.id + 100, east, feature.attributes)
        }
        let expected = try found(former, present)
        #expect(!expected.0.isEmpty && expected.1 > 0, "seed \(seed)")
        let shuffled = try found(former.shuffled(using: &random), present.shuffled(using: &random))
        #expect(shuffled == expected, "seed \(seed)")
    }
}
