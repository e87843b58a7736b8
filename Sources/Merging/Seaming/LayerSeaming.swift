// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import Seams
import SimpleFeatures

/// One layer of the store while its seams are repaired: hands over the
/// delivered borders, and takes the repaired ones.
final class LayerSeaming {
    let definition: LayerDefinition
    let rules: CoverageRules

    private let transaction: MergeTransaction
    private let settings: Settings
    private let owners: [String: Owner]
    /// Features by the number that they have while seams are looked at, which
    /// unlike their id does not depend on earlier merges.
    private var features: [Int64: OriginalFeature] = [:]
    private var numbers: [Int64: Int64] = [:]
    private var failure: (any Error)?

    /// Who delivered, and who gives way to whom.
    private struct Owner: Hashable, Codable {
        var number: Int64
        var authority: Int
        var isProtected: Bool
    }

    /// What decides the result besides the borders.
    private struct Settings: Hashable, Codable {
        var version = 1
        var rules: CoverageRules
        var owners: [String: Owner]
    }

    init(_ manifest: LayerManifest, _ district: District, _ transaction: MergeTransaction) throws {
        definition = LayerDefinition(manifest)
        var rules = CoverageRules()
        rules.gapWidth = manifest.seams.gapWidth
        rules.overlapWidth = manifest.seams.overlapWidth
        rules.gapArea = manifest.seams.area
        rules.overlapArea = manifest.seams.area
        self.rules = rules
        self.transaction = transaction
        var owners: [String: Owner] = [:]
        for (id, record) in try transaction.sources() where record.layer == manifest.id {
            let source = district.source(id)
            // What a town delivers in two files has no seam within.
            owners[id] = Owner(
                number: Int64(SourceDefinition.slot(of: record.town.map { "town \($0)" } ?? id)),
                authority: source?.authority ?? 0, isProtected: source?.isProtected ?? false)
        }
        self.owners = owners
        settings = Settings(rules: rules, owners: owners)
    }

    var featureCount: Int {
        get throws { try transaction.featureCount(of: definition) }
    }

    // MARK: Settings

    private var settingsKey: String { "seams:\(definition.id)" }

    /// Whether what was repaired before was repaired by other rules. A source
    /// that came or went is no change: its features are touched themselves.
    func settingsHaveChanged() throws -> Bool {
        guard let text = try transaction.note(named: settingsKey),
            let before = try? JSONDecoder().decode(Settings.self, from: Data(text.utf8))
        else { return true }
        return before.version != settings.version || before.rules != settings.rules
            || before.owners.contains { id, owner in owners[id].map { $0 != owner } ?? false }
    }

    func rememberSettings() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try transaction.setNote(String(decoding: try encoder.encode(settings), as: UTF8.self), named: settingsKey)
    }

    // MARK: Reading

    func all() throws -> [CoverageFeature] {
        coverage(of: try transaction.originals(of: definition))
    }

    /// Errors are kept for `rethrow`: the search cannot throw them.
    func features(meeting envelope: Envelope) -> [CoverageFeature] {
        do {
            return coverage(of: try transaction.originals(of: definition, meeting: envelope))
        } catch {
            failure = failure ?? error
            return []
        }
    }

    func rethrow() throws {
        if let failure { throw failure }
    }

    private func coverage(of originals: [OriginalFeature]) -> [CoverageFeature] {
        originals.sorted { $0.row < $1.row }.map { original in
            let owner = owners[original.source]
            return CoverageFeature(
                id: number(of: original), owner: owner?.number ?? 0, authority: owner?.authority ?? 0,
                isProtected: owner?.isProtected ?? false, geometry: original.geometry)
        }
    }

    /// A number that two merges of the same deliveries agree on, whatever was
    /// merged before.
    private func number(of original: OriginalFeature) -> Int64 {
        if let number = numbers[original.id] { return number }
        var hash = ContentHash()
        let words = [Int64(SourceDefinition.slot(of: original.source)), original.identity, original.contentHash]
        words.withUnsafeBytes { hash.combine($0) }
        // Several that are the same altogether lie in one place, so they are
        // always asked for together, and it does not matter which is which.
        var number = hash.value
        while features[number] != nil { number &+= 1 }
        numbers[original.id] = number
        features[number] = original
        return number
    }

    private func id(_ number: Int64) -> Int64 { features[number]?.id ?? 0 }

    /// How a person finds a feature.
    func name(of number: Int64) -> String {
        guard let feature = features[number] else { return "?" }
        return "\(feature.id) (\(feature.source), record \(feature.row))"
    }

    // MARK: Writing

    /// - Parameter considered: the features that the result is about; nil for all.
    func apply(_ result: CoverageResult, to considered: [Int64]?) throws {
        let altered = try transaction.alteredFeatures(of: definition)
        let looked = considered.map { Set($0.map(id)) }
        let changed = Set(result.changed.keys.map(id))
        for id in altered.subtracting(changed).sorted() where looked?.contains(id) ?? true {
            try transaction.restore(id, of: definition)
        }
        for (id, geometry) in result.changed.map({ (id($0.key), $0.value) }).sorted(by: { $0.0 < $1.0 }) {
            try transaction.alter(id, of: definition, to: geometry)
        }
        let outdated = try looked.map { try $0.sorted() + transaction.removedFeatures(of: definition) }
        try transaction.removeSeamRecords(of: definition, about: outdated)
        try transaction.add(result.defects.map(record), result.movements.map(record))
    }

    private func record(_ defect: CoverageDefect) -> SeamRecord {
        let isRepaired = defect.outcome == .repaired
        var reason = ""
        if case .refused(let refusal) = defect.outcome {
            reason = refusal.rawValue + (defect.detail.isEmpty ? "" : ": \(defect.detail)")
        }
        return SeamRecord(
            layer: definition.id, kind: defect.kind.rawValue, isRepaired: isRepaired, reason: reason,
            place: defect.place, width: defect.width, length: defect.length, area: defect.area,
            confidence: defect.confidence, features: defect.features.map(id).sorted(),
            sources: Set(defect.features.compactMap { features[$0]?.source }).sorted(), seam: id(defect.seam),
            geometry: defect.geometry)
    }

    private func record(_ movement: BorderMovement) -> MovementRecord {
        MovementRecord(
            layer: definition.id, feature: id(movement.feature), largestShift: movement.largestShift,
            areaGiven: movement.areaGiven, areaTaken: movement.areaTaken, with: movement.with.map(id).sorted())
    }
}
