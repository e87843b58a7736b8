// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Formats

/// Which layers of a drawing go into which layers of the district, as far as
/// their names tell.
///
/// A layer that is called as the district's vocabulary calls one is taken; one
/// whose name only contains such a word, and one that nobody knows, is a comment.
enum DrawingRows {
    /// Layers that nobody knows and that are listed.
    private static let mostUnknown = 24

    /// - Returns: nothing for what is no drawing.
    static func propose(
        _ layer: LayerInspection, _ format: FileFormat, by catalogue: LayerCatalogue
    ) -> [SourceProposal.DrawingRow] {
        guard format == .dxf, let names = layer.fields.first(where: { $0.name == DrawingOptions.layerField }) else {
            return []
        }
        var known: [String: [ValueCount]] = [:]
        var resembling: [SourceProposal.DrawingRow] = []
        var unknown: [SourceProposal.DrawingRow] = []
        for name in names.values {
            let count = MergeReport.count(name.count, "entity", "entities")
            guard let match = catalogue.match(for: name.value) else {
                unknown.append(.init(from: [name.value], comment: "\(count); no layer is called so", isCommentedOut: true))
                continue
            }
            if match.isExact {
                known[match.layer.id, default: []].append(name)
            } else {
                resembling.append(
                    .init(match.layer.id, from: [name.value], comment: "\(count); only part of the name says so",
                        isCommentedOut: true))
            }
        }
        let taken = catalogue.ids.compactMap { id in
            known[id].map { names -> SourceProposal.DrawingRow in
                let count = MergeReport.count(names.reduce(0) { $0 + $1.count }, "entity", "entities")
                return .init(id, from: names.map(\.value).sorted(), comment: count)
            }
        }
        let listed = Array(unknown.prefix(mostUnknown))
        return taken + resembling + listed
    }
}
