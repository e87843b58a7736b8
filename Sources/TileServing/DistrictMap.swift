// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import MapStyles
import Rendering

/// What one id in a tile's URL stands for: layers in paint order and the style
/// that draws them.
struct DistrictMap: Sendable {
    var id: String
    /// By language tag.
    var titles: [String: String]
    /// Ids of layers, the lowest first.
    var layers: [String]
    /// What the server draws with.
    var style: Style
    /// Where its labels stand, level by level, as far as tiles were drawn.
    var labels: LabelPlans
    /// Changes with the style and with any of the layers' data.
    var version: String
    /// Whether some of its layers are live.
    var isLive: Bool
}
