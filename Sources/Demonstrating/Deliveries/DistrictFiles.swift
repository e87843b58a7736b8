// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Formats
import Foundation
import SimpleFeatures

/// Writes the deliveries of all towns, and collects what `district.yaml` says of
/// them.
struct DistrictFiles {
    private let truth: DemoTruth
    private let faults: FaultPlan?
    private let directory: URL
    private(set) var summary = DemoDistrict.Summary(sources: 0, features: 0, featuresByLayer: [:])
    private(set) var document: DistrictDocument

    init(_ truth: DemoTruth, faults: FaultPlan?, directory: URL) {
        self.truth = truth
        self.faults = faults
        self.directory = directory
        document = DistrictDocument(
            name: "闵行区", grid: GridDefinition(crs: "EPSG:4549"),
            towns: truth.partition.towns.map { Town(code: $0.code, name: $0.name) },
            plugins: ["flood", "water", "assets", "property", "community"].map { PluginDefinition(id: $0) },
            notes: [
                "A demo district: fourteen towns with real names and invented maps. Seed \(truth.seed), scale "
                    + "\(truth.scale); the same numbers give the same district.",
                "Every town delivers in its own way. Try: miaopu merge, then miaopu serve.",
            ])
    }

    // MARK: Towns

    /// - Parameter index: of the town, among those of the truth.
    mutating func write(_ habit: TownHabit, town index: Int) throws {
        let town = truth.partition.towns[index]
        let ownDrawing = try PlaneDrawing(habit.plane)
        var isFirst = true
        for layer in DemoTruth.layers {
            let key = FaultPlan.Key(town: index, layer: layer)
            let fault = faults?.files[key]
            let actual = try truth.features(of: layer, inTown: town.code)
            let features = faults?.delivered(actual, key) ?? actual
            guard !features.isEmpty else { continue }
            let drawing = try fault?.plane.map { try PlaneDrawing($0) } ?? ownDrawing
            var delivery = Delivery(habit, town: town, layer: layer, geometryType: Self.geometryType(of: layer))
            if case .lackingPlane = fault { delivery.lacksPlane = true }
            let url = try place(delivery.path)
            try write(&delivery, to: url) { writer, delivery in
                for (index, feature) in features.enumerated() {
                    let (spoilt, isEmpty) = Troubles.spoil(feature, layer: layer, town: town.code, number: index + 1)
                    let moved = fault?.spoil(spoilt.geometry) ?? spoilt.geometry
                    let drawn = isEmpty ? nil : try drawing.draw(moved)
                    try writer.write(
                        delivery.record(spoilt, drawn: drawn.map { fault?.turn($0) ?? $0 }, number: index + 1))
                }
            }
            try fault?.finish(url, of: delivery)
            var proposal = delivery.proposal(isFirst: isFirst)
            fault?.declare(&proposal)
            document.sources.append(proposal)
            count(layer, features.count)
            isFirst = false
        }
        if habit.plane.isFitted {
            let text = try ControlPoints.csv(for: town, plane: habit.plane)
            try Data(text.utf8).write(to: try place("maps/\(town.slug)/control.csv"))
        }
    }

    /// What towns deliver beside their layers.
    mutating func writeExtras() throws {
        for extra in faults?.extras ?? [] {
            try Data(extra.text.utf8).write(to: try place(extra.path))
            document.sources.append(extra.source)
            count(extra.layer, extra.count)
        }
    }

    private func write(
        _ delivery: inout Delivery, to url: URL, _ records: (DatasetWriter, inout Delivery) throws -> Void
    ) throws {
        let writer = try DatasetWriter(creating: url, schema: delivery.schema, options: delivery.options)
        try records(writer, &delivery)
        try writer.close()
    }

    // MARK: The second delivery

    /// What some towns hand in when they have put right what was planted, with the
    /// `district.yaml` of then. Needs faults.
    func writeSecondDelivery() throws {
        guard let faults else { return }
        var second = document
        for (index, town) in truth.partition.towns.enumerated() {
            var habit = TownHabit.all[index]
            let drawing = try PlaneDrawing(habit.plane)
            habit.asOf = SecondDelivery.asOf
            for layer in DemoTruth.layers {
                guard let way = SecondDelivery.way(ofLayer: layer, ofTown: town.slug) else { continue }
                let actual = try truth.features(of: layer, inTown: town.code)
                let features = faults.delivered(actual, .init(town: index, layer: layer), corrected: true)
                guard !features.isEmpty else { continue }
                var delivery = Delivery(habit, town: town, layer: layer, geometryType: Self.geometryType(of: layer))
                let path = way == .slip
                    ? delivery.path.replacing("maps/", with: "slips/", maxReplacements: 1) : delivery.path
                try write(&delivery, to: try place("\(SecondDelivery.folder)/\(path)")) { writer, delivery in
                    for (index, feature) in features.enumerated() {
                        let drawn = try drawing.draw(feature.geometry)
                        try writer.write(delivery.record(feature, drawn: drawn, number: index + 1))
                    }
                }
                let proposal = delivery.proposal(isFirst: false)
                guard way == .delivery, let place = second.sources.firstIndex(where: { $0.id == proposal.id })
                else { continue }
                let notes = second.sources[place].notes
                second.sources[place] = proposal
                second.sources[place].notes = notes
            }
        }
        try second.write(to: directory.appendingPathComponent(SecondDelivery.folder))
    }

    private static func geometryType(of layer: String) -> GeometryType {
        switch layer {
        case "towns": .multiPolygon
        case "landuse", "parcels", "water", "buildings": .polygon
        case "rivers", "railways", "roads": .lineString
        default: .point
        }
    }

    // MARK: The district itself

    /// What no town draws: the Huangpu, and the borders.
    mutating func writeDistrictLayers() throws {
        try writeDistrictLayer(
            "water", path: "maps/district/huangpu.gpkg", id: "huangpu", type: .polygon, [truth.huangpu],
            note: "The district's water authority draws the Huangpu itself, with both banks.")
        try writeDistrictLayer(
            "boundaries", path: "maps/district/boundaries.gpkg", id: "district-boundaries", type: .lineString,
            truth.borders, note: "The borders, each drawn once.")
    }

    private mutating func writeDistrictLayer(
        _ layer: String, path: String, id: String, type: GeometryType, _ features: [DemoFeature], note: String
    ) throws {
        let fields = DemoTruth.fields(of: layer)
        let options = WritingOptions(.geoPackage, layerName: id, crs: "EPSG:4549", date: "2026-06-30")
        let writer = try DatasetWriter(
            creating: try place(path), schema: Schema(geometryType: type, fields: fields), options: options)
        for (index, feature) in features.enumerated() {
            try writer.write(FeatureRecord(id: Int64(index + 1), geometry: feature.geometry, values: feature.values))
        }
        try writer.close()
        document.sources.append(
            SourceProposal(
                id: id, layer: Proposal(layer), path: path, asOf: Proposal("2026-06-30"),
                fields: fields.map { .init($0.name, from: $0.name) }, authority: 20, notes: [note]))
        count(layer, features.count)
    }

    // MARK: Files

    private mutating func count(_ layer: String, _ features: Int) {
        summary.sources += 1
        summary.features += features
        summary.featuresByLayer[layer, default: 0] += features
    }

    /// Where a file goes, with the folder made for it.
    private func place(_ path: String) throws -> URL {
        let url = directory.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        return url
    }
}
