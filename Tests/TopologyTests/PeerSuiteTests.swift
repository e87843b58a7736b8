// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Topology

/// The XML cases of GEOS itself: they prove that our conversions, checks and
/// verdicts are faithful, not that GEOS is.
@Suite("GEOS's own cases")
struct PeerSuiteTests {
    static let suite = "data/suites/geos-xml"

    private struct Case {
        let a, b: Geometry?
        let operations: [(name: String, first: String, second: String, expected: String)]
    }

    @Test("Validity, predicates and overlay", .enabled(if: SharedData.url(suite) != nil))
    func cases() throws {
        let engine = try TopologyEngine()
        let folder = SharedData.folder.appending(path: Self.suite)
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var counts: [String: Int] = [:]
        for case let file as URL in files where file.pathExtension == "xml" {
            // The suite is younger than the library: what GEOS answers about
            // collections since 3.13, and what it is known to fail at.
            if file.path.contains("/failure/") || file.lastPathComponent == "TestRelateGC.xml" { continue }
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            // Overlay on a coarse grid is another operation.
            let isFloating = !text.contains("scale=") || text.contains("type=\"FLOATING\"")
            for test in Self.parse(text) {
                for operation in test.operations {
                    guard let first = operation.first.uppercased() == "B" ? test.b : test.a else { continue }
                    let second = operation.second.uppercased() == "A" ? test.a : test.b
                    let place = Comment("\(file.lastPathComponent) \(operation.name): \(first.wkt.prefix(300))")
                    do {
                        if try check(operation, first, second, isFloating, engine, place) {
                            counts[operation.name, default: 0] += 1
                        }
                    } catch let error as TopologyError {
                        // GEOS may give up over invalid input, and only then.
                        let inputs = [first, second].compactMap { $0 }
                        #expect(error.kind == .library, place)
                        #expect(try inputs.contains { try engine.validityFault(of: $0) != nil }, place)
                    }
                }
            }
        }
        print(counts.sorted { $0.key < $1.key })
        #expect(counts["isvalid", default: 0] >= 60)
        #expect(counts["intersects", default: 0] >= 150)
        #expect(counts["intersection", default: 0] >= 15)
    }

    /// Whether the operation is one of ours, and was compared.
    private func check(
        _ operation: (name: String, first: String, second: String, expected: String), _ first: Geometry,
        _ second: Geometry?, _ isFloating: Bool, _ engine: TopologyEngine, _ place: Comment
    ) throws -> Bool {
        let expected = operation.expected.trimmingCharacters(in: .whitespacesAndNewlines)
        let truth = expected.lowercased() == "true"
        if operation.name == "isvalid" {
            #expect(try (engine.validityFault(of: first) == nil) == truth, place)
            // And whatever is invalid can be stored, or says why not.
            do { _ = try engine.normalise(first) } catch { #expect(error.kind == .collapsed, place) }
            return true
        }
        guard let second else { return false }
        let predicates: [String: () throws -> Bool] = [
            "intersects": { try engine.intersects(first, second) }, "contains": { try engine.contains(first, second) },
            "covers": { try engine.covers(first, second) }, "touches": { try engine.touches(first, second) },
            "equalstopo": { try engine.equals(first, second) },
        ]
        if let predicate = predicates[operation.name] {
            #expect(try predicate() == truth, place)
            return true
        }
        if operation.name == "distance", let distance = Double(expected) {
            #expect(try abs(engine.distance(first, second) - distance) <= 1e-9 * max(distance, 1), place)
            return true
        }
        guard isFloating, let result = try? Geometry(wkt: expected) else { return false }
        let overlays: [String: () throws -> Geometry] = [
            "intersection": { try engine.intersection(first, second) }, "union": { try engine.union(first, second) },
            "difference": { try engine.difference(first, second) },
            "symdifference": { try engine.symDifference(first, second) },
        ]
        guard let overlay = overlays[operation.name] else { return false }
        let mine = try overlay()
        #expect(try mine.isEmpty == result.isEmpty && (mine.isEmpty || isClose(mine, result, engine)), place)
        return true
    }

    /// Equal, or apart by the rounding of the printed result only.
    private func isClose(_ a: Geometry, _ b: Geometry, _ engine: TopologyEngine) throws -> Bool {
        let size = max(a.envelope.width, a.envelope.height, 1)
        let areas = try abs(engine.area(a) - engine.area(b))
        return try engine.hausdorffDistance(a, b) <= 1e-6 * size && areas <= 1e-5 * size * size
    }

    private static func parse(_ text: String) -> [Case] {
        text.components(separatedBy: "<case").dropFirst().map { body in
            let pattern = /<op\s+([^>]*?)>([^<]*)<\/op>/.dotMatchesNewlines()
            let operations = body.matches(of: pattern).compactMap { match -> (String, String, String, String)? in
                let attributes = String(match.output.1)
                guard let name = attribute("name", in: attributes) else { return nil }
                return (
                    name.lowercased(), attribute("arg1", in: attributes) ?? "A",
                    attribute("arg2", in: attributes) ?? "B", String(match.output.2)
                )
            }
            return Case(
                a: geometry("a", in: body), b: geometry("b", in: body),
                operations: operations.map { (name: $0.0, first: $0.1, second: $0.2, expected: $0.3) })
        }
    }

    private static func attribute(_ name: String, in text: String) -> String? {
        guard let start = text.range(of: "\(name)=\"") ?? text.range(of: "\(name)='") else { return nil }
        return text[start.upperBound...].split(whereSeparator: { $0 == "\"" || $0 == "'" }).first.map(String.init)
    }

    private static func geometry(_ name: String, in body: String) -> Geometry? {
        guard let start = body.range(of: "<\(name)>"), let end = body.range(of: "</\(name)>") else { return nil }
        let text = body[start.upperBound..<end.lowerBound].trimmingCharacters(in: .whitespacesAndNewlines)
        if text.count.isMultiple(of: 2), !text.isEmpty, text.allSatisfy(\.isHexDigit) {
            let digits = Array(text)
            let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(digits[$0...($0 + 1)]), radix: 16)
            }
            return try? Geometry(wkb: bytes)
        }
        return try? Geometry(wkt: text)
    }
}
