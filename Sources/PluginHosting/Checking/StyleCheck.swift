// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import MapStyles

/// Reads the styles of a plugin's layers as the server does that draws them.
struct StyleCheck {
    let layers: [LiveLayer]

    func run(_ report: inout PluginCheckReport) {
        for layer in layers {
            let mistakes = mistakes(in: layer)
            if mistakes.isEmpty {
                report.ok("style \(layer.name)", "The server can draw it.")
            } else {
                report.fail(
                    "style \(layer.name)",
                    mistakes.prefix(5).joined(separator: "; ")
                        + (mistakes.count > 5 ? "; and \(mistakes.count - 5) more" : ""),
                    cure: "docs/styles.md says what is drawn; the path counts the plugin's own list from 0.")
            }
        }
    }

    private func mistakes(in layer: LiveLayer) -> [String] {
        guard let list = try? JSONSerialization.jsonObject(with: Data(layer.styleLayers.utf8)) else {
            return ["it is not JSON"]
        }
        let document: [String: Any] = [
            "version": 8, "sources": [layer.id: ["type": "vector", "tiles": [String]()]], "layers": list,
        ]
        do {
            _ = try Style(parsing: [UInt8](try JSONSerialization.data(withJSONObject: document)))
            return []
        } catch let error as MapStylesError {
            return error.issues.map { issue in
                var issue = issue
                // The document is written anew: its lines are nobody's.
                issue.line = nil
                if issue.path.hasPrefix("layers[") { issue.path.removeFirst("layers".count) }
                return issue.description
            }
        } catch {
            return [String(describing: error)]
        }
    }
}
