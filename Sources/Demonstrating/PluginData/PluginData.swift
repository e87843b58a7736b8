// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Projections
import SimpleFeatures

/// What the five shipped plugins import in the demo district, as JSON texts in
/// the form that each plugin's README describes.
struct PluginData {
    let truth: DemoTruth
    private let toDegrees: CoordinateTransform

    init(_ truth: DemoTruth) throws {
        self.truth = truth
        toDegrees = try CoordinateTransform(
            from: CoordinateReferenceSystem(parsing: "EPSG:4549"), to: .crs84)
    }

    /// Writes `import.json` for each plugin into a folder of its name.
    func write(to folder: URL) throws {
        let texts = try [
            ("flood", flood()), ("water", water()), ("assets", assets()), ("property", property()),
            ("community", community()),
        ]
        for (id, text) in texts {
            let directory = folder.appendingPathComponent(id)
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: directory.appendingPathComponent("import.json"))
        }
    }

    /// A feature in longitude and latitude as one line of JSON.
    func feature(_ id: Int, _ geometry: Geometry, _ properties: [String: AttributeValue]) throws -> String {
        let moved = try geometry.mapCoordinates { coordinates in
            var coordinates = coordinates
            try toDegrees.transform(&coordinates)
            return coordinates
        }
        var text = ""
        GeoJSON.append(
            Feature(id: Int64(id), geometry: moved, properties: properties.filter { !$0.value.isNull }), to: &text,
            decimals: 8)
        return text
    }

    /// `"facilities": { … }`.
    static func collection(_ name: String, _ features: [String]) -> String {
        let lines = features.joined(separator: ",\n")
        return "\(GeoJSON.quoted(name)): {\"type\": \"FeatureCollection\", \"features\": [\n\(lines)\n]}"
    }

    /// `"readings": [ … ]`.
    static func list(_ name: String, _ objects: [String]) -> String {
        "\(GeoJSON.quoted(name)): [\n\(objects.joined(separator: ",\n"))\n]"
    }

    static func document(_ members: [String]) -> String {
        "{\n\(members.joined(separator: ",\n"))\n}\n"
    }

    /// `{"a": 1, "b": "c"}`, in the order given.
    static func object(_ members: [(String, AttributeValue)]) -> String {
        let texts = members.compactMap { name, value -> String? in
            switch value {
            case .null: nil
            case .text(let text): "\(GeoJSON.quoted(name)): \(GeoJSON.quoted(text))"
            default: "\(GeoJSON.quoted(name)): \(value.description)"
            }
        }
        return "{\(texts.joined(separator: ", "))}"
    }

    static func rounded(_ value: Double, digits: Int) -> Double {
        let factor = [1.0, 10, 100, 1000][min(3, max(0, digits))]
        return (value * factor).rounded() / factor
    }

    // MARK: Places

    /// A place and the town that it lies in.
    struct Place {
        var position: Coordinate
        var town: Int
        var name: String
    }

    func code(_ town: Int) -> AttributeValue { .text(truth.partition.towns[town].code) }
    func shortName(_ town: Int) -> String {
        let name = truth.partition.towns[town].name
        return name.hasSuffix("街道") ? String(name.dropLast(2)) : name.hasSuffix("镇") ? String(name.dropLast()) : name
    }

    /// Where ways of two kinds cross, with the name of the second.
    func crossings(of lines: [(String, [Coordinate])], with others: [(String, [Coordinate])]) -> [Place] {
        var hash = SegmentHash(size: 400)
        for (index, other) in others.enumerated() { hash.add(other.1, owner: index) }
        var places: [Place] = []
        for (_, line) in lines {
            for (a, b) in zip(line, line.dropFirst()) {
                var envelope = Envelope.empty
                envelope.expand(toContain: a)
                envelope.expand(toContain: b)
                for index in hash.near(envelope) {
                    let segment = hash.segments[index]
                    guard let crossing = Plane.crossing(a, b, segment.a, segment.b) else { continue }
                    let position = a.mixed(b, crossing.along).onGrid
                    guard let town = truth.locator.town(of: position) else { continue }
                    places.append(Place(position: position, town: town, name: others[segment.owner].0))
                }
            }
        }
        return places
    }

    /// A share of a list, evenly spread over it.
    static func spread<Element>(_ elements: [Element], _ count: Int) -> [Element] {
        guard count > 0, elements.count > count else { return elements }
        return (0..<count).map { elements[$0 * elements.count / count] }
    }
}
