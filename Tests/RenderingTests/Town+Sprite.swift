// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Pixmaps
import Rendering

extension Town {
    /// Three images: checks, translucent stripes of an odd size, and dots for
    /// dense screens.
    static let sprite = Sprite(images: [
        "checks": SpriteImage(
            picture(8, 8) { x, y in
                (x / 4 + y / 4) % 2 == 0
                    ? PremultipliedColor(straightRed: 200, green: 60, blue: 40)
                    : PremultipliedColor(straightRed: 250, green: 220, blue: 190)
            }),
        "stripes": SpriteImage(
            picture(7, 5) { x, y in
                (x + y) % 7 < 3
                    ? PremultipliedColor(straightRed: 20, green: 90, blue: 160, alpha: 160) : .transparent
            }),
        "dots": SpriteImage(
            picture(12, 12) { x, y in
                (x - 6) * (x - 6) + (y - 6) * (y - 6) < 12
                    ? PremultipliedColor(straightRed: 30, green: 110, blue: 40)
                    : PremultipliedColor(straightRed: 200, green: 230, blue: 200)
            }, pixelRatio: 2),
    ])

    static func picture(_ width: Int, _ height: Int, _ color: (Int, Int) -> PremultipliedColor) -> Pixmap {
        var pixmap = Pixmap(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width { pixmap[x, y] = color(x, y) }
        }
        return pixmap
    }
}
