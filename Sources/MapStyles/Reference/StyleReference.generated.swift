// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// Written by tools/generate-style-reference; do not edit.

extension StyleReference {
    /// The members of each object of a style.
    static let objects: [String: [PropertyReference]] = [
        "$root": rootMembers,
        "layer": layerMembers,
        "source_vector": sourceVectorMembers,
        "source_raster": sourceRasterMembers,
        "source_raster_dem": sourceRasterDemMembers,
        "source_geojson": sourceGeojsonMembers,
        "source_video": sourceVideoMembers,
        "source_image": sourceImageMembers,
        "light": lightMembers,
        "sky": skyMembers,
        "terrain": terrainMembers,
        "projection": projectionMembers,
    ]

    private static let rootMembers: [PropertyReference] = [
        .init("version", "enum", isRequired: true, values: ["8"]),
        .init("name", "string"),
        .init("metadata", "*"),
        .init("center", "array", element: "number", length: 2),
        .init("centerAltitude", "number"),
        .init("zoom", "number"),
        .init("bearing", "number", default: 0),
        .init("pitch", "number", default: 0),
        .init("roll", "number", default: 0),
        .init("state", "state", default: JSONValue(.object([]))),
        .init("light", "light"),
        .init("sky", "sky"),
        .init("projection", "projection"),
        .init("terrain", "terrain"),
        .init("sources", "sources", isRequired: true),
        .init("sprite", "sprite"),
        .init("glyphs", "string"),
        .init("font-faces", "fontFaces"),
        .init("transition", "transition"),
        .init("layers", "array", isRequired: true, element: "layer"),
    ]

    private static let layerMembers: [PropertyReference] = [
        .init("id", "string", isRequired: true),
        .init(
            "type", "enum", isRequired: true,
            values: ["fill", "line", "symbol", "circle", "heatmap", "fill-extrusion", "raster", "hillshade", "color-relief", "background"]),
        .init("metadata", "*"),
        .init("source", "string"),
        .init("source-layer", "string"),
        .init("minzoom", "number", minimum: 0, maximum: 24),
        .init("maxzoom", "number", minimum: 0, maximum: 24),
        .init("filter", "filter"),
        .init("layout", "layout"),
        .init("paint", "paint"),
    ]

    private static let sourceVectorMembers: [PropertyReference] = [
        .init("type", "enum", isRequired: true, values: ["vector"]),
        .init("url", "string"),
        .init("tiles", "array", element: "string"),
        .init("bounds", "array", default: [-180, -85.051129, 180, 85.051129], element: "number", length: 4),
        .init("scheme", "enum", default: "xyz", values: ["xyz", "tms"]),
        .init("minzoom", "number", default: 0),
        .init("maxzoom", "number", default: 22),
        .init("attribution", "string"),
        .init("promoteId", "promoteId"),
        .init("volatile", "boolean", default: false),
        .init("encoding", "enum", default: "mvt", values: ["mvt", "mlt"]),
    ]

    private static let sourceRasterMembers: [PropertyReference] = [
        .init("type", "enum", isRequired: true, values: ["raster"]),
        .init("url", "string"),
        .init("tiles", "array", element: "string"),
        .init("bounds", "array", default: [-180, -85.051129, 180, 85.051129], element: "number", length: 4),
        .init("minzoom", "number", default: 0),
        .init("maxzoom", "number", default: 22),
        .init("tileSize", "number", default: 512),
        .init("scheme", "enum", default: "xyz", values: ["xyz", "tms"]),
        .init("attribution", "string"),
        .init("volatile", "boolean", default: false),
    ]

    private static let sourceRasterDemMembers: [PropertyReference] = [
        .init("type", "enum", isRequired: true, values: ["raster-dem"]),
        .init("url", "string"),
        .init("tiles", "array", element: "string"),
        .init("bounds", "array", default: [-180, -85.051129, 180, 85.051129], element: "number", length: 4),
        .init("minzoom", "number", default: 0),
        .init("maxzoom", "number", default: 22),
        .init("tileSize", "number", default: 512),
        .init("attribution", "string"),
        .init("encoding", "enum", default: "mapbox", values: ["terrarium", "mapbox", "custom"]),
        .init("redFactor", "number", default: 1.0),
        .init("blueFactor", "number", default: 1.0),
        .init("greenFactor", "number", default: 1.0),
        .init("baseShift", "number", default: 0.0),
        .init("volatile", "boolean", default: false),
    ]

    private static let sourceGeojsonMembers: [PropertyReference] = [
        .init("type", "enum", isRequired: true, values: ["geojson"]),
        .init("data", "*", isRequired: true),
        .init("maxzoom", "number", default: 18),
        .init("attribution", "string"),
        .init("buffer", "number", default: 128, minimum: 0, maximum: 512),
        .init("filter", "filter"),
        .init("tolerance", "number", default: 0.375),
        .init("cluster", "boolean", default: false),
        .init("clusterRadius", "number", default: 50, minimum: 0),
        .init("clusterMaxZoom", "number"),
        .init("clusterMinPoints", "number"),
        .init("clusterProperties", "*"),
        .init("lineMetrics", "boolean", default: false),
        .init("generateId", "boolean", default: false),
        .init("promoteId", "promoteId"),
    ]

    private static let sourceVideoMembers: [PropertyReference] = [
        .init("type", "enum", isRequired: true, values: ["video"]),
        .init("urls", "array", isRequired: true, element: "string"),
        .init("coordinates", "array", isRequired: true, element: "array", length: 4),
    ]

    private static let sourceImageMembers: [PropertyReference] = [
        .init("type", "enum", isRequired: true, values: ["image"]),
        .init("url", "string", isRequired: true),
        .init("coordinates", "array", isRequired: true, element: "array", length: 4),
    ]

    private static let lightMembers: [PropertyReference] = [
        .init("anchor", "enum", default: "viewport", values: ["map", "viewport"], parameters: [.zoom]),
        .init(
            "position", "array", default: [1.15, 210, 30], element: "number", length: 3, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init("color", "color", default: "#ffffff", parameters: [.zoom], isInterpolated: true, hasTransition: true),
        .init(
            "intensity", "number", default: 0.5, minimum: 0, maximum: 1, parameters: [.zoom], isInterpolated: true,
            hasTransition: true),
    ]

    private static let skyMembers: [PropertyReference] = [
        .init(
            "sky-color", "color", default: "#88C6FC", parameters: [.zoom], isInterpolated: true, hasTransition: true),
        .init(
            "horizon-color", "color", default: "#ffffff", parameters: [.zoom], isInterpolated: true,
            hasTransition: true),
        .init(
            "fog-color", "color", default: "#ffffff", parameters: [.zoom], isInterpolated: true, hasTransition: true),
        .init(
            "fog-ground-blend", "number", default: 0.5, minimum: 0, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init(
            "horizon-fog-blend", "number", default: 0.8, minimum: 0, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init(
            "sky-horizon-blend", "number", default: 0.8, minimum: 0, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init(
            "atmosphere-blend", "number", default: 0.8, minimum: 0, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
    ]

    private static let terrainMembers: [PropertyReference] = [
        .init("source", "string", isRequired: true),
        .init("exaggeration", "number", default: 1.0, minimum: 0),
    ]

    private static let projectionMembers: [PropertyReference] = [
        .init("type", "projectionDefinition", default: "mercator", parameters: [.zoom], isInterpolated: true),
    ]

    /// The layout and paint properties of each type of layer.
    static let layers: [StyleLayerType: (layout: [PropertyReference], paint: [PropertyReference])] = [
        .background: (backgroundLayout, backgroundPaint),
        .fill: (fillLayout, fillPaint),
        .line: (lineLayout, linePaint),
        .circle: (circleLayout, circlePaint),
        .symbol: (symbolLayout, symbolPaint),
        .raster: (rasterLayout, rasterPaint),
        .heatmap: (heatmapLayout, heatmapPaint),
        .hillshade: (hillshadeLayout, hillshadePaint),
        .fillExtrusion: (fillExtrusionLayout, fillExtrusionPaint),
        .colorRelief: (colorReliefLayout, colorReliefPaint),
    ]

    private static let backgroundLayout: [PropertyReference] = [
    ]

    private static let backgroundPaint: [PropertyReference] = [
        .init(
            "background-color", "color", default: "#000000", parameters: [.zoom], isInterpolated: true,
            hasTransition: true),
        .init("background-pattern", "resolvedImage", parameters: [.zoom], hasTransition: true),
        .init(
            "background-opacity", "number", default: 1, minimum: 0, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
    ]

    private static let fillLayout: [PropertyReference] = [
        .init("fill-sort-key", "number", parameters: [.zoom, .feature]),
    ]

    private static let fillPaint: [PropertyReference] = [
        .init("fill-antialias", "boolean", default: true, parameters: [.zoom]),
        .init(
            "fill-opacity", "number", default: 1, minimum: 0, maximum: 1,
            parameters: [.zoom, .feature, .featureState], isInterpolated: true, hasTransition: true),
        .init(
            "fill-layer-opacity", "number", default: 1, minimum: 0, maximum: 1, parameters: [.zoom, .globalState],
            isInterpolated: true, hasTransition: true),
        .init(
            "fill-color", "color", default: "#000000", parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "fill-outline-color", "color", parameters: [.zoom, .feature, .featureState], isInterpolated: true,
            hasTransition: true),
        .init(
            "fill-translate", "array", default: [0, 0], element: "number", length: 2, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init("fill-translate-anchor", "enum", default: "map", values: ["map", "viewport"], parameters: [.zoom]),
        .init("fill-pattern", "resolvedImage", parameters: [.zoom, .feature], hasTransition: true),
    ]

    private static let lineLayout: [PropertyReference] = [
        .init(
            "line-cap", "enum", default: "butt", values: ["butt", "round", "square"], parameters: [.zoom, .feature]),
        .init(
            "line-join", "enum", default: "miter", values: ["bevel", "round", "miter"],
            parameters: [.zoom, .feature]),
        .init("line-miter-limit", "number", default: 2, parameters: [.zoom, .feature], isInterpolated: true),
        .init("line-round-limit", "number", default: 1.05, parameters: [.zoom, .feature], isInterpolated: true),
        .init("line-sort-key", "number", parameters: [.zoom, .feature]),
    ]

    private static let linePaint: [PropertyReference] = [
        .init(
            "line-opacity", "number", default: 1, minimum: 0, maximum: 1,
            parameters: [.zoom, .feature, .featureState], isInterpolated: true, hasTransition: true),
        .init(
            "line-layer-opacity", "number", default: 1, minimum: 0, maximum: 1, parameters: [.zoom, .globalState],
            isInterpolated: true, hasTransition: true),
        .init(
            "line-color", "color", default: "#000000", parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "line-translate", "array", default: [0, 0], element: "number", length: 2, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init("line-translate-anchor", "enum", default: "map", values: ["map", "viewport"], parameters: [.zoom]),
        .init(
            "line-width", "number", default: 1, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "line-gap-width", "number", default: 0, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "line-offset", "number", default: 0, parameters: [.zoom, .feature, .featureState], isInterpolated: true,
            hasTransition: true),
        .init(
            "line-blur", "number", default: 0, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "line-dasharray", "array", minimum: 0, element: "number", parameters: [.zoom, .feature],
            hasTransition: true),
        .init("line-pattern", "resolvedImage", parameters: [.zoom, .feature], hasTransition: true),
        .init("line-gradient", "color", parameters: [.lineProgress], isInterpolated: true),
    ]

    private static let circleLayout: [PropertyReference] = [
        .init("circle-sort-key", "number", parameters: [.zoom, .feature]),
    ]

    private static let circlePaint: [PropertyReference] = [
        .init(
            "circle-radius", "number", default: 5, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "circle-color", "color", default: "#000000", parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "circle-blur", "number", default: 0, parameters: [.zoom, .feature, .featureState], isInterpolated: true,
            hasTransition: true),
        .init(
            "circle-opacity", "number", default: 1, minimum: 0, maximum: 1,
            parameters: [.zoom, .feature, .featureState], isInterpolated: true, hasTransition: true),
        .init(
            "circle-translate", "array", default: [0, 0], element: "number", length: 2, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init("circle-translate-anchor", "enum", default: "map", values: ["map", "viewport"], parameters: [.zoom]),
        .init("circle-pitch-scale", "enum", default: "map", values: ["map", "viewport"], parameters: [.zoom]),
        .init(
            "circle-pitch-alignment", "enum", default: "viewport", values: ["map", "viewport"], parameters: [.zoom]),
        .init(
            "circle-stroke-width", "number", default: 0, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "circle-stroke-color", "color", default: "#000000", parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "circle-stroke-opacity", "number", default: 1, minimum: 0, maximum: 1,
            parameters: [.zoom, .feature, .featureState], isInterpolated: true, hasTransition: true),
    ]

    private static let symbolLayout: [PropertyReference] = [
        .init(
            "symbol-placement", "enum", default: "point", values: ["point", "line", "line-center"],
            parameters: [.zoom]),
        .init("symbol-spacing", "number", default: 250, minimum: 1, parameters: [.zoom], isInterpolated: true),
        .init("symbol-avoid-edges", "boolean", default: false, parameters: [.zoom]),
        .init("symbol-sort-key", "number", parameters: [.zoom, .feature]),
        .init(
            "symbol-z-order", "enum", default: "auto", values: ["auto", "viewport-y", "source"], parameters: [.zoom]),
        .init("icon-allow-overlap", "boolean", default: false, parameters: [.zoom]),
        .init("icon-overlap", "enum", values: ["never", "always", "cooperative"], parameters: [.zoom]),
        .init("icon-ignore-placement", "boolean", default: false, parameters: [.zoom]),
        .init("icon-optional", "boolean", default: false, parameters: [.zoom]),
        .init(
            "icon-rotation-alignment", "enum", default: "auto", values: ["map", "viewport", "auto"],
            parameters: [.zoom]),
        .init("icon-size", "number", default: 1, minimum: 0, parameters: [.zoom, .feature], isInterpolated: true),
        .init(
            "icon-text-fit", "enum", default: "none", values: ["none", "width", "height", "both"],
            parameters: [.zoom]),
        .init(
            "icon-text-fit-padding", "array", default: [0, 0, 0, 0], element: "number", length: 4,
            parameters: [.zoom], isInterpolated: true),
        .init("icon-image", "resolvedImage", parameters: [.zoom, .feature], hasTokens: true),
        .init("icon-rotate", "number", default: 0, parameters: [.zoom, .feature], isInterpolated: true),
        .init("icon-padding", "padding", default: [2], parameters: [.zoom, .feature], isInterpolated: true),
        .init("icon-keep-upright", "boolean", default: false, parameters: [.zoom]),
        .init(
            "icon-offset", "array", default: [0, 0], element: "number", length: 2, parameters: [.zoom, .feature],
            isInterpolated: true),
        .init(
            "icon-anchor", "enum", default: "center",
            values: ["center", "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"],
            parameters: [.zoom, .feature]),
        .init(
            "icon-pitch-alignment", "enum", default: "auto", values: ["map", "viewport", "auto"],
            parameters: [.zoom]),
        .init(
            "text-pitch-alignment", "enum", default: "auto", values: ["map", "viewport", "auto"],
            parameters: [.zoom]),
        .init(
            "text-rotation-alignment", "enum", default: "auto", values: ["map", "viewport", "viewport-glyph", "auto"],
            parameters: [.zoom]),
        .init("text-field", "formatted", default: "", parameters: [.zoom, .feature], hasTokens: true),
        .init(
            "text-font", "array", default: ["Open Sans Regular", "Arial Unicode MS Regular"], element: "string",
            parameters: [.zoom, .feature]),
        .init("text-size", "number", default: 16, minimum: 0, parameters: [.zoom, .feature], isInterpolated: true),
        .init(
            "text-max-width", "number", default: 10, minimum: 0, parameters: [.zoom, .feature], isInterpolated: true),
        .init("text-line-height", "number", default: 1.2, parameters: [.zoom], isInterpolated: true),
        .init("text-letter-spacing", "number", default: 0, parameters: [.zoom, .feature], isInterpolated: true),
        .init(
            "text-justify", "enum", default: "center", values: ["auto", "left", "center", "right"],
            parameters: [.zoom, .feature]),
        .init("text-radial-offset", "number", default: 0, parameters: [.zoom, .feature], isInterpolated: true),
        .init(
            "text-variable-anchor", "array", element: "enum",
            values: ["center", "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"],
            parameters: [.zoom]),
        .init(
            "text-variable-anchor-offset", "variableAnchorOffsetCollection", parameters: [.zoom, .feature],
            isInterpolated: true),
        .init(
            "text-anchor", "enum", default: "center",
            values: ["center", "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"],
            parameters: [.zoom, .feature]),
        .init("text-max-angle", "number", default: 45, parameters: [.zoom], isInterpolated: true),
        .init(
            "text-writing-mode", "array", element: "enum", values: ["horizontal", "vertical"], parameters: [.zoom]),
        .init("text-rotate", "number", default: 0, parameters: [.zoom, .feature], isInterpolated: true),
        .init("text-padding", "number", default: 2, minimum: 0, parameters: [.zoom], isInterpolated: true),
        .init("text-keep-upright", "boolean", default: true, parameters: [.zoom]),
        .init(
            "text-transform", "enum", default: "none", values: ["none", "uppercase", "lowercase"],
            parameters: [.zoom, .feature]),
        .init(
            "text-offset", "array", default: [0, 0], element: "number", length: 2, parameters: [.zoom, .feature],
            isInterpolated: true),
        .init("text-allow-overlap", "boolean", default: false, parameters: [.zoom]),
        .init("text-overlap", "enum", values: ["never", "always", "cooperative"], parameters: [.zoom]),
        .init("text-ignore-placement", "boolean", default: false, parameters: [.zoom]),
        .init("text-optional", "boolean", default: false, parameters: [.zoom]),
    ]

    private static let symbolPaint: [PropertyReference] = [
        .init(
            "icon-opacity", "number", default: 1, minimum: 0, maximum: 1,
            parameters: [.zoom, .feature, .featureState], isInterpolated: true, hasTransition: true),
        .init(
            "icon-color", "color", default: "#000000", parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "icon-halo-color", "color", default: "rgba(0, 0, 0, 0)", parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "icon-halo-width", "number", default: 0, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "icon-halo-blur", "number", default: 0, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "icon-translate", "array", default: [0, 0], element: "number", length: 2, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init("icon-translate-anchor", "enum", default: "map", values: ["map", "viewport"], parameters: [.zoom]),
        .init(
            "text-opacity", "number", default: 1, minimum: 0, maximum: 1,
            parameters: [.zoom, .feature, .featureState], isInterpolated: true, hasTransition: true),
        .init(
            "text-color", "color", default: "#000000", parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "text-halo-color", "color", default: "rgba(0, 0, 0, 0)", parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "text-halo-width", "number", default: 0, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "text-halo-blur", "number", default: 0, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "text-translate", "array", default: [0, 0], element: "number", length: 2, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init("text-translate-anchor", "enum", default: "map", values: ["map", "viewport"], parameters: [.zoom]),
    ]

    private static let rasterLayout: [PropertyReference] = [
    ]

    private static let rasterPaint: [PropertyReference] = [
        .init(
            "raster-opacity", "number", default: 1, minimum: 0, maximum: 1, parameters: [.zoom], isInterpolated: true,
            hasTransition: true),
        .init(
            "raster-hue-rotate", "number", default: 0, parameters: [.zoom], isInterpolated: true,
            hasTransition: true),
        .init(
            "raster-brightness-min", "number", default: 0, minimum: 0, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init(
            "raster-brightness-max", "number", default: 1, minimum: 0, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init(
            "raster-saturation", "number", default: 0, minimum: -1, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init(
            "raster-contrast", "number", default: 0, minimum: -1, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init("resampling", "enum", default: "linear", values: ["linear", "nearest"], parameters: [.zoom]),
        .init("raster-resampling", "enum", default: "linear", values: ["linear", "nearest"], parameters: [.zoom]),
        .init(
            "raster-fade-duration", "number", default: 300, minimum: 0, parameters: [.zoom], isInterpolated: true),
    ]

    private static let heatmapLayout: [PropertyReference] = [
    ]

    private static let heatmapPaint: [PropertyReference] = [
        .init(
            "heatmap-radius", "number", default: 30, minimum: 1, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "heatmap-weight", "number", default: 1, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true),
        .init(
            "heatmap-intensity", "number", default: 1, minimum: 0, parameters: [.zoom], isInterpolated: true,
            hasTransition: true),
        .init(
            "heatmap-color", "color",
            default: ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(0, 0, 255, 0)", 0.1, "royalblue", 0.3, "cyan", 0.5, "lime", 0.7, "yellow", 1, "red"],
            parameters: [.heatmapDensity], isInterpolated: true),
        .init(
            "heatmap-opacity", "number", default: 1, minimum: 0, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
    ]

    private static let hillshadeLayout: [PropertyReference] = [
    ]

    private static let hillshadePaint: [PropertyReference] = [
        .init(
            "hillshade-illumination-direction", "numberArray", default: 335, minimum: 0, maximum: 359,
            parameters: [.zoom], isInterpolated: true),
        .init(
            "hillshade-illumination-altitude", "numberArray", default: 45, minimum: 0, maximum: 90,
            parameters: [.zoom], isInterpolated: true),
        .init(
            "hillshade-illumination-anchor", "enum", default: "viewport", values: ["map", "viewport"],
            parameters: [.zoom]),
        .init(
            "hillshade-exaggeration", "number", default: 0.5, minimum: 0, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init(
            "hillshade-shadow-color", "colorArray", default: "#000000", parameters: [.zoom], isInterpolated: true,
            hasTransition: true),
        .init(
            "hillshade-highlight-color", "colorArray", default: "#FFFFFF", parameters: [.zoom], isInterpolated: true,
            hasTransition: true),
        .init(
            "hillshade-accent-color", "color", default: "#000000", parameters: [.zoom], isInterpolated: true,
            hasTransition: true),
        .init(
            "hillshade-method", "enum", default: "standard",
            values: ["standard", "basic", "combined", "igor", "multidirectional"], parameters: [.zoom]),
        .init("resampling", "enum", default: "linear", values: ["linear", "nearest"], parameters: [.zoom]),
    ]

    private static let fillExtrusionLayout: [PropertyReference] = [
        .init("fill-extrusion-rounded-corner-distance", "number", default: 0, minimum: 0),
    ]

    private static let fillExtrusionPaint: [PropertyReference] = [
        .init(
            "fill-extrusion-opacity", "number", default: 1, minimum: 0, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init(
            "fill-extrusion-color", "color", default: "#000000", parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "fill-extrusion-translate", "array", default: [0, 0], element: "number", length: 2, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init(
            "fill-extrusion-translate-anchor", "enum", default: "map", values: ["map", "viewport"],
            parameters: [.zoom]),
        .init("fill-extrusion-pattern", "resolvedImage", parameters: [.zoom, .feature], hasTransition: true),
        .init(
            "fill-extrusion-height", "number", default: 0, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init(
            "fill-extrusion-base", "number", default: 0, minimum: 0, parameters: [.zoom, .feature, .featureState],
            isInterpolated: true, hasTransition: true),
        .init("fill-extrusion-vertical-gradient", "boolean", default: true, parameters: [.zoom]),
    ]

    private static let colorReliefLayout: [PropertyReference] = [
    ]

    private static let colorReliefPaint: [PropertyReference] = [
        .init(
            "color-relief-opacity", "number", default: 1, minimum: 0, maximum: 1, parameters: [.zoom],
            isInterpolated: true, hasTransition: true),
        .init("color-relief-color", "color", parameters: [.elevation], isInterpolated: true),
        .init("resampling", "enum", default: "linear", values: ["linear", "nearest"], parameters: [.zoom]),
    ]
}
