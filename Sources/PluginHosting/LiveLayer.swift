// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import PluginMessages
import SimpleFeatures

/// A layer that a plugin registered.
public struct LiveLayer: Hashable, Sendable {
    /// `<plugin>.<layer>`, unique in the host.
    public let id: String
    /// The plugin's id.
    public let plugin: String
    /// The layer's name within the plugin.
    public let name: String
    /// By language tag, `zh` and `en`.
    public let titles: [String: String]
    /// Geometry type and fields, with their titles and units.
    public let schema: Schema
    /// A JSON array of MapLibre style layers; `source` and `source-layer` are
    /// this layer's `id`, and the style layers' ids begin with it.
    public let styleLayers: String
    /// Where it is drawn, in MapLibre's zoom (tiles of 512 pixels).
    public let minZoom: Double
    public let maxZoom: Double
    /// Whether its features depend on the time that is asked for.
    public let dependsOnTime: Bool

    /// Checks a registration.
    ///
    /// - Throws: `.invalid` with a sentence for whatever does not fit.
    init(_ message: WireLayerRegistration, plugin: String) throws(PluginHostingError) {
        func refuse(_ reason: String) -> PluginHostingError {
            PluginHostingError(
                .invalid, plugin, "The plugin \(plugin) cannot register the layer \(message.id): \(reason).")
        }
        guard PluginContract.isIdentifier(message.id) else {
            throw refuse("an id is 1 to 32 of a-z, 0-9 and -, beginning with a letter")
        }
        guard let type = message.geometryType.geometryType else { throw refuse("its geometry type is not known here") }
        guard message.fields.count <= PluginContract.maxFields else {
            throw refuse("it has \(message.fields.count) fields; at most \(PluginContract.maxFields) are accepted")
        }
        var fields: [Field] = []
        for field in message.fields {
            guard let field = field.field else { throw refuse("the field \(field.name) has a type not known here") }
            guard !field.name.isEmpty, field.name.utf8.count <= 64, !fields.contains(where: { $0.name == field.name })
            else { throw refuse("the field name \"\(field.name)\" is empty, too long, or there twice") }
            fields.append(field)
        }
        guard message.minZoom >= 0, message.minZoom <= message.maxZoom, message.maxZoom <= 24 else {
            throw refuse("its zooms are \(message.minZoom) to \(message.maxZoom); 0 to 24 are accepted")
        }
        id = "\(plugin).\(message.id)"
        self.plugin = plugin
        name = message.id
        titles = message.title.titles.isEmpty ? ["zh": message.id, "en": message.id] : message.title.titles
        schema = Schema(geometryType: type, fields: fields)
        minZoom = message.minZoom
        maxZoom = message.maxZoom
        dependsOnTime = message.dependsOnTime
        do {
            styleLayers = try LiveStyle.complete(message.styleLayers, layer: id)
        } catch {
            throw refuse("\(error)")
        }
    }
}
