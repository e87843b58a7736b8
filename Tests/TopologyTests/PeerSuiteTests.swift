// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Topology

/// The XML cases of GEOS itself: they prove that our conversions, checks and
/// verdicts are faithful, not that GEOS is. The suite is younger than the
/// library; docs/geometry-suites.md has the table.
@Suite("GEOS's own cases", .enabled(if: SharedData.url("data/suites/geos-xml") != nil))
struct PeerSuiteTests {
    /// How a case of an operation of ours came out.
    enum Outcome: Equatable {
        case passed
        /// GEOS gave up over input that is invalid, with a sentence.
        case refused
        case failed(String)
        /// Not an operation of ours, or input that our readers do not take.
        case foreign
    }

    @Test func `Every case of an operation that we have passes or is one that GEOS changed later`() throws {
        let engine = try TopologyEngine()
        let folder = SharedData.folder.appending(path: "data/suites/geos-xml")
        let found = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        let files = found.compactMap { $0 as? URL }.filter { $0.pathExtension == "xml" }.sorted { $0.path < $1.path }
        var table: [String: [Int]] = [:]
        var failures: [String: Int] = [:]
        var sentences: [String] = []
        for file in files {
            for test in GEOSCase.parse(String(decoding: try Data(contentsOf: file), as: UTF8.self)) {
                for operation in test.operations {
                    let column: Int
                    switch try outcome(of: operation, test, engine) {
                    case .passed: column = 0
                    case .refused: column = 1
                    case .failed(let reason):
                        column = 2
                        failures[file.lastPathComponent, default: 0] += 1
                        sentences.append("\(file.lastPathComponent) \(operation.name): \(reason)")
                    case .foreign: column = 3
                    }
                    table[operation.name, default: [0, 0, 0, 0]][column] += 1
                }
            }
        }
        print("\(engine.libraryVersion): operation, passed, refused, failed, not ours")
        for (name, row) in table.sorted(by: { $0.key < $1.key }) {
            print("| \(name) | \(row.map(String.init).joined(separator: " | ")) |")
        }
        print("failures by file: \(failures.sorted { $0.key < $1.key })")
        if ProcessInfo.processInfo.environment["MIAOPU_LONG"] != nil { print(sentences.joined(separator: "\n")) }
        // Exact, so that a fault of ours cannot hide behind one of GEOS.
        if engine.libraryVersion.hasPrefix("GEOS 3.11.1") { #expect(failures == Self.knownFailures) }
        for (name, least) in [("isvalid", 90), ("intersects", 200), ("intersectionsr", 12), ("getboundary", 10)] {
            #expect((table[name]?[0] ?? 0) >= least, Comment(rawValue: name))
        }
    }

    /// Cases that Debian's GEOS 3.11.1 fails, by file; why stands in
    /// docs/geometry-suites.md.
    static let knownFailures = ["TestRelateGC.xml": 46, "makevalid.xml": 4]

    private func outcome(
        of operation: GEOSCase.Operation, _ test: GEOSCase, _ engine: TopologyEngine
    ) throws -> Outcome {
        guard let first = test.geometry(operation.first) else { return .foreign }
        let second = test.geometry(operation.second)
        do {
            guard let passed = try passes(operation, first, second, test.scale, engine) else { return .foreign }
            return passed ? .passed : .failed("\(first.wkt.prefix(200)) with \(second?.wkt.prefix(200) ?? "nothing")")
        } catch let error as TopologyError {
            // GEOS may give up over invalid input, and only then.
            let inputs = [first, second].compactMap { $0 }
            let isInvalid = try inputs.contains { try engine.validityFault(of: $0) != nil }
            return error.kind == .library && isInvalid ? .refused : .failed("\(error)")
        }
    }

    /// Nil when the operation is not one of ours.
    private func passes(
        _ operation: GEOSCase.Operation, _ first: Geometry, _ second: Geometry?, _ scale: Double?,
        _ engine: TopologyEngine
    ) throws -> Bool? {
        let truth = operation.expected.lowercased() == "true"
        switch (operation.name, second) {
        case ("isvalid", _):
            let isValid = try engine.validityFault(of: first) == nil
            // And whatever is invalid can be stored, or says why not.
            do { _ = try engine.normalise(first) } catch {
                guard error.kind == .collapsed else { return false }
            }
            return isValid == truth
        case ("makevalid", _):
            // GEOS's cases are of its other method; ours must be valid.
            return try engine.validityFault(of: engine.makeValid(first)) == nil
        case ("getboundary", _): return try isEqual(engine.boundary(first), operation.expected, engine)
        case ("getcentroid", _):
            return try isEqual(.point(Point(engine.centroid(first))), operation.expected, engine)
        case ("getinteriorpoint", _):
            return try isEqual(.point(Point(engine.pointOnSurface(first))), operation.expected, engine)
        case ("union", nil): return try isEqual(engine.unaryUnion(first), operation.expected, engine)
        case ("intersects", let second?): return try engine.intersects(first, second) == truth
        case ("contains", let second?): return try engine.contains(first, second) == truth
        case ("within", let second?): return try engine.contains(second, first) == truth
        case ("covers", let second?): return try engine.covers(first, second) == truth
        case ("coveredby", let second?): return try engine.covers(second, first) == truth
        case ("disjoint", let second?): return try engine.intersects(first, second) != truth
        case ("touches", let second?): return try engine.touches(first, second) == truth
        case ("equalstopo", let second?): return try engine.equals(first, second) == truth
        case ("distance", let second?):
            guard let distance = Double(operation.expected), distance.isFinite else { return nil }
            return try abs(engine.distance(first, second) - distance) <= 1e-9 * max(distance, 1)
        case (_, let second?): return try overlay(operation, first, second, scale, engine)
        default: return nil
        }
    }

    private func overlay(
        _ operation: GEOSCase.Operation, _ first: Geometry, _ second: Geometry, _ scale: Double?,
        _ engine: TopologyEngine
    ) throws -> Bool? {
        var name = operation.name
        var scale = scale
        if name.hasSuffix("sr") {
            scale = operation.third.flatMap(Double.init)
            guard scale != nil else { return nil }
            name.removeLast(2)
        } else if name.hasSuffix("ng") {
            scale = nil
            name.removeLast(2)
        }
        var grid: GridPrecision?
        if let scale {
            guard let fitting = GridPrecision(1 / scale) else { return nil }
            grid = fitting
        }
        let result: Geometry
        switch name {
        case "intersection": result = try engine.intersection(first, second, on: grid)
        case "union": result = try engine.union(first, second, on: grid)
        case "difference": result = try engine.difference(first, second, on: grid)
        case "symdifference": result = try engine.symDifference(first, second, on: grid)
        default: return nil
        }
        return try isEqual(result, operation.expected, engine)
    }

    /// Equal, or apart by the rounding of the printed result only; nil when our
    /// readers do not take the expected one.
    private func isEqual(_ mine: Geometry, _ expected: String, _ engine: TopologyEngine) throws -> Bool? {
        guard let result = GEOSCase.parsed(expected) else { return nil }
        guard !mine.isEmpty, !result.isEmpty else { return mine.isEmpty == result.isEmpty }
        let size = max(mine.envelope.width, mine.envelope.height, 1)
        let areas = try abs(engine.area(mine) - engine.area(result))
        let lengths = try abs(engine.length(mine) - engine.length(result))
        return try engine.hausdorffDistance(mine, result) <= 1e-6 * size && areas <= 1e-5 * size * size
            && lengths <= 1e-5 * size
    }
}
