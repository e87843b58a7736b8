// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts
import Foundation
import TestSupport

@testable import Merging

/// A district of one town, which is removed with the value.
final class TestDistrict {
    private let folder: TemporaryFolder

    var directory: URL { folder.url }

    /// - Parameters:
    ///   - sources: what follows `id: …, town: …,` of each.
    ///   - other: a district whose folder this one takes over.
    init(_ sources: [String], in other: TestDistrict? = nil) throws {
        folder = try other?.folder ?? TemporaryFolder()
        let lines = sources.enumerated().map { "  - { id: source-\($0.offset), town: \"310112108\", \($0.element) }\n" }
        let text = """
            name: 试验区
            grid: { crs: "EPSG:4549", precision: 0.001 }
            towns:
              - { code: "310112108", name: 梅陇镇 }
            sources:
            \(lines.joined())
            """
        try folder.write(text, to: "district.yaml")
        // Tests put files there by other ways too.
        try FileManager.default.createDirectory(at: folder.file("maps"), withIntermediateDirectories: true)
    }

    /// - Parameter yaml: the whole of `district.yaml`.
    init(yaml: String) throws {
        folder = try TemporaryFolder()
        try folder.write(yaml, to: "district.yaml")
        try FileManager.default.createDirectory(at: folder.file("maps"), withIntermediateDirectories: true)
    }

    /// The same deliveries, and nothing merged yet.
    init(copying other: TestDistrict) throws {
        folder = try TemporaryFolder()
        for name in ["district.yaml", "maps"] {
            try FileManager.default.copyItem(at: other.folder.file(name), to: folder.file(name))
        }
        // Only a district with layers of its own has them.
        if FileManager.default.fileExists(atPath: other.folder.file("layers").path) {
            try FileManager.default.copyItem(at: other.folder.file("layers"), to: folder.file("layers"))
        }
    }

    func deliver(_ bytes: [UInt8], as name: String) throws { try folder.write(bytes, to: "maps/\(name)") }

    /// - Parameter scratch: where children keep what they decompress.
    @discardableResult
    func merge(
        only sources: Set<String>? = nil, accepting accepted: Set<String> = [], isPlan: Bool = false,
        scratch: URL? = nil
    ) throws -> MergeReport {
        var options = Merger.Options()
        options.accepted = accepted
        options.sources = sources
        options.isPlan = isPlan
        options.executable = BuiltProgram.path
        options.temporaryDirectory = scratch
        return try Merger(District.load(from: directory), options: options).run()
    }
}

extension TestDistrict {
    @discardableResult
    func undo(_ changeSet: Int64) throws -> Merger.Undoing {
        try Merger(District.load(from: directory)).undo(changeSet: changeSet)
    }

    func slip(of town: String) throws -> SlipReport {
        var options = Merger.Options()
        options.executable = BuiltProgram.path
        return try Merger(District.load(from: directory), options: options).slip(of: town)
    }
}

/// GeoJSON of one feature for each geometry.
func collection(_ geometries: [String]) -> [UInt8] {
    let features = geometries.enumerated().map {
        #"{"type":"Feature","properties":{"name":"\#($0.offset + 1)号"},"geometry":\#($0.element)}"#
    }
    return Array(#"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#.utf8)
}

func square(_ number: Int) -> String {
    let (west, south) = (121.3 + Double(number % 300) * 0.0005, 31.0 + Double(number / 300) * 0.0005)
    let (east, north) = (west + 0.0003, south + 0.0002)
    let ring = "[\(west),\(south)],[\(east),\(south)],[\(east),\(north)],[\(west),\(north)],[\(west),\(south)]"
    return #"{"type":"Polygon","coordinates":[[\#(ring)]]}"#
}
