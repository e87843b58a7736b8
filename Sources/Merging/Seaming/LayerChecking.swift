// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import Seams
import SimpleFeatures
import Topology

/// One layer of the store while its features are held against rules.
struct LayerChecking {
    let definition: LayerDefinition
    /// Those of which both layers are in the store.
    let rules: [LayerRuleEntry]
    private let transaction: MergeTransaction
    private let others: [String: LayerDefinition]
    private let sources: [String: SourceRecord]
    private let fields: [String]

    /// Of which features the rules have to be looked at.
    enum Scope {
        case nothing
        case all
        case around(Set<Int64>)
    }

    /// What decides the result besides the features.
    private struct Settings: Hashable, Codable {
        var version = Self.current
        var rules: [String]
        var isCapped: Bool

        static let current = 1
    }

    init(
        _ manifest: LayerManifest, _ district: District, _ transaction: MergeTransaction, _ present: Set<String>
    ) throws {
        definition = LayerDefinition(manifest)
        self.transaction = transaction
        var others: [String: LayerDefinition] = [:]
        for rule in manifest.rules where present.contains(rule.layer) {
            others[rule.layer] = district.layers[rule.layer].map { LayerDefinition($0) }
        }
        self.others = others
        rules = manifest.rules.filter { others[$0.layer] != nil }
        sources = try transaction.sources()
        fields = rules.compactMap { rule in
            if case .mustNotCross(_, let field, _) = rule.kind { return field }
            return nil
        }
    }

    // MARK: What to look at

    private var settingsKey: String { "rules:\(definition.id)" }

    func clear() throws {
        guard try transaction.note(named: settingsKey) != nil else { return }
        try transaction.removeRuleRecords(of: definition, about: nil)
        try transaction.removeNote(named: settingsKey)
    }

    func scope() throws -> Scope {
        let before = try transaction.note(named: settingsKey).flatMap {
            try? JSONDecoder().decode(Settings.self, from: Data($0.utf8))
        }
        guard let before, before.version == Settings.current, before.rules == rules.map(\.words) else { return .all }
        var dirty = try transaction.everTouched(of: definition)
        for rule in rules {
            guard let other = others[rule.layer] else { continue }
            let touched = try transaction.everTouched(of: other)
            // How far something lies from its town depends on all of the town.
            if case .insideTown = rule.kind, !touched.isEmpty { return .all }
            dirty += touched
        }
        if dirty.isEmpty { return .nothing }
        if before.isCapped { return .all }
        if try dirty.count > transaction.featureCount(of: definition) / 2 { return .all }
        var ids: Set<Int64> = []
        for envelope in dirty {
            for feature in try transaction.present(of: definition, meeting: envelope) { ids.insert(feature.id) }
        }
        return .around(ids)
    }

    var isFull: Bool {
        get throws {
            try transaction.seamRecordCount(of: definition, ofRules: true) >= SeamLayer.mostRecords
        }
    }

    // MARK: Looking

    /// - Parameter ids: of the features to look at; nil for all.
    func check(_ ids: Set<Int64>?) throws -> [MergeReport.Seams.Total] {
        let wanted = try ids.map { try transaction.present(of: definition, ids: $0.sorted(), fields: fields) }
        let features = (try wanted ?? transaction.present(of: definition, fields: fields)).sorted(by: Self.isFirst)
        var records: [SeamRecord] = []
        for rule in rules {
            guard let other = others[rule.layer] else { continue }
            records += try check(rule, features, against: candidates(rule, other, features, isAll: ids == nil))
        }
        records.sort {
            (-$0.confidence, -$0.width, $0.place.x, $0.place.y) < (-$1.confidence, -$1.width, $1.place.x, $1.place.y)
        }
        let outdated = try ids.map { try $0.sorted() + transaction.removedFeatures(of: definition) + gone() }
        try transaction.removeRuleRecords(of: definition, about: outdated)
        try transaction.add(Array(records.prefix(SeamLayer.mostRecords)), [])
        let settings = Settings(rules: rules.map(\.words), isCapped: try isFull)
        try transaction.setNote(try SeamLayer.text(of: settings), named: settingsKey)
        return records.totals
    }

    /// What is off the map since others stand for it.
    private func gone() throws -> [Int64] { try transaction.suppressedFeatures(of: definition).keys.sorted() }

    private func candidates(
        _ rule: LayerRuleEntry, _ other: LayerDefinition, _ features: [OriginalFeature], isAll: Bool
    ) throws -> [OriginalFeature] {
        if isAll { return try transaction.present(of: other).sorted(by: Self.isFirst) }
        if case .insideTown = rule.kind { return try transaction.present(of: other).sorted(by: Self.isFirst) }
        var found: [Int64: OriginalFeature] = [:]
        for feature in features {
            for candidate in try transaction.present(of: other, meeting: feature.geometry.envelope) {
                found[candidate.id] = candidate
            }
        }
        return found.values.sorted(by: Self.isFirst)
    }

    /// An order that does not depend on earlier merges.
    private static func isFirst(_ one: OriginalFeature, _ two: OriginalFeature) -> Bool {
        (one.source, one.identity, one.contentHash, one.row) < (two.source, two.identity, two.contentHash, two.row)
    }

    private func check(
        _ entry: LayerRuleEntry, _ features: [OriginalFeature], against others: [OriginalFeature]
    ) throws -> [SeamRecord] {
        let areas = others.enumerated().map { ruleFeature($0.element, number: $0.offset) }
        var subjects = features.enumerated().map { ruleFeature($0.element, number: $0.offset) }
        if case .insideTown = entry.kind {
            // Of a town that delivered no ground nothing can be said.
            let owners = Set(areas.map(\.owner))
            subjects.removeAll { !owners.contains($0.owner) }
        }
        let found = try LayerRuleCheck(mostRecords: .max).records(of: entry.rule, for: subjects, against: areas)
        return found.records.map { record in
            let subject = features[Int(record.feature)]
            let partners = record.others.map { others[Int($0)] }
            let isShare = if case .within = entry.kind { true } else { false }
            return SeamRecord(
                layer: definition.id, kind: record.kind.rawValue, isRepaired: false,
                reason: "", rule: entry.words, place: record.place, width: isShare ? 0 : record.measure, length: 0,
                area: 0, confidence: isShare ? 1 - record.measure : 1,
                features: [subject.id] + partners.map(\.id).sorted(),
                sources: Set(([subject] + partners).map(\.source)).sorted(), seam: subject.id,
                geometry: .point(Point(record.place)))
        }
    }

    private func ruleFeature(_ feature: OriginalFeature, number: Int) -> RuleFeature {
        var attributes: [String: String] = [:]
        for (field, value) in zip(fields, feature.values) { attributes[field] = value }
        return RuleFeature(
            id: Int64(number), owner: SeamLayer.owner(ofTown: sources[feature.source]?.town, source: feature.source),
            geometry: feature.geometry, attributes: attributes)
    }
}

extension LayerRuleEntry {
    fileprivate var rule: LayerRule {
        switch kind {
        case .within(let share): .withinExactlyOne(share: share)
        case .insideTown(let tolerance): .insideOwnersArea(tolerance: tolerance)
        case .mustNotCross(let tolerance, let field, let values):
            .mustNotCross(tolerance: tolerance, unless: field, values: values)
        }
    }

    /// For a person, and to see whether it is still the same rule.
    fileprivate var words: String {
        switch kind {
        case .within(let share): "within \(layer), share \(share)"
        case .insideTown(let tolerance): "inside_town \(layer), tolerance \(tolerance) m"
        case .mustNotCross(let tolerance, let field, let values):
            "must_not_cross \(layer), tolerance \(tolerance) m"
                + (field.map { ", unless \($0) is \(values.joined(separator: " or "))" } ?? "")
        }
    }
}
