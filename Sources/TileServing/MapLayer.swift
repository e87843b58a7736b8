// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import SimpleFeatures
import Snapshots

/// One layer of the map: merged data of the district, or a plugin's live data.
struct MapLayer: Sendable {
    enum Content: Sendable {
        case snapshot(Snapshot)
        /// Asked of the plugin for each tile.
        case live(plugin: String)
        /// Cannot be drawn now; the reason is one sentence.
        case failed(reason: String)
    }

    /// Unique on the map; a plugin's layer begins with the plugin's id and a dot.
    var id: String
    /// By language tag.
    var titles: [String: String]
    var geometryType: GeometryType
    var fields: [Field]
    /// What the codes of coded fields are called, by field.
    var codes: [String: CodeList] = [:]
    /// OGC:CRS84; `nil` when there is nothing or it is not known.
    var extent: Envelope?
    var featureCount: Int?
    /// Changes when a tile of the layer may change, live data apart.
    var dataVersion: String
    /// MapLibre's zoom, that of tiles with 512 pixels.
    var minZoom: Double
    /// A JSON array of MapLibre style layers without source and source-layer.
    var styleLayers: String
    var content: Content
    /// Who should see it, as its manifest says; nobody is kept from it here.
    var sensitivity: LayerManifest.Sensitivity = .open

    /// Whether its features depend on the time that is asked for.
    var dependsOnTime = false

    var isLive: Bool {
        if case .live = content { return true }
        return false
    }
}
