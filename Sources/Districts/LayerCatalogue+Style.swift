// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

extension LayerCatalogue {
    /// The colour under all layers, `#ebe8e1`.
    public static let backgroundColor = "#ebe8e1"

    /// One MapLibre style document of the style layers of several layers, in
    /// painting order, over a plain background.
    ///
    /// - Parameters:
    ///   - ids: The layers to draw; nil draws all. A layer without a
    ///     `style.json` adds nothing.
    ///   - name: The style's name.
    ///   - sources: The `sources` member, a JSON object; the shipped style layers
    ///     draw from a source called `district`.
    /// - Returns: UTF-8 JSON with sorted keys, always the same bytes for the same
    ///   input.
    /// - Throws: `DistrictsError` when a `style.json` is not a list of style
    ///   layers, or two of them share an id.
    public func style(
        ofLayers ids: [String]? = nil, name: String, sources: Data = Data("{}".utf8)
    ) throws(DistrictsError) -> Data {
        let mistakes = MistakeList()
        var styleLayers: [Any] = [
            ["id": "background", "type": "background", "paint": ["background-color": Self.backgroundColor]]
        ]
        var fileByID: [String: String] = ["background": "the background"]
        for layer in layers where ids?.contains(layer.id) ?? true {
            let file = "layers/\(layer.id)/style.json"
            guard let bytes = try? Data(contentsOf: layer.styleFile) else { continue }
            guard let list = try? JSONSerialization.jsonObject(with: bytes) as? [[String: Any]] else {
                mistakes.add(Mistake(file: file, sentence: "a list of MapLibre style layers is expected"))
                continue
            }
            for (index, styleLayer) in list.enumerated() {
                guard let id = styleLayer["id"] as? String else {
                    mistakes.add(Mistake(file: file, path: "[\(index)].id", sentence: "the id is missing"))
                    continue
                }
                if let other = fileByID[id] {
                    let sentence = "the id \"\(id)\" is taken already, in \(other)"
                    mistakes.add(Mistake(file: file, path: "[\(index)].id", sentence: sentence))
                }
                fileByID[id] = file
                styleLayers.append(styleLayer)
            }
        }
        guard mistakes.isEmpty else { throw DistrictsError(.mistaken, mistakes.sorted) }
        let document: [String: Any] = [
            "version": 8, "name": name, "layers": styleLayers,
            "sources": (try? JSONSerialization.jsonObject(with: sources) as? [String: Any]) ?? [:],
        ]
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try JSONSerialization.data(withJSONObject: document, options: options)
        } catch {
            throw DistrictsError(.mistaken, [Mistake(file: "layers", sentence: "the styles cannot be written as JSON")])
        }
    }
}
