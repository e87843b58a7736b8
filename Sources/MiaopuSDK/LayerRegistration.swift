// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// A live layer: what it is called, what its features look like, how it is drawn.
public struct LayerRegistration: Hashable, Sendable {
    /// 1 to 32 of a–z, 0–9 and `-`, beginning with a letter. The host puts the
    /// plugin's id and a dot in front.
    public var id: String
    /// What people call it.
    public var title: Title
    /// Geometry type and fields. A multi type goes with its single type.
    public var schema: Schema
    /// A JSON array of MapLibre style layers, in UTF-8, without `source` and
    /// `source-layer`: the host fills those in.
    public var style: [UInt8]
    /// The zooms at which it is drawn, in MapLibre's count (tiles of 512 pixels).
    public var zoomRange: ClosedRange<Double>
    /// Whether its features depend on the time that is asked for.
    public var dependsOnTime: Bool

    /// Describes a layer.
    public init(
        _ id: String, title: Title, schema: Schema, style: [UInt8], zoomRange: ClosedRange<Double> = 0...24,
        dependsOnTime: Bool = false
    ) {
        self.id = id
        self.title = title
        self.schema = schema
        self.style = style
        self.zoomRange = zoomRange
        self.dependsOnTime = dependsOnTime
    }

    /// A layer of points.
    public static func points(
        _ id: String, title: Title, fields: [Field], style: [UInt8], zoomRange: ClosedRange<Double> = 0...24,
        dependsOnTime: Bool = false
    ) -> LayerRegistration {
        LayerRegistration(
            id, title: title, schema: Schema(geometryType: .point, fields: fields), style: style,
            zoomRange: zoomRange, dependsOnTime: dependsOnTime)
    }

    /// A layer of lines.
    public static func lines(
        _ id: String, title: Title, fields: [Field], style: [UInt8], zoomRange: ClosedRange<Double> = 0...24,
        dependsOnTime: Bool = false
    ) -> LayerRegistration {
        LayerRegistration(
            id, title: title, schema: Schema(geometryType: .lineString, fields: fields), style: style,
            zoomRange: zoomRange, dependsOnTime: dependsOnTime)
    }

    /// A layer of areas.
    public static func polygons(
        _ id: String, title: Title, fields: [Field], style: [UInt8], zoomRange: ClosedRange<Double> = 0...24,
        dependsOnTime: Bool = false
    ) -> LayerRegistration {
        LayerRegistration(
            id, title: title, schema: Schema(geometryType: .polygon, fields: fields), style: style,
            zoomRange: zoomRange, dependsOnTime: dependsOnTime)
    }
}

/// What the host asks of a layer.
public struct FeatureQuery: Hashable, Sendable {
    /// The layer, without the plugin's id in front.
    public var layer: String
    /// In OGC:CRS84, degrees.
    public var envelope: Envelope
    /// MapLibre's zoom, that of tiles with 512 pixels.
    public var zoom: Double
    /// The time that is asked for; nil: the present.
    public var time: Timestamp?

    /// Describes a query.
    public init(layer: String, envelope: Envelope, zoom: Double, time: Timestamp? = nil) {
        self.layer = layer
        self.envelope = envelope
        self.zoom = zoom
        self.time = time
    }

    /// The time that is asked for, the present filled in.
    public var moment: Timestamp { time ?? .now }
}
