// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import Foundation
import Seams
import SimpleFeatures

/// One layer of the store while its seams are looked at: hands over what was
/// delivered, and takes what is to stand there instead.
final class SeamLayer {
    let manifest: LayerManifest
    let definition: LayerDefinition
    /// Of the grid that all features lie on.
    let precision: GridPrecision
    private let transaction: MergeTransaction
    private let owners: [String: Owner]
    /// Features by the number that they have while seams are looked at, which
    /// unlike their id does not depend on earlier merges.
    private var features: [Int64: OriginalFeature] = [:]
    private var numbers: [Int64: Int64] = [:]
    private var failure: (any Error)?
    /// What others stand for, and where; nil until it is asked for.
    private var loaded: (features: [OriginalFeature], index: EnvelopeIndex)?

    /// Who delivered, and who gives way to whom.
    struct Owner: Hashable, Codable {
        var number: Int64
        var authority = 0
        var isProtected = false
    }

    /// The most records of one layer that the store keeps.
    static let mostRecords = 10_000

    init(_ manifest: LayerManifest, _ district: District, _ transaction: MergeTransaction) throws {
        self.manifest = manifest
        definition = LayerDefinition(manifest)
        self.transaction = transaction
        precision = GridPrecision(district.grid.precision) ?? .millimetre
        var owners: [String: Owner] = [:]
        for (id, record) in try transaction.sources() where record.layer == manifest.id {
            let source = district.source(id)
            owners[id] = Owner(
                number: Self.owner(ofTown: record.town, source: id), authority: source?.authority ?? 0,
                isProtected: source?.isProtected ?? false)
        }
        self.owners = owners
    }

    /// What a town delivers in two files has no seam within.
    static func owner(ofTown town: String?, source: String) -> Int64 {
        Int64(SourceDefinition.slot(of: town.map { "town \($0)" } ?? source))
    }

    var featureCount: Int {
        get throws { try transaction.featureCount(of: definition) }
    }

    func owner(of source: String) -> Owner { owners[source] ?? Owner(number: 0) }

    // MARK: Settings

    /// What decides the result besides the features.
    struct Settings: Hashable, Codable {
        var version = 2
        /// The rules as JSON.
        var rules: String
        var owners: [String: Owner]
        /// Whether there is more to report than the store keeps, so that a change
        /// at one place decides what is kept of others.
        var isCapped = false
    }

    private var settingsKey: String { "seams:\(definition.id)" }

    private func settingsBefore() throws -> Settings? {
        try transaction.note(named: settingsKey).flatMap {
            try? JSONDecoder().decode(Settings.self, from: Data($0.utf8))
        }
    }

    /// Whether more was found before than the store keeps.
    var wasCapped: Bool {
        get throws { try settingsBefore()?.isCapped ?? false }
    }

    /// Whether what was done before was done by other rules. A source that came
    /// or went is no change: its features are touched themselves.
    func settingsHaveChanged(rules: some Encodable) throws -> Bool {
        guard let before = try settingsBefore() else { return true }
        let now = Settings(rules: try Self.text(of: rules), owners: owners)
        return before.version != now.version || before.rules != now.rules
            || before.owners.contains { id, owner in owners[id].map { $0 != owner } ?? false }
    }

    func rememberSettings(rules: some Encodable, isCapped: Bool) throws {
        let settings = Settings(rules: try Self.text(of: rules), owners: owners, isCapped: isCapped)
        try transaction.setNote(try Self.text(of: settings), named: settingsKey)
    }

    /// Makes the layer what was delivered, when an earlier merge made more of it.
    func clear() throws {
        guard try transaction.note(named: settingsKey) != nil else { return }
        try apply(SeamOutcome(), to: nil)
        try transaction.removeNote(named: settingsKey)
    }

    static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    // MARK: Reading

    /// Everything that was delivered, whether it is on the map or not.
    func all(fields: [String] = []) throws -> [Int64] {
        numbers(of: try transaction.originals(of: definition, fields: fields) + suppressed.features)
    }

    /// Everything that was delivered and comes as near as that to what another
    /// owner delivered. Only the boxes of the others are looked at.
    func nearOthers(_ distance: Double, fields: [String]) throws -> [Int64] {
        let away = suppressed.features
        guard !away.isEmpty || Set(self.owners.values.map(\.number)).count > 1 else { return [] }
        let boxes = try transaction.boxes(of: definition)
        let owners = boxes.map { owner(of: $0.source).number } + away.map { owner(of: $0.source).number }
        let envelopes = boxes.map(\.envelope) + away.map(\.geometry.envelope)
        let index = EnvelopeIndex(envelopes)
        let isNear = envelopes.indices.map { number in
            index.contains(meeting: envelopes[number].expanded(by: distance)) { owners[$0] != owners[number] }
        }
        let ids = boxes.indices.filter { isNear[$0] }.map { boxes[$0].id }
        let others = away.indices.filter { isNear[boxes.count + $0] }.map { away[$0] }
        return numbers(of: try transaction.originals(of: definition, ids: ids, fields: fields) + others)
    }

    /// Errors are kept for `rethrow`: the search cannot throw them.
    ///
    /// - Parameter shift: farther than this no feature lies from where it was delivered.
    func features(meeting envelope: Envelope, shift: Double, fields: [String] = []) -> [Int64] {
        do {
            let present = try transaction.originals(of: definition, meeting: envelope, shift: shift, fields: fields)
            return numbers(of: present + suppressed.index.search(envelope).map { suppressed.features[$0] })
        } catch {
            failure = failure ?? error
            return []
        }
    }

    func rethrow() throws {
        if let failure { throw failure }
    }

    private var suppressed: (features: [OriginalFeature], index: EnvelopeIndex) {
        if let loaded { return loaded }
        let now = loadSuppressed()
        loaded = now
        return now
    }

    private func loadSuppressed() -> (features: [OriginalFeature], index: EnvelopeIndex) {
        do {
            let fields = manifest.seams.comparedFields
            let features = try transaction.suppressedOriginals(of: definition, fields: fields)
            return (features, EnvelopeIndex(features.map(\.geometry.envelope)))
        } catch {
            failure = failure ?? error
            return ([], EnvelopeIndex([]))
        }
    }

    private func numbers(of originals: [OriginalFeature]) -> [Int64] {
        originals.sorted { $0.row < $1.row }.map(number)
    }

    /// A number that two merges of the same deliveries agree on, whatever was
    /// merged before.
    private func number(of original: OriginalFeature) -> Int64 {
        if let number = numbers[original.id] { return number }
        var hash = ContentHash()
        let words = [Int64(SourceDefinition.slot(of: original.source)), original.identity, original.contentHash]
        words.withUnsafeBytes { hash.combine($0) }
        // Several that are the same altogether lie in one place, so they are
        // always asked together, and it does not matter which is which.
        var number = hash.value
        while features[number] != nil { number &+= 1 }
        numbers[original.id] = number
        features[number] = original
        return number
    }

    func feature(_ number: Int64) -> OriginalFeature? { features[number] }

    func id(_ number: Int64) -> Int64 { features[number]?.id ?? 0 }

    func sources(of numbers: [Int64]) -> [String] { Set(numbers.compactMap { features[$0]?.source }).sorted() }

    /// How a person finds a feature.
    func name(of id: Int64) -> String {
        guard let number = numbers[id], let feature = features[number] else { return String(id) }
        return "\(feature.id) (\(feature.source), record \(feature.row))"
    }

    // MARK: Writing

    /// - Parameter considered: the numbers of the features that the outcome is
    ///   about; nil for all.
    func apply(_ outcome: SeamOutcome, to considered: [Int64]?) throws {
        let looked = considered.map { Set($0.map(id)) }
        func isAbout(_ id: Int64) -> Bool { looked?.contains(id) ?? true }
        let altered = try transaction.alteredFeatures(of: definition)
        let away = Set(try transaction.suppressedFeatures(of: definition).keys)
        let changed = Dictionary(outcome.changed.map { (id($0.key), $0.value) }) { first, _ in first }
        let suppressions = Dictionary(
            outcome.suppressed.map { (id($0.key), Suppression(kept: id($0.value.kept), kind: $0.value.kind)) }
        ) { first, _ in first }
        for id in away.sorted() where suppressions[id] == nil && isAbout(id) {
            try transaction.reinstate(id, of: definition)
        }
        for id in altered.sorted() where changed[id] == nil && suppressions[id] == nil && isAbout(id) {
            try transaction.restore(id, of: definition)
        }
        for (id, geometry) in changed.sorted(by: { $0.key < $1.key }) {
            try transaction.alter(id, of: definition, to: geometry)
        }
        for (id, suppression) in suppressions.sorted(by: { $0.key < $1.key }) {
            try transaction.suppress(id, of: definition, suppression)
        }
        let outdated = try looked.map { try $0.sorted() + transaction.removedFeatures(of: definition) }
        try transaction.removeSeamRecords(of: definition, about: outdated)
        try transaction.add(outcome.records.prefix(Self.mostRecords).map { $0 }, outcome.movements)
        loaded = nil
    }

    /// Whether the store keeps as many records as it may.
    var isFull: Bool {
        get throws { try transaction.seamRecordCount(of: definition) >= Self.mostRecords }
    }
}

extension SeamLimits {
    /// The fields that decide something where towns meet.
    var comparedFields: [String] {
        ends.map { [$0.name].compactMap { $0 } } ?? twins.map { [$0.name].compactMap { $0 } + $0.joins } ?? []
    }
}
