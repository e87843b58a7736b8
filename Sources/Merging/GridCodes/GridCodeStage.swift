// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import SimpleFeatures
import Topology

/// Looks at the codes of management grids and numbers the cells that have none,
/// as the map shows them once seams are repaired.
struct GridCodeStage {
    private let district: District
    private let transaction: MergeTransaction
    private let options: Merger.Options
    private let matches: [String: MatchList]

    /// - Parameter matches: by source, of those that this merge has looked at.
    init(
        _ district: District, _ transaction: MergeTransaction, options: Merger.Options, matches: [String: MatchList]
    ) {
        self.district = district
        self.transaction = transaction
        self.options = options
        self.matches = matches
    }

    /// - Throws: `MergingError` of kind `.wrongUse` when rules name a layer or a
    ///   field that is not there.
    static func check(_ district: District) throws {
        for id in district.layers.ids.sorted() {
            guard let rule = district.layers[id]?.gridCodes else { continue }
            let place = "layers/\(id)/layer.yaml: grid_codes"
            guard let parent = district.layers[rule.parent], parent.geometryType.dimension == 2 else {
                throw MergingError(
                    .wrongUse,
                    "\(place).parent: “\(rule.parent)” is no layer of areas; "
                        + "there are \(areaLayers(of: district).filter { $0 != id }.joined(separator: ", ")).")
            }
            guard parent.id != id else {
                throw MergingError(.wrongUse, "\(place).parent: cells lie in areas of another layer than their own.")
            }
            guard parent.field(rule.parentField)?.field.type == .text else {
                let texts = parent.fields.filter { $0.field.type == .text }.map(\.field.name)
                throw MergingError(
                    .wrongUse,
                    "\(place).parent_field: “\(rule.parentField)” is no text field of the layer “\(parent.id)”; "
                        + "it has \(texts.joined(separator: ", ")).")
            }
        }
    }

    private static func areaLayers(of district: District) -> [String] {
        district.layers.ids.filter { district.layers[$0]?.geometryType.dimension == 2 }.sorted()
    }

    /// - Returns: how the codes of each layer stand.
    func run() throws -> [MergeReport.GridCodes] {
        let sources = try transaction.sources()
        let present = Set(sources.values.map(\.layer))
        var reports: [MergeReport.GridCodes] = []
        for id in district.layers.ids.sorted() {
            guard let manifest = district.layers[id] else { continue }
            let layer = LayerDefinition(manifest)
            let key = "grid-codes:\(id)"
            guard let rule = manifest.gridCodes else {
                if try transaction.note(named: key) != nil {
                    try transaction.removeAssignedCodes(of: layer)
                    try transaction.setCodeRecords([], of: layer)
                    try transaction.removeNote(named: key)
                }
                continue
            }
            let settings = try SeamLayer.text(of: rule)
            guard try present.contains(id) || transaction.note(named: key) != nil else { continue }
            let isAccepted = sources.values.contains { $0.layer == id && options.accepted.contains($0.id) }
            if try isAccepted || transaction.note(named: key) != settings || transaction.hasTouched(id)
                || transaction.hasTouched(rule.parent)
            {
                options.progress("\(id): codes")
                do {
                    try number(layer, rule, sources, hasParents: present.contains(rule.parent))
                } catch let error as TopologyError {
                    throw MergingError(.system, "The codes of “\(id)” cannot be looked at: \(error)")
                }
                try transaction.setNote(settings, named: key)
            }
            var report = MergeReport.GridCodes(
                layer: id, rule,
                try transaction.codeSummary(
                    of: layer, field: rule.field, areaDigits: rule.parentDigits, digits: rule.digits,
                    listing: MergeReport.GridCodes.mostListed))
            if !present.contains(rule.parent) {
                report.obstacle = "Nobody has delivered “\(rule.parent)”, the areas of its cells, so none is numbered."
            }
            reports.append(report)
        }
        return reports
    }

    private func number(
        _ layer: LayerDefinition, _ rule: GridCodeRule, _ sources: [String: SourceRecord], hasParents: Bool
    ) throws {
        let standing = try transaction.assignedCodes(of: layer, field: rule.field)
        let features = try transaction.present(of: layer, fields: [rule.field])
        let parent = district.layers[rule.parent].map { LayerDefinition($0) }
        let areas = try parent.map { hasParents ? try transaction.present(of: $0, fields: [rule.parentField]) : [] }
        let finder = try areas.flatMap { $0.isEmpty ? nil : try GridAreaFinder($0, rule) }
        let pasts = matches.mapValues(ReviewedPast.init)
        let cells = try features.map { feature in
            let owner = sources[feature.source]?.town ?? "source:\(feature.source)"
            let value = feature.values[0].flatMap { $0.isEmpty ? nil : $0 }
            let assigned = standing[feature.id]
            return GridCell(
                id: feature.id, holder: CodeHolder(owner: owner, identity: feature.identity),
                formerHolders: (pasts[feature.source]?.identities(of: feature.id, before: feature.identity) ?? [])
                    .map { CodeHolder(owner: owner, identity: $0) },
                content: feature.contentHash, row: feature.row, envelope: feature.geometry.envelope,
                place: try finder?.place(of: feature.geometry) ?? .unknown,
                delivered: assigned == nil ? value : nil, assigned: assigned,
                isAccepted: options.accepted.contains(feature.source))
        }
        let numbering = GridNumbering(cells, try transaction.registeredCodes(of: layer), rule)
        try transaction.register(numbering.registrations, of: layer)
        try transaction.setAssignedCodes(numbering.assigned, in: rule.field, of: layer, standing: standing)
        let places = Dictionary(features.map { ($0.id, $0) }) { first, _ in first }
        let records = numbering.findings.prefix(SeamLayer.mostRecords).compactMap { finding in
            places[finding.cell].map { record(finding, $0, finding.others.compactMap { places[$0] }, layer) }
        }
        try transaction.setCodeRecords(records, of: layer)
    }

    private func record(
        _ finding: GridCodeFinding, _ cell: OriginalFeature, _ others: [OriginalFeature], _ layer: LayerDefinition
    ) -> SeamRecord {
        let center = cell.geometry.envelope.center
        let place = Coordinate(x: (center.x * 1000).rounded() / 1000, y: (center.y * 1000).rounded() / 1000)
        return SeamRecord(
            layer: layer.id, kind: finding.kind.rawValue, isRepaired: false,
            // What stands before the colon is what findings are counted by.
            reason: "\(GridCodeFinding.subject): \(finding.sentence).", place: place, width: 0, length: 0, area: 0,
            confidence: 1, features: [cell.id] + others.map(\.id).sorted(),
            sources: Set(([cell] + others).map(\.source)).sorted(), seam: cell.id, geometry: .point(Point(place)))
    }
}

extension GridCodeFinding {
    fileprivate static let subject = "Grid code"
}

/// What features were known by before people said that other records are they.
struct ReviewedPast {
    private struct Known: Hashable {
        var feature: Int64
        var identity: Int64
    }

    private var earlier: [Known: Int64] = [:]

    init(_ list: MatchList) {
        for entry in list.accepted { earlier[Known(feature: entry.feature, identity: entry.content)] = entry.was }
    }

    /// - Returns: the latest first, without the one that is given.
    func identities(of feature: Int64, before identity: Int64) -> [Int64] {
        var found: [Int64] = []
        var seen: Set = [identity]
        var last = identity
        while let was = earlier[Known(feature: feature, identity: last)], seen.insert(was).inserted {
            found.append(was)
            last = was
        }
        return found
    }
}

/// Finds the area of another layer that a cell lies in.
struct GridAreaFinder {
    private let areas: [(envelope: Envelope, code: String, geometry: Geometry)]
    private let rule: GridCodeRule
    private let engine: TopologyEngine

    init(_ areas: [OriginalFeature], _ rule: GridCodeRule) throws {
        self.areas = areas.map { ($0.geometry.envelope, ($0.values[0] ?? ""), $0.geometry) }
        self.rule = rule
        engine = try TopologyEngine()
    }

    /// - Complexity: O(*n*) in areas, and GEOS for those whose envelopes meet.
    func place(of cell: Geometry) throws -> GridCell.Place {
        let box = cell.envelope
        var shares: [String: Double] = [:]
        let whole = try engine.area(cell)
        for area in areas where area.envelope.intersects(box) {
            let share: Double
            if try engine.covers(area.geometry, cell) {
                share = 1
            } else {
                share = whole > 0 ? try engine.area(engine.intersection(cell, area.geometry)) / whole : 0
            }
            // An area may be delivered in parts.
            shares[area.code, default: 0] += share
        }
        // Rounding to a millimetre is nobody's.
        let holding = shares.filter { $0.value >= rule.share - 1e-9 }
        if holding.count == 1, let code = holding.keys.first {
            return rule.isAreaCode(code) ? .area(code) : .areaWithoutCode(code)
        }
        let touched = holding.isEmpty ? shares.filter { $0.value > 1 - rule.share + 1e-9 } : holding
        return touched.count > 1 ? .several(touched.keys.sorted()) : .nowhere
    }
}
