// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// What a layer draws.
public enum StyleLayerType: String, Hashable, Sendable, CaseIterable {
    case background, fill, line, circle, symbol, raster, heatmap, hillshade
    case fillExtrusion = "fill-extrusion"
    case colorRelief = "color-relief"

    /// Whether the server's renderer draws layers of this type; the others are
    /// read, checked and kept, and browsers draw them.
    public var isDrawn: Bool {
        switch self {
        case .background, .fill, .line, .circle, .raster, .symbol: true
        case .heatmap, .hillshade, .fillExtrusion, .colorRelief: false
        }
    }
}
