// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import PluginHosting
import SimpleFeatures
import Snapshots

/// Makes the catalogue: the store's layers with their manifests and styles, in
/// paint order, then the plugins' layers.
struct CatalogueBuilding {
    let district: District
    let liveLayers: [LiveLayer]
    /// Ids of the plugins that run.
    var plugins: Set<String> = []

    /// - Throws: what opening or reading the store throws.
    func catalogue(of store: DistrictStore, progress: @escaping @Sendable (String) -> Void) throws -> MapCatalogue {
        var cutting = SnapshotCutting(district)
        cutting.progress = progress
        var notes: [String] = []
        let cut = try cutting.layers(of: store).sorted { order($0) < order($1) }
        let layers = cut.map { layer in
            if layer.unplaced > 0 {
                notes.append(
                    "\(layer.unplaced) features of \(layer.overview.definition.id) have no place in Web Mercator.")
            }
            return mapLayer(layer, &notes)
        }
        let access = AccessRules(district.access)
        notes += access.mistakes(layers: Set(liveLayers.map(\.id)), plugins: plugins)
        let live = liveLayers.filter { !access.hidesLayer($0.id) }.map(Self.mapLayer)
        return MapCatalogue(title: district.name, layers: layers + live, notes: notes, access: access)
    }

    private func order(_ layer: SnapshotCutting.Layer) -> (Int, String) {
        let id = layer.overview.definition.id
        return (district.layers[id]?.order ?? 500, id)
    }

    private func mapLayer(_ layer: SnapshotCutting.Layer, _ notes: inout [String]) -> MapLayer {
        let definition = layer.overview.definition
        let manifest = district.layers[definition.id]
        // Titles and units are the manifest's; the store keeps names and types.
        let fields = definition.schema.fields.map { manifest?.field($0.name)?.field ?? $0 }
        var codes: [String: CodeList] = [:]
        for field in manifest?.fields ?? [] { codes[field.field.name] = manifest?.codeList(of: field) }
        var mapLayer = MapLayer(
            id: definition.id, titles: manifest?.titles ?? ["zh": definition.title, "en": definition.title],
            geometryType: definition.schema.geometryType, fields: fields + SnapshotCutting.provenance, codes: codes,
            extent: nil, featureCount: layer.overview.featureCount, dataVersion: layer.dataVersion,
            minZoom: Double(manifest?.minZoom ?? 0),
            styleLayers: styleLayers(manifest, definition, &notes), content: .failed(reason: ""))
        if let manifest { mapLayer.sensitivity = manifest.sensitivity }
        switch layer.snapshot {
        case .success(let snapshot):
            mapLayer.content = .snapshot(snapshot)
            mapLayer.extent = WebMercatorGround.degrees(snapshot.envelope)
        case .failure(let error):
            mapLayer.content = .failed(reason: "\(error)")
            notes.append("The layer \"\(definition.id)\" cannot be drawn: \(error)")
        }
        return mapLayer
    }

    private func styleLayers(
        _ manifest: LayerManifest?, _ definition: LayerDefinition, _ notes: inout [String]
    ) -> String {
        let fallback = LayerDocument(
            id: definition.id, title: definition.title, geometryType: definition.schema.geometryType
        ).style
        guard let manifest, let data = try? Data(contentsOf: manifest.styleFile) else { return fallback }
        do {
            return try StyleComposition.checked(String(decoding: data, as: UTF8.self), layer: definition.id)
        } catch {
            notes.append("The style of the layer \"\(definition.id)\" is not used: \(error)")
            return fallback
        }
    }

    private static func mapLayer(_ layer: LiveLayer) -> MapLayer {
        var mapLayer = MapLayer(
            id: layer.id, titles: layer.titles, geometryType: layer.schema.geometryType, fields: layer.schema.fields,
            extent: nil, dataVersion: "live", minZoom: layer.minZoom, styleLayers: layer.styleLayers,
            content: .live(plugin: layer.plugin))
        mapLayer.dependsOnTime = layer.dependsOnTime
        return mapLayer
    }
}
