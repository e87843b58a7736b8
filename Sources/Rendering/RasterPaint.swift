// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MapStyles
import Pixmaps

/// What is done to the colours of a raster layer; the formulas are those of
/// MapLibre's shader.
struct RasterPaint {
    let opacity: Double
    let isNearest: Bool
    private let spin: SIMD3<Double>
    private let saturation: Double
    private let contrast: Double
    private let dark: Double
    private let bright: Double
    private let isPlain: Bool

    init(_ evaluation: LayerEvaluation) {
        opacity = min(max(evaluation[.rasterOpacity], 0), 1)
        isNearest = [evaluation[.resamplingOfRaster], evaluation[.rasterResampling]].contains("nearest")
        let angle = evaluation[.rasterHueRotate] * .pi / 180
        let (sine, cosine) = (sin(angle) * 3.0.squareRoot(), cos(angle))
        spin = SIMD3((2 * cosine + 1) / 3, (1 - sine - cosine) / 3, (1 + sine - cosine) / 3)
        let more = min(max(evaluation[.rasterSaturation], -1), 1)
        saturation = more > 0 ? 1 - 1 / (1.001 - more) : -more
        let stronger = min(max(evaluation[.rasterContrast], -1), 1)
        contrast = stronger > 0 ? 1 / (1.000_001 - stronger) : 1 + stronger
        dark = evaluation[.rasterBrightnessMin]
        bright = evaluation[.rasterBrightnessMax]
        isPlain = angle == 0 && more == 0 && stronger == 0 && dark == 0 && bright == 1
    }

    /// A pixel as it is drawn, premultiplied.
    func color(_ pixel: UInt32) -> UInt32 {
        let alpha = Double(pixel >> 24) / 255
        guard alpha > 0 else { return 0 }
        if isPlain {
            return opacity == 1 ? pixel : ByteFraction.product(pixel: pixel, UInt32(opacity * 255 + 0.5))
        }
        var rgb = SIMD3(Double(pixel & 255), Double(pixel >> 8 & 255), Double(pixel >> 16 & 255)) / (255 * alpha)
        func dot(_ weights: SIMD3<Double>) -> Double { (rgb * weights).sum() }
        rgb = SIMD3(dot(spin), dot(SIMD3(spin.z, spin.x, spin.y)), dot(SIMD3(spin.y, spin.z, spin.x)))
        rgb += (rgb.sum() / 3 - rgb) * saturation
        rgb = (rgb - 0.5) * contrast + 0.5
        rgb = dark + rgb * (bright - dark)
        return PremultipliedColor(red: rgb.x, green: rgb.y, blue: rgb.z, alpha: alpha * opacity).packed
    }
}
