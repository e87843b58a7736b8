// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import ArgumentParser
import Districts
import DistrictStores
import Foundation
import Merging
import SimpleFeatures

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one feature, and where each of its attributes came from.",
        discussion: "A feature's id is in the column fid of district.gpkg, and on the map when it is clicked.")

    @OptionGroup var district: DistrictOption

    @Argument(help: "The feature's id.")
    var feature: Int64

    @Flag(help: "Print it as JSON.")
    var json = false

    func run() throws {
        let loaded = try District.load(from: district.directory)
        let found = try DistrictStore(opening: Merger.store(of: loaded)).feature(feature)
        if json {
            print(try jsonText(FeatureDocument(found)))
        } else {
            let town = found.town.map { loaded.town($0)?.name ?? $0 }
            print(FeatureDocument(found).text(town: town))
        }
    }
}

/// A feature as `show` prints it.
struct FeatureDocument: Encodable {
    struct Attribute: Encodable {
        var field: String
        var value: String?
        /// The field of the file that the value comes from.
        var from: String?
        /// What was done to the value on the way.
        var steps: [String]
    }

    struct Past: Encodable {
        var validFrom: String?
        var validTo: String?
        var attributes: [String: String]
    }

    struct Source: Encodable {
        var id: String
        var file: String
        var sha256: String
        var row: Int64
        var asOf: String?
        var encoding: String?
        var crs: String
        var crsOrigin: String
        var steps: [String]
        var accuracyInMeters: Double?
    }

    /// A delivery of the same thing, or of a part of it.
    struct Twin: Encodable {
        var id: Int64
        /// `twin` or `cut`.
        var kind: String
        var source: String?
        var row: Int64?
    }

    var id: Int64
    var layer: String
    /// The feature that stands on the map in place of this one.
    var standIn: Twin?
    /// The deliveries for which this feature stands.
    var standsFor: [Twin]
    var town: String?
    var validFrom: String?
    /// On the district grid: minX, minY, maxX, maxY.
    var envelope: [Double]
    var source: Source?
    var attributes: [Attribute]
    var repair: String?
    var issues: [String]
    var past: [Past]

    init(_ feature: FeatureProvenance) {
        id = feature.id
        layer = feature.layer.id
        standIn = feature.suppression.map { Twin(id: $0.kept, kind: $0.kind) }
        standsFor = feature.merged.map { Twin(id: $0.id, kind: $0.kind, source: $0.source, row: $0.row) }
        town = feature.town
        validFrom = feature.validFrom
        let box = feature.envelope
        envelope = box.isEmpty ? [] : [box.minX, box.minY, box.maxX, box.maxY]
        source = feature.source.map { source in
            Source(
                id: source.id, file: source.path, sha256: source.fileHash, row: feature.row, asOf: source.asOf,
                encoding: source.encoding, crs: source.crs, crsOrigin: source.crsOrigin,
                steps: source.steps.split(separator: "\n").map(String.init), accuracyInMeters: source.accuracyInMeters)
        }
        attributes = zip(feature.layer.schema.fields, feature.values).map { field, value in
            var attribute = Attribute(field: field.name, value: value.isNull ? nil : value.description, steps: [])
            switch feature.origin(of: field.name) {
            case .assigned(let code):
                let when = code.changeSet.map { " in change set \($0)" } ?? ""
                attribute.steps = ["assigned by the district\(when), by grid_codes of layer.yaml"]
            case .authority(let other):
                let file = other.record.map { "\($0.path), SHA-256 \($0.fileHash)" } ?? "a source that is gone"
                let own = other.delivered.map { "“\($0)”" } ?? "nothing"
                attribute.steps = [
                    "from source \(other.source), record \(other.row), the authority: \(file)",
                    "delivered with it was \(own)",
                ]
            case .delivered(let origin):
                attribute.from = origin?.from
                attribute.steps = origin?.steps ?? []
            }
            return attribute
        }
        repair = feature.repair
        issues = feature.issues.map(\.message)
        past = feature.past.map { past in
            Past(
                validFrom: past.validFrom, validTo: past.validTo,
                attributes: past.attributes.filter { !$0.value.isNull }.mapValues(\.description))
        }
    }

    func text(town: String?) -> String {
        var lines = ["\(layer) \(id)" + (town.map { ", \($0)" } ?? "")]
        let width = attributes.map(\.field.count).max() ?? 0
        for attribute in attributes {
            let name = attribute.field + String(repeating: " ", count: width - attribute.field.count)
            let origin = (attribute.from.map { ["from “\($0)”"] } ?? []) + attribute.steps
            let said = origin.isEmpty ? "" : "   " + origin.joined(separator: ", ")
            lines.append("  \(name)  \(attribute.value ?? "–")\(said)")
        }
        if let standIn {
            let why = standIn.kind == "cut" ? "it was joined to" : "another town delivered it too, as"
            lines.insert("  Not on the map: \(why) \(standIn.id).", at: 1)
        }
        if let source {
            lines.append("From")
            lines.append("  \(source.file), record \(source.row)\(source.asOf.map { ", as of \($0)" } ?? "")")
            lines.append("  source \(source.id), SHA-256 \(source.sha256)")
            let accuracy = source.accuracyInMeters.map { ", accuracy \($0) m" } ?? ""
            lines.append("  \(source.crs), which the \(Self.origin(source.crsOrigin)) says\(accuracy)")
            if let encoding = source.encoding { lines.append("  text in \(encoding)") }
            lines += source.steps.enumerated().map { "  \($0.offset + 1). \($0.element)" }
        }
        if let validFrom { lines.append("Valid from \(validFrom)") }
        for twin in standsFor {
            let what = twin.kind == "cut" ? "Joined with a part from" : "Delivered also by"
            lines.append("\(what) \(twin.source ?? "?"), record \(twin.row ?? 0), feature \(twin.id)")
        }
        if let repair { lines.append("Repaired: \(repair)") }
        if !issues.isEmpty { lines += ["To know"] + issues.map { "  \($0)" } }
        if !past.isEmpty {
            lines.append("Before")
            for version in past {
                let days = "\(version.validFrom ?? "?") to \(version.validTo ?? "?")"
                let values = version.attributes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                lines.append("  \(days): \(values.joined(separator: ", "))")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func origin(_ word: String) -> String {
        switch word {
        case "declared": "entry in district.yaml"
        case "file": "file"
        case "fit": "file of control points"
        case "inferred": "ground of the towns"
        case "address match": "layer of addresses"
        default: word
        }
    }
}

extension SourceRecord.FieldOrigin {
    fileprivate var steps: [String] {
        var steps: [String] = []
        if let fromUnit, let unit, fromUnit != unit { steps.append("\(fromUnit) turned into \(unit)") }
        if isCoded { steps.append("words turned into the layer's codes") }
        return steps
    }
}
