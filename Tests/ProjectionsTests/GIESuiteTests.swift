// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Projections

/// PROJ's own cases: they prove that we choose the operation, the order of axes
/// and the units that were meant. docs/geometry-suites.md has the table.
@Suite("PROJ's own cases", .enabled(if: SharedData.url("data/suites/proj-gie") != nil))
struct GIESuiteTests {
    @Test func `Positions come out where GIGS expects them, or the refusal says why`() throws {
        let folder = SharedData.folder.appending(path: "data/suites/proj-gie")
        let found = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        let files = found.compactMap { $0 as? URL }.filter { $0.pathExtension == "gie" }.sorted { $0.path < $1.path }
        var passedInAll = 0
        var refusedByFile: [String: Int] = [:]
        for file in files {
            let (cases, expectations) = GIECase.parse(String(decoding: try Data(contentsOf: file), as: UTF8.self))
            guard !cases.isEmpty else { continue }
            var transforms: [String: Result<CoordinateTransform, any Error>] = [:]
            var passed = 0
            var refused: [String: Int] = [:]
            var failed: [String] = []
            for item in cases {
                let name = "\(item.source) to \(item.target)"
                let transform = transforms[name] ?? Result { try Self.transform(item) }
                transforms[name] = transform
                switch transform {
                case .failure(let error): refused["\(error)", default: 0] += 1
                case .success(let transform):
                    let image = try transform.transform(item.accepted)
                    let distance = Self.distance(image, item.expected, inDegrees: transform.target.isGeographic)
                    if distance <= item.tolerance { passed += 1 } else { failed.append("\(name): \(distance) m") }
                }
            }
            let refusals = refused.values.reduce(0, +)
            print("| \(file.lastPathComponent) | \(expectations) | \(cases.count) | \(passed) | \(refusals) | \(failed.count) |")
            for sentence in refused.keys.sorted() { print("    \(sentence)") }
            #expect(failed.isEmpty, "\(file.lastPathComponent): \(failed.prefix(5))")
            passedInAll += passed
            if refusals > 0 { refusedByFile[file.lastPathComponent] = refusals }
        }
        #expect(passedInAll == 160)
        // Geocentric systems, and a change of the prime meridian that is not offered without its area.
        #expect(refusedByFile == ["5201.gie": 54, "5208.gie": 28])
    }

    private static func transform(_ item: GIECase) throws -> CoordinateTransform {
        try CoordinateTransform(
            from: CoordinateReferenceSystem(parsing: item.source), to: CoordinateReferenceSystem(parsing: item.target))
    }

    /// In metres; degrees are taken for those of the equator, which is on the safe side.
    private static func distance(_ a: Coordinate, _ b: Coordinate, inDegrees: Bool) -> Double {
        hypot(a.x - b.x, a.y - b.y) * (inDegrees ? 111_320 : 1)
    }
}
