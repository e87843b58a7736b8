// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Testing
import TileMatrixSets

@Suite struct HilbertCurveTests {
    @Test func `the curve visits each cell once and moves by one`() {
        for order in 1...6 {
            let side = UInt32(1) << UInt32(order)
            var previous: (x: UInt32, y: UInt32)?
            for index in 0..<(UInt64(side) * UInt64(side)) {
                let cell = HilbertCurve.cell(at: index, order: order)
                #expect(HilbertCurve.index(x: cell.x, y: cell.y, order: order) == index)
                if let previous {
                    let steps =
                        abs(Int(cell.x) - Int(previous.x)) + abs(Int(cell.y) - Int(previous.y))
                    #expect(steps == 1)
                }
                previous = cell
            }
        }
    }

    @Test func `the largest order holds the corners of 32 bits`() {
        for x in [UInt32.min, 1, .max / 2, .max] {
            for y in [UInt32.min, 7, .max / 3, .max] {
                let cell = HilbertCurve.cell(at: HilbertCurve.index(x: x, y: y))
                #expect(cell.x == x && cell.y == y)
            }
        }
        #expect(HilbertCurve.index(x: .max, y: 0) == .max)
        #expect(HilbertCurve.index(x: 3, y: 3, order: 0) == 0)
    }

    @Test(arguments: [
        (0, 0, 0, 0), (1, 0, 0, 1), (1, 0, 1, 2), (1, 1, 1, 3), (1, 1, 0, 4), (2, 0, 0, 5),
        (12, 3423, 1763, 19_078_479),
    ])
    func `tile numbers are those of the published vectors`(z: Int, x: Int, y: Int, number: UInt64) {
        #expect(TileID.number(of: TileAddress(z: z, x: x, y: y)) == number)
        #expect(TileID.address(of: number) == TileAddress(z: z, x: x, y: y))
    }

    @Test func `numbers outside the levels and tiles outside the grid have no partner`() {
        #expect(TileID.number(of: TileAddress(z: 3, x: 8, y: 0)) == nil)
        #expect(TileID.number(of: TileAddress(z: 32, x: 0, y: 0)) == nil)
        #expect(TileID.number(of: TileAddress(z: -1, x: 0, y: 0)) == nil)
        #expect(
            TileID.number(of: TileAddress(z: 31, x: Int(Int32.max), y: 0)).flatMap(TileID.address)?.tileColumn
                == Int(Int32.max))
        #expect(TileID.address(of: .max) == nil)
    }
}
