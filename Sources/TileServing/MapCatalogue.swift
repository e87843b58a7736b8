// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import MapStyles
import Rendering
import SimpleFeatures

/// Everything that is served at one moment: the layers and the maps made of
/// them. A new one replaces it as a whole when the district changes.
struct MapCatalogue: Sendable {
    /// The id of the map of everything.
    static let districtMap = "district"
    /// The id of the map of all merged layers.
    static let baseMap = "base"
    /// The id of the map of all plugins' layers.
    static let liveMap = "live"

    /// What the district is called.
    let title: String
    /// In paint order: merged layers by their manifests' order, then live ones.
    let layers: [MapLayer]
    let maps: [String: DistrictMap]
    /// Sentences about what could not be put on the map.
    let problems: [String]
    /// What is kept from those who ask.
    let access: AccessRules
    private let positions: [String: Int]

    /// - Parameter notes: what is wrong already; becomes part of `problems`.
    init(title: String, layers: [MapLayer], notes: [String] = [], access: AccessRules = AccessRules()) {
        self.access = access
        var problems = notes
        var kept: [MapLayer] = []
        var positions: [String: Int] = [:]
        var maps: [String: DistrictMap] = [:]
        for layer in layers {
            let isReserved = [Self.districtMap, Self.baseMap, Self.liveMap].contains(layer.id)
            guard !isReserved, positions[layer.id] == nil else {
                problems.append("The layer id \"\(layer.id)\" is taken; this layer is not on the map.")
                continue
            }
            do {
                let map = try Self.map(layer.id, titles: layer.titles, of: [layer])
                let notDrawn = map.style.notDrawn()
                if !notDrawn.isEmpty {
                    problems.append(
                        "Pictures do not show all that the style of the layer \"\(layer.id)\" asks for; missing: "
                            + notDrawn.joined(separator: ", ") + ".")
                }
                problems += map.labels.complaints()
                maps[layer.id] = map
                positions[layer.id] = kept.count
                kept.append(layer)
            } catch {
                problems.append("The style of the layer \"\(layer.id)\" cannot be used: \(error)")
            }
        }
        let groups: [(id: String, titles: [String: String], layers: [MapLayer])] = [
            (Self.districtMap, ["zh": title, "en": title], kept),
            (Self.baseMap, ["zh": "基础图层", "en": "Base layers"], kept.filter { !$0.isLive }),
            (Self.liveMap, ["zh": "实时图层", "en": "Live layers"], kept.filter(\.isLive)),
        ]
        for group in groups {
            do {
                maps[group.id] = try Self.map(group.id, titles: group.titles, of: group.layers)
            } catch {
                problems.append("The map \"\(group.id)\" cannot be composed: \(error)")
            }
        }
        self.title = title
        self.layers = kept
        self.maps = maps
        self.problems = problems
        self.positions = positions
    }

    func layer(_ id: String) -> MapLayer? {
        positions[id].map { layers[$0] }
    }

    /// The union of the layers' extents, OGC:CRS84.
    func extent(of map: DistrictMap) -> Envelope? {
        map.layers.compactMap { layer($0)?.extent }.reduce(nil) { whole, part in
            guard var union = whole else { return part }
            union.expand(toContain: part)
            return union
        }
    }

    /// The ground under a map; nil for those that lie over others.
    static func background(of map: String) -> String? {
        [districtMap, baseMap].contains(map) ? LayerCatalogue.backgroundColor : nil
    }

    private static func map(_ id: String, titles: [String: String], of layers: [MapLayer]) throws -> DistrictMap {
        let json = try StyleComposition.style(name: id, layers: layers, sources: [:], background: background(of: id))
        let versions = layers.map { "\($0.id)@\($0.dataVersion)" }.joined(separator: ",")
        let style = try Style(parsing: [UInt8](json))
        var contents: [String: LayerContent] = [:]
        for layer in layers {
            if case .snapshot(let snapshot) = layer.content { contents[layer.id] = .snapshot(snapshot) }
        }
        return DistrictMap(
            id: id, titles: titles, layers: layers.map(\.id), style: style,
            labels: LabelPlans(style: style, layers: contents),
            version: String(EntityTag.of(json + Data(versions.utf8)).prefix(12)),
            isLive: layers.contains(where: \.isLive))
    }
}
