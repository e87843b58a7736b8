// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// Written by tools/generate-style-reference; do not edit.

extension PropertyKey where Value == Bool {
    /// `fill-antialias`.
    public static var fillAntialias: Self { Self(index: 4) }
    /// `symbol-avoid-edges`.
    public static var symbolAvoidEdges: Self { Self(index: 43) }
    /// `icon-allow-overlap`.
    public static var iconAllowOverlap: Self { Self(index: 46) }
    /// `icon-ignore-placement`.
    public static var iconIgnorePlacement: Self { Self(index: 48) }
    /// `icon-optional`.
    public static var iconOptional: Self { Self(index: 49) }
    /// `icon-keep-upright`.
    public static var iconKeepUpright: Self { Self(index: 57) }
    /// `text-keep-upright`.
    public static var textKeepUpright: Self { Self(index: 78) }
    /// `text-allow-overlap`.
    public static var textAllowOverlap: Self { Self(index: 81) }
    /// `text-ignore-placement`.
    public static var textIgnorePlacement: Self { Self(index: 83) }
    /// `text-optional`.
    public static var textOptional: Self { Self(index: 84) }
    /// `fill-extrusion-vertical-gradient`.
    public static var fillExtrusionVerticalGradient: Self { Self(index: 130) }
}

extension PropertyKey where Value == Color {
    /// `background-color`.
    public static var backgroundColor: Self { Self(index: 0) }
    /// `fill-color`.
    public static var fillColor: Self { Self(index: 7) }
    /// `line-color`.
    public static var lineColor: Self { Self(index: 19) }
    /// `circle-color`.
    public static var circleColor: Self { Self(index: 31) }
    /// `circle-stroke-color`.
    public static var circleStrokeColor: Self { Self(index: 39) }
    /// `icon-color`.
    public static var iconColor: Self { Self(index: 86) }
    /// `icon-halo-color`.
    public static var iconHaloColor: Self { Self(index: 87) }
    /// `text-color`.
    public static var textColor: Self { Self(index: 93) }
    /// `text-halo-color`.
    public static var textHaloColor: Self { Self(index: 94) }
    /// `heatmap-color`.
    public static var heatmapColor: Self { Self(index: 111) }
    /// `hillshade-accent-color`.
    public static var hillshadeAccentColor: Self { Self(index: 119) }
    /// `fill-extrusion-color`.
    public static var fillExtrusionColor: Self { Self(index: 124) }
}

extension PropertyKey where Value == Color? {
    /// `fill-outline-color`.
    public static var fillOutlineColor: Self { Self(index: 8) }
    /// `line-gradient`.
    public static var lineGradient: Self { Self(index: 28) }
    /// `color-relief-color`.
    public static var colorReliefColor: Self { Self(index: 132) }
}

extension PropertyKey where Value == Double {
    /// `background-opacity`.
    public static var backgroundOpacity: Self { Self(index: 2) }
    /// `fill-opacity`.
    public static var fillOpacity: Self { Self(index: 5) }
    /// `fill-layer-opacity`.
    public static var fillLayerOpacity: Self { Self(index: 6) }
    /// `line-miter-limit`.
    public static var lineMiterLimit: Self { Self(index: 14) }
    /// `line-round-limit`.
    public static var lineRoundLimit: Self { Self(index: 15) }
    /// `line-opacity`.
    public static var lineOpacity: Self { Self(index: 17) }
    /// `line-layer-opacity`.
    public static var lineLayerOpacity: Self { Self(index: 18) }
    /// `line-width`.
    public static var lineWidth: Self { Self(index: 22) }
    /// `line-gap-width`.
    public static var lineGapWidth: Self { Self(index: 23) }
    /// `line-offset`.
    public static var lineOffset: Self { Self(index: 24) }
    /// `line-blur`.
    public static var lineBlur: Self { Self(index: 25) }
    /// `circle-radius`.
    public static var circleRadius: Self { Self(index: 30) }
    /// `circle-blur`.
    public static var circleBlur: Self { Self(index: 32) }
    /// `circle-opacity`.
    public static var circleOpacity: Self { Self(index: 33) }
    /// `circle-stroke-width`.
    public static var circleStrokeWidth: Self { Self(index: 38) }
    /// `circle-stroke-opacity`.
    public static var circleStrokeOpacity: Self { Self(index: 40) }
    /// `symbol-spacing`.
    public static var symbolSpacing: Self { Self(index: 42) }
    /// `icon-size`.
    public static var iconSize: Self { Self(index: 51) }
    /// `icon-rotate`.
    public static var iconRotate: Self { Self(index: 55) }
    /// `text-size`.
    public static var textSize: Self { Self(index: 65) }
    /// `text-max-width`.
    public static var textMaxWidth: Self { Self(index: 66) }
    /// `text-line-height`.
    public static var textLineHeight: Self { Self(index: 67) }
    /// `text-letter-spacing`.
    public static var textLetterSpacing: Self { Self(index: 68) }
    /// `text-radial-offset`.
    public static var textRadialOffset: Self { Self(index: 70) }
    /// `text-max-angle`.
    public static var textMaxAngle: Self { Self(index: 74) }
    /// `text-rotate`.
    public static var textRotate: Self { Self(index: 76) }
    /// `text-padding`.
    public static var textPadding: Self { Self(index: 77) }
    /// `icon-opacity`.
    public static var iconOpacity: Self { Self(index: 85) }
    /// `icon-halo-width`.
    public static var iconHaloWidth: Self { Self(index: 88) }
    /// `icon-halo-blur`.
    public static var iconHaloBlur: Self { Self(index: 89) }
    /// `text-opacity`.
    public static var textOpacity: Self { Self(index: 92) }
    /// `text-halo-width`.
    public static var textHaloWidth: Self { Self(index: 95) }
    /// `text-halo-blur`.
    public static var textHaloBlur: Self { Self(index: 96) }
    /// `raster-opacity`.
    public static var rasterOpacity: Self { Self(index: 99) }
    /// `raster-hue-rotate`.
    public static var rasterHueRotate: Self { Self(index: 100) }
    /// `raster-brightness-min`.
    public static var rasterBrightnessMin: Self { Self(index: 101) }
    /// `raster-brightness-max`.
    public static var rasterBrightnessMax: Self { Self(index: 102) }
    /// `raster-saturation`.
    public static var rasterSaturation: Self { Self(index: 103) }
    /// `raster-contrast`.
    public static var rasterContrast: Self { Self(index: 104) }
    /// `raster-fade-duration`.
    public static var rasterFadeDuration: Self { Self(index: 107) }
    /// `heatmap-radius`.
    public static var heatmapRadius: Self { Self(index: 108) }
    /// `heatmap-weight`.
    public static var heatmapWeight: Self { Self(index: 109) }
    /// `heatmap-intensity`.
    public static var heatmapIntensity: Self { Self(index: 110) }
    /// `heatmap-opacity`.
    public static var heatmapOpacity: Self { Self(index: 112) }
    /// `hillshade-exaggeration`.
    public static var hillshadeExaggeration: Self { Self(index: 116) }
    /// `fill-extrusion-rounded-corner-distance`.
    public static var fillExtrusionRoundedCornerDistance: Self { Self(index: 122) }
    /// `fill-extrusion-opacity`.
    public static var fillExtrusionOpacity: Self { Self(index: 123) }
    /// `fill-extrusion-height`.
    public static var fillExtrusionHeight: Self { Self(index: 128) }
    /// `fill-extrusion-base`.
    public static var fillExtrusionBase: Self { Self(index: 129) }
    /// `color-relief-opacity`.
    public static var colorReliefOpacity: Self { Self(index: 131) }
}

extension PropertyKey where Value == Double? {
    /// `fill-sort-key`.
    public static var fillSortKey: Self { Self(index: 3) }
    /// `line-sort-key`.
    public static var lineSortKey: Self { Self(index: 16) }
    /// `circle-sort-key`.
    public static var circleSortKey: Self { Self(index: 29) }
    /// `symbol-sort-key`.
    public static var symbolSortKey: Self { Self(index: 44) }
}

extension PropertyKey where Value == FormattedText {
    /// `text-field`.
    public static var textField: Self { Self(index: 63) }
}

extension PropertyKey where Value == ImageReference? {
    /// `background-pattern`.
    public static var backgroundPattern: Self { Self(index: 1) }
    /// `fill-pattern`.
    public static var fillPattern: Self { Self(index: 11) }
    /// `line-pattern`.
    public static var linePattern: Self { Self(index: 27) }
    /// `icon-image`.
    public static var iconImage: Self { Self(index: 54) }
    /// `fill-extrusion-pattern`.
    public static var fillExtrusionPattern: Self { Self(index: 127) }
}

extension PropertyKey where Value == LineCap {
    /// `line-cap`.
    public static var lineCap: Self { Self(index: 12) }
}

extension PropertyKey where Value == LineJoin {
    /// `line-join`.
    public static var lineJoin: Self { Self(index: 13) }
}

extension PropertyKey where Value == Padding {
    /// `icon-padding`.
    public static var iconPadding: Self { Self(index: 56) }
}

extension PropertyKey where Value == String {
    /// `circle-pitch-scale`.
    public static var circlePitchScale: Self { Self(index: 36) }
    /// `circle-pitch-alignment`.
    public static var circlePitchAlignment: Self { Self(index: 37) }
    /// `symbol-placement`.
    public static var symbolPlacement: Self { Self(index: 41) }
    /// `symbol-z-order`.
    public static var symbolZOrder: Self { Self(index: 45) }
    /// `icon-rotation-alignment`.
    public static var iconRotationAlignment: Self { Self(index: 50) }
    /// `icon-text-fit`.
    public static var iconTextFit: Self { Self(index: 52) }
    /// `icon-anchor`.
    public static var iconAnchor: Self { Self(index: 59) }
    /// `icon-pitch-alignment`.
    public static var iconPitchAlignment: Self { Self(index: 60) }
    /// `text-pitch-alignment`.
    public static var textPitchAlignment: Self { Self(index: 61) }
    /// `text-rotation-alignment`.
    public static var textRotationAlignment: Self { Self(index: 62) }
    /// `text-justify`.
    public static var textJustify: Self { Self(index: 69) }
    /// `text-anchor`.
    public static var textAnchor: Self { Self(index: 73) }
    /// `text-transform`.
    public static var textTransform: Self { Self(index: 79) }
    /// `icon-translate-anchor`.
    public static var iconTranslateAnchor: Self { Self(index: 91) }
    /// `text-translate-anchor`.
    public static var textTranslateAnchor: Self { Self(index: 98) }
    /// `resampling`.
    public static var resamplingOfRaster: Self { Self(index: 105) }
    /// `raster-resampling`.
    public static var rasterResampling: Self { Self(index: 106) }
    /// `hillshade-illumination-anchor`.
    public static var hillshadeIlluminationAnchor: Self { Self(index: 115) }
    /// `hillshade-method`.
    public static var hillshadeMethod: Self { Self(index: 120) }
    /// `resampling`.
    public static var resamplingOfHillshade: Self { Self(index: 121) }
    /// `fill-extrusion-translate-anchor`.
    public static var fillExtrusionTranslateAnchor: Self { Self(index: 126) }
    /// `resampling`.
    public static var resamplingOfColorRelief: Self { Self(index: 133) }
}

extension PropertyKey where Value == String? {
    /// `icon-overlap`.
    public static var iconOverlap: Self { Self(index: 47) }
    /// `text-overlap`.
    public static var textOverlap: Self { Self(index: 82) }
}

extension PropertyKey where Value == TranslateAnchor {
    /// `fill-translate-anchor`.
    public static var fillTranslateAnchor: Self { Self(index: 10) }
    /// `line-translate-anchor`.
    public static var lineTranslateAnchor: Self { Self(index: 21) }
    /// `circle-translate-anchor`.
    public static var circleTranslateAnchor: Self { Self(index: 35) }
}

extension PropertyKey where Value == [AnchorOffset]? {
    /// `text-variable-anchor-offset`.
    public static var textVariableAnchorOffset: Self { Self(index: 72) }
}

extension PropertyKey where Value == [Color] {
    /// `hillshade-shadow-color`.
    public static var hillshadeShadowColor: Self { Self(index: 117) }
    /// `hillshade-highlight-color`.
    public static var hillshadeHighlightColor: Self { Self(index: 118) }
}

extension PropertyKey where Value == [Double] {
    /// `fill-translate`.
    public static var fillTranslate: Self { Self(index: 9) }
    /// `line-translate`.
    public static var lineTranslate: Self { Self(index: 20) }
    /// `circle-translate`.
    public static var circleTranslate: Self { Self(index: 34) }
    /// `icon-text-fit-padding`.
    public static var iconTextFitPadding: Self { Self(index: 53) }
    /// `icon-offset`.
    public static var iconOffset: Self { Self(index: 58) }
    /// `text-offset`.
    public static var textOffset: Self { Self(index: 80) }
    /// `icon-translate`.
    public static var iconTranslate: Self { Self(index: 90) }
    /// `text-translate`.
    public static var textTranslate: Self { Self(index: 97) }
    /// `hillshade-illumination-direction`.
    public static var hillshadeIlluminationDirection: Self { Self(index: 113) }
    /// `hillshade-illumination-altitude`.
    public static var hillshadeIlluminationAltitude: Self { Self(index: 114) }
    /// `fill-extrusion-translate`.
    public static var fillExtrusionTranslate: Self { Self(index: 125) }
}

extension PropertyKey where Value == [Double]? {
    /// `line-dasharray`.
    public static var lineDasharray: Self { Self(index: 26) }
}

extension PropertyKey where Value == [String] {
    /// `text-font`.
    public static var textFont: Self { Self(index: 64) }
}

extension PropertyKey where Value == [String]? {
    /// `text-variable-anchor`.
    public static var textVariableAnchor: Self { Self(index: 71) }
    /// `text-writing-mode`.
    public static var textWritingMode: Self { Self(index: 75) }
}
