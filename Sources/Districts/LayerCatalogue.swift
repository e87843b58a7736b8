// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// The layers that a district knows: the shipped ones and its own, which win
/// where both have the same id.
public struct LayerCatalogue: Sendable {
    /// In painting order: by `order`, then by id.
    public let layers: [LayerManifest]
    private let byID: [String: Int]

    public init(_ layers: [LayerManifest]) {
        let sorted = layers.sorted { ($0.order, $0.id) < ($1.order, $1.id) }
        self.layers = sorted
        byID = Dictionary(sorted.enumerated().map { ($0.element.id, $0.offset) }) { first, _ in first }
    }

    /// The layer of an id.
    public subscript(id: String) -> LayerManifest? {
        byID[id].map { layers[$0] }
    }

    /// In painting order.
    public var ids: [String] { layers.map(\.id) }

    /// The layer that a file or a layer of a file by this name most likely
    /// belongs to.
    public func layer(matching name: String) -> LayerManifest? {
        match(for: name)?.layer
    }

    /// The same, with whether the whole name is one of the layer's.
    public func match(for name: String) -> (layer: LayerManifest, isExact: Bool)? {
        let key = Synonym.key(name)
        guard !key.isEmpty else { return nil }
        func words(_ layer: LayerManifest) -> [String] {
            ([layer.id] + layer.titles.values + layer.synonyms).map(Synonym.key).filter { !$0.isEmpty }
        }
        let layers = layers.filter { $0.id != "merge-issues" }
        if let exact = layers.first(where: { words($0).contains(key) }) { return (exact, true) }
        // Two letters of a Latin word prove nothing; two of a Chinese one do.
        var best: (layer: LayerManifest, length: Int)?
        for layer in layers {
            for word in words(layer) where key.contains(word) {
                let weight = word.unicodeScalars.allSatisfy(\.isASCII) ? word.count : word.count * 3
                if weight >= 4, weight > best?.length ?? 0 { best = (layer, weight) }
            }
        }
        return best.map { ($0.layer, false) }
    }

    /// Reads every folder of `shipped` and of `own` that holds a `layer.yaml`.
    ///
    /// - Throws: `DistrictsError` with every mistake of every layer at once.
    public init(shipped: URL?, own: URL?) throws(DistrictsError) {
        let mistakes = MistakeList()
        let catalogue = Self.read(shipped: shipped, own: own, mistakes: mistakes)
        guard mistakes.isEmpty else { throw DistrictsError(.mistaken, mistakes.sorted) }
        self = catalogue
    }

    static func read(shipped: URL?, own: URL?, mistakes: MistakeList) -> LayerCatalogue {
        var layers: [String: LayerManifest] = [:]
        for (folder, name) in [(shipped, "layers (shipped)"), (own, "layers")] {
            guard let folder else { continue }
            let children = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            for child in children.sorted() where !child.hasPrefix(".") {
                let directory = folder.appendingPathComponent(child)
                let manifest = directory.appendingPathComponent("layer.yaml")
                guard FileManager.default.fileExists(atPath: manifest.path) else { continue }
                let file = "\(name)/\(child)/layer.yaml"
                if let layer = LayerManifest.read(directory, called: file, mistakes: mistakes) {
                    layers[layer.id] = layer
                }
            }
        }
        return LayerCatalogue(Array(layers.values))
    }
}
