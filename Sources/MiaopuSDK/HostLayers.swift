// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages

/// The plugin's own layers, and those of the district.
public struct HostLayers: Sendable {
    let connection: HostConnection

    /// Puts a live layer on the map. Only during `start`.
    ///
    /// - Throws: `PluginError` for a bad id, one that is taken, a style that is
    ///   no array of style layers, or outside of `start`.
    public func register(_ layer: LayerRegistration) throws {
        var message = WireLayerRegistration()
        message.id = layer.id
        message.title = WireTitle(layer.title.titles)
        message.geometryType = WireGeometryType(layer.schema.geometryType)
        message.fields = layer.schema.fields.map(WireField.init)
        message.styleLayers = String(decoding: layer.style, as: UTF8.self)
        message.minZoom = layer.zoomRange.lowerBound
        message.maxZoom = layer.zoomRange.upperBound
        message.dependsOnTime = layer.dependsOnTime
        try connection.call(.registerLayer(message))
        connection.remember(layer.schema, of: layer.id)
    }

    /// Features of one of the district's layers that meet an envelope in
    /// OGC:CRS84, in which their geometries are too. Needs the permission
    /// `layers`.
    ///
    /// - Parameters:
    ///   - conditions: all of them hold for what is answered.
    ///   - limit: at most `PluginContract.maxFeatures`.
    /// - Throws: `PluginError` for a layer that there is not, a field that it has
    ///   not, and for more than `limit` features: no part of them is answered then.
    public func query(
        _ layer: String, in envelope: Envelope, where conditions: [Condition] = [], limit: Int = 10_000
    ) throws -> [Feature] {
        var message = WireLayerQuery()
        message.layer = layer
        message.envelope = WireEnvelope(envelope)
        message.limit = UInt32(clamping: limit)
        message.conditions = conditions.map(\.message)
        let batch = try connection.call(.queryLayer(message)).queryLayer
        let schema = batch.describedSchema
        return try batch.records(schema: schema, layer: layer).map { $0.feature(schema) }
    }
}

extension FeatureRecord {
    /// The record with its values by name, nulls left out.
    fileprivate func feature(_ schema: Schema) -> Feature {
        var properties: [String: AttributeValue] = [:]
        for (field, value) in zip(schema.fields, values) where !value.isNull { properties[field.name] = value }
        return Feature(id: id, geometry: geometry, properties: properties)
    }
}
