// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import SimpleFeatures

/// One figure, one source (一数一源): compares what several sources say of one thing,
/// shows what the authority of the field says, and remembers who differs.
struct FigureStage {
    private let district: District
    private let transaction: MergeTransaction
    private let progress: (String) -> Void

    init(_ district: District, _ transaction: MergeTransaction, progress: @escaping (String) -> Void) {
        self.district = district
        self.transaction = transaction
        self.progress = progress
    }

    /// What decides the result besides the features.
    private struct Settings: Codable {
        var version = 1
        /// By field: its authority, and the sources that are it.
        var authorities: [String: [String]]
    }

    /// - Returns: how figures stand.
    func run() throws -> MergeReport.Figures {
        let sources = try transaction.sources()
        let present = Set(sources.values.map(\.layer))
        var report = MergeReport.Figures()
        for id in district.layers.ids.sorted() {
            guard let manifest = district.layers[id] else { continue }
            let key = "figures:\(id)"
            let note = try transaction.note(named: key)
            guard note != nil || (present.contains(id) && !manifest.authorities.isEmpty) else { continue }
            var authorities: [String: [String]] = [:]
            for (field, authority) in manifest.authorities {
                let own = district.sources.filter { $0.layer == id && district.isAuthority(authority, $0) }.map(\.id)
                authorities[field] = [authority] + own.sorted()
                if own.isEmpty { report.withoutSource.append("\(id): no source is “\(authority)”, the authority of \(field).") }
            }
            let settings = try SeamLayer.text(of: Settings(authorities: authorities))
            if settings != note || transaction.writtenLayers.contains(id) || transaction.hasTouched(id) {
                progress("\(id): figures of several sources")
                try compare(LayerDefinition(manifest), manifest, authorities, sources)
                if manifest.authorities.isEmpty {
                    try transaction.removeNote(named: key)
                } else {
                    try transaction.setNote(settings, named: key)
                }
            }
            report.add(try transaction.figures(of: id))
        }
        return report
    }

    private func compare(
        _ layer: LayerDefinition, _ manifest: LayerManifest, _ authorities: [String: [String]],
        _ sources: [String: SourceRecord]
    ) throws {
        let fields = manifest.authorities.map(\.field)
        let towns = sources.compactMapValues(\.town)
        let keys = sources.mapValues { district.source($0.id)?.key ?? manifest.key }
        let members = try fields.isEmpty ? [] : transaction.figureMembers(of: layer, fields: fields)
        var before = Dictionary(
            try transaction.figures(of: layer.id).map { (Place(field: $0.field, object: $0.object), $0) }
        ) { first, _ in first }
        var figures: [Figure] = []
        var shownValues: [MergeTransaction.ShownValue] = []
        for group in FigureGroups(members, towns: towns, keys: keys).groups {
            let shown = group.first { $0.isPresent } ?? group[0]
            for (index, field) in fields.enumerated() {
                let own = authorities[field] ?? []
                let statements = group.compactMap { member in
                    statement(of: member, member.values[index], sources, own)
                }.sorted { ($0.answer.source, $0.answer.row) < ($1.answer.source, $1.answer.row) }
                let figure = Figure(
                    layer: layer.id, field: field, object: group[0].id, feature: shown.id, authority: own.first ?? "",
                    state: .single, value: nil, answers: [])
                let earlier = before.removeValue(forKey: Place(field: field, object: figure.object))
                if let now = FigureJudge.judge(figure, before: earlier, statements) { figures.append(now) }
                guard let right = FigureJudge.authority(among: statements) else { continue }
                for member in group where member.isPresent && member.values[index] != right.value {
                    shownValues.append(
                        .init(
                            feature: member.id, field: field, value: right.value, source: right.answer.source,
                            row: right.answer.row))
                }
            }
        }
        // What was compared before and is no longer delivered twice.
        for figure in before.values.sorted(by: { ($0.field, $0.object) < ($1.field, $1.object) }) {
            if let now = FigureJudge.judge(figure, before: figure, []) { figures.append(now) }
        }
        try transaction.add(figures)
        try transaction.show(shownValues, in: layer)
    }

    private struct Place: Hashable {
        var field: String
        var object: Int64
    }

    private func statement(
        of member: FigureMember, _ value: AttributeValue, _ sources: [String: SourceRecord], _ own: [String]
    ) -> FigureJudge.Statement? {
        guard !value.isNull, value != .text(""), let source = sources[member.source] else { return nil }
        return .init(
            answer: Figure.Answer(
                source: source.id, path: source.path, fileHash: source.fileHash, row: member.row, asOf: source.asOf,
                value: value.description, hasAuthority: own.dropFirst().contains(source.id)), value: value)
    }
}
