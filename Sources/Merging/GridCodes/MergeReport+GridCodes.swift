// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

public import DistrictStores
import Districts

extension MergeReport {
    /// How the codes of a layer's cells stand, whichever merge gave them.
    public struct GridCodes: Sendable, Codable {
        public var layer: String
        public var field: String
        public var cells: Int
        /// Cells that have their code from their town.
        public var delivered: Int
        /// Cells that have it from the district.
        public var assigned: Int
        /// Cells that have none.
        public var without: Int
        /// Areas in which codes were given, by code.
        public var areas: [CodeSummary.Area]
        /// The first codes that the district gave, with their features.
        public var assignedCodes: [CodeSummary.Assigned]
        /// Why no cell can be numbered, as a sentence; nil when they can.
        public var obstacle: String?

        static let mostListed = 200

        init(layer: String, _ rule: GridCodeRule, _ summary: CodeSummary) {
            self.layer = layer
            field = rule.field
            cells = summary.cells
            delivered = summary.delivered
            assigned = summary.assigned
            without = summary.cells - summary.delivered - summary.assigned
            areas = summary.areas
            assignedCodes = summary.listed
        }

        /// The areas that text and page have a line of.
        static let areasShown = 20

        var sentence: String {
            "\(layer): \(MergeReport.count(cells, "cell")), \(delivered) with a code of their town, "
                + "\(assigned) numbered by the district, \(without) without a code."
                + (obstacle.map { " \($0)" } ?? "")
        }
    }

    /// How codes stand, as text.
    func appendGridCodes(to lines: inout [String]) {
        guard !gridCodes.isEmpty else { return }
        lines += ["", "Codes of grids (miaopu show FEATURE says who gave a code)"]
        for layer in gridCodes {
            lines.append("  \(layer.sentence)")
            lines += layer.areas.prefix(GridCodes.areasShown).map { "    \($0.sentence)" }
            let more = layer.areas.count - GridCodes.areasShown
            if more > 0 { lines.append("    and \(Self.count(more, "area")) more") }
        }
    }
}

extension CodeSummary.Area {
    var sentence: String {
        "\(code): \(MergeReport.count(cells, "cell")), \(assigned) numbered by the district; the highest code given is "
            + "\(highest)\(withdrawn > 0 ? ", and \(withdrawn) given before are no longer on the map" : "")."
    }
}

extension ReportPage {
    /// A table of areas for each layer that is numbered.
    static func gridCodes(_ layers: [MergeReport.GridCodes], title: (String) -> HTML) -> HTML {
        let blocks: [HTML] = layers.map { layer in
            let rows: [HTML] = layer.areas.prefix(MergeReport.GridCodes.areasShown).map { area in
                """
                <tr><td>\(area.code)</td><td class="n">\(area.cells)</td><td class="n">\(area.assigned)</td>\
                <td>\(area.highest)</td><td class="n">\(area.withdrawn)</td></tr>
                """
            }
            return """
                <h3>\(title(layer.layer))</h3><p>\(layer.sentence)</p>\
                <table><thead><tr><th>上级代码 <span class="en">Area</span></th>\
                <th class="n">单元 <span class="en">Cells</span></th>\
                <th class="n">区级编码 <span class="en">Numbered by the district</span></th>\
                <th>最大编码 <span class="en">Highest code</span></th>\
                <th class="n">已停用 <span class="en">Withdrawn</span></th></tr></thead><tbody>\(rows)</tbody></table>
                """
        }
        return "\(blocks)"
    }
}
