// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import Testing

@Suite struct PixmapSamplerTests {
    /// Black, white, and half of grey below.
    private let picture: Pixmap = {
        var picture = Pixmap(width: 2, height: 2, color: .black)
        picture[1, 0] = .white
        picture[0, 1] = PremultipliedColor(premultipliedRed: 100, green: 100, blue: 100, alpha: 200)
        return picture
    }()

    @Test func `The middle of a pixel is the pixel`() {
        for wraps in [true, false] {
            let sampler = PixmapSampler(picture, wraps: wraps)
            for y in 0..<2 {
                for x in 0..<2 {
                    #expect(sampler.linear(Double(x) + 0.5, Double(y) + 0.5) == picture[x, y].packed)
                    #expect(sampler.nearest(Double(x) + 0.9, Double(y) + 0.1) == picture[x, y].packed)
                }
            }
        }
    }

    @Test func `Between pixels all four channels are mixed`() {
        let sampler = PixmapSampler(picture, wraps: false)
        #expect(sampler.linear(1, 0.5) == 0xFF80_8080)
        #expect(sampler.linear(0.5, 1) == 0xE432_3232)
    }

    @Test func `Beyond its sides a picture goes on or begins anew`() {
        #expect(PixmapSampler(picture, wraps: false).linear(7, 0.5) == PremultipliedColor.white.packed)
        #expect(PixmapSampler(picture, wraps: true).linear(-1.5, 0.5) == PremultipliedColor.black.packed)
        #expect(PixmapSampler(picture, wraps: true).linear(2, 0.5) == 0xFF80_8080)
        #expect(PixmapSampler(picture, wraps: true).nearest(-0.5, 4.2) == PremultipliedColor.white.packed)
    }
}
