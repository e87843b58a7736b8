// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Pixmaps

/// The patterns that one layer asks for, and those that the sprite lacks.
final class PatternShelf {
    private let sprite: Sprite
    let frame: TileFrame
    private let layer: String
    private var missingNames: Set<String> = []

    init(sprite: Sprite, frame: TileFrame, layer: String) {
        self.sprite = sprite
        self.frame = frame
        self.layer = layer
    }

    /// What the sprite lacks, as in `woods: image tree`.
    var missing: [String] { missingNames.map { "\(layer): image \($0)" }.sorted() }

    func image(_ reference: ImageReference?) -> SpriteImage? {
        guard let reference else { return nil }
        if let image = sprite.images[reference.name] { return image }
        missingNames.insert(reference.name)
        return nil
    }

    func source(_ reference: ImageReference?, opacity: Double) -> PatternSource? {
        image(reference).map { PatternSource($0, frame, opacity: opacity) }
    }
}
