// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import Testing

@Suite struct PixmapTests {
    @Test func `Straight channels are multiplied by alpha, rounded to the nearest`() {
        let color = PremultipliedColor(straightRed: 255, green: 128, blue: 1, alpha: 128)
        #expect(color.red == 128)
        #expect(color.green == 64)
        #expect(color.blue == 1)
        #expect(color.alpha == 128)
        let orange = PremultipliedColor(straightRed: 255, green: 128, blue: 0)
        #expect(PremultipliedColor(red: 1, green: 0.5, blue: 0, alpha: 1) == orange)
    }

    @Test func `Numbers outside of a colour's range are cut to it`() {
        let red = PremultipliedColor(straightRed: 255, green: 0, blue: 0)
        #expect(PremultipliedColor(red: 7, green: -3, blue: .nan, alpha: 2) == red)
        #expect(PremultipliedColor(red: 1, green: 1, blue: 1, alpha: .nan) == .transparent)
    }

    @Test func `Every premultiplied colour survives going through straight channels`() {
        for alpha in 0...255 {
            for channel in 0...alpha {
                let color = PremultipliedColor(
                    premultipliedRed: UInt8(channel), green: 0, blue: UInt8(alpha), alpha: UInt8(alpha))
                let straight = color.straight
                let back = PremultipliedColor(
                    straightRed: straight.red, green: straight.green, blue: straight.blue, alpha: straight.alpha)
                #expect(back == color)
            }
        }
    }

    @Test func `A cropped picture is transparent outside of the original`() {
        var pixmap = Pixmap(width: 2, height: 2, color: .white)
        pixmap[1, 1] = .black
        let cropped = pixmap.cropped(x: 1, y: 1, width: 2, height: 3)
        #expect(cropped[0, 0] == .black)
        #expect(cropped[1, 0] == .transparent)
        #expect(cropped[0, 2] == .transparent)
        #expect(pixmap.cropped(x: -1, y: 0, width: 2, height: 1)[1, 0] == .white)
    }

    @Test func `A picture of one colour knows it`() {
        var pixmap = Pixmap(width: 3, height: 3, color: .white)
        #expect(pixmap.solidColor == .white)
        pixmap[2, 2] = .black
        #expect(pixmap.solidColor == nil)
    }
}

@Suite struct PixmapComparisonTests {
    @Test func `A difference in alpha alone is a difference`() throws {
        let color = PremultipliedColor(premultipliedRed: 9, green: 9, blue: 9, alpha: 200)
        let original = Pixmap(width: 4, height: 4, color: color)
        var changed = original
        changed[2, 1] = PremultipliedColor(premultipliedRed: 9, green: 9, blue: 9, alpha: 203)
        let difference = try #require(changed.difference(from: original, tolerance: 2))
        #expect(difference.differingPixels == 1)
        #expect(difference.largestDifference == 3)
        #expect(difference.firstDifference?.x == 2)
        #expect(difference.firstDifference?.y == 1)
        #expect(try #require(changed.difference(from: original, tolerance: 3)).differingPixels == 0)
        #expect(try #require(changed.differencePicture(from: original))[2, 1] == .white)
    }

    @Test(arguments: [0, 8, 16, 24] as [UInt32])
    func `Each channel is compared`(shift: UInt32) throws {
        let original = Pixmap(width: 2, height: 1, color: PremultipliedColor(packed: 0x8040_4040))
        var changed = original
        changed[1, 0] = PremultipliedColor(packed: 0x8040_4040 + 5 << shift)
        #expect(try #require(original.difference(from: changed, tolerance: 4)).differingPixels == 1)
        #expect(try #require(original.difference(from: changed, tolerance: 5)).differingPixels == 0)
    }

    @Test func `Pictures of different sizes are not compared`() {
        #expect(Pixmap(width: 2, height: 1).difference(from: Pixmap(width: 1, height: 2)) == nil)
    }
}
