// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures
import TestSupport
import Testing

@testable import Seams

@Suite("A change recomputes what it can affect")
struct IncrementalTests {
    /// A coverage with what is known of it, kept up by incremental runs.
    private struct Kept {
        var originals: [Int64: CoverageFeature]
        var changed: [Int64: Geometry]
        var defects: [CoverageDefect]
        var movements: [BorderMovement]

        var features: [CoverageFeature] { originals.values.sorted { $0.id < $1.id } }

        mutating func edit(_ id: Int64, to new: CoverageFeature?, _ seams: CoverageSeams) throws -> Int {
            let dirty = [originals[id], new].compactMap { $0?.geometry.envelope }
            originals[id] = new
            let all = features
            let result = try seams.repair(around: dirty) { envelope in
                all.filter { $0.geometry.envelope.intersects(envelope) }
            }
            let stale = Set(result.considered + [id])
            for id in stale { changed[id] = nil }
            defects.removeAll { stale.contains($0.seam) }
            movements.removeAll { stale.contains($0.feature) }
            changed.merge(result.changed) { $1 }
            defects += result.defects
            movements += result.movements
            return result.considered.count
        }
    }

    private func key(_ defect: CoverageDefect) -> String { "\(defect)" }

    @Test("Incremental runs after edits equal a whole run", arguments: UInt64(1)...30)
    func equality(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let start = RandomCoverage(
            size: 6, owners: Int.random(in: 2...5, using: &generator), damage: 0.15, &generator)
        let seams = try CoverageSeams()
        let first = try seams.repair(start.features)
        var kept = Kept(
            originals: Dictionary(uniqueKeysWithValues: start.features.map { ($0.id, $0) }), changed: first.changed,
            defects: first.defects, movements: first.movements)
        for step in 0..<6 {
            let id = Int64.random(in: 1...36, using: &generator)
            var edited = kept.originals[id]
            if edited != nil, Int.random(in: 0..<6, using: &generator) == 0 {
                edited = nil
            } else if let feature = edited {
                var ring = RandomCoverage.ring(feature.geometry)
                let place = Int.random(in: 0..<ring.count, using: &generator)
                ring[place].x += .random(in: -900...900, using: &generator)
                ring[place].y += .random(in: -900...900, using: &generator)
                edited?.geometry = RandomCoverage.polygon(ring)
            } else {
                edited = start.features.first { $0.id == id }
            }
            _ = try kept.edit(id, to: edited, seams)
            let whole = try seams.repair(kept.features)
            #expect(whole.changed == kept.changed, "seed \(seed), step \(step)")
            #expect(whole.movements == kept.movements.sorted { $0.feature < $1.feature }, "seed \(seed), step \(step)")
            #expect(
                whole.defects.map(key).sorted() == kept.defects.map(key).sorted(), "seed \(seed), step \(step)")
        }
    }

    @Test("A clean corner far from the seams looks at its surroundings only")
    func locality() throws {
        var generator = SeededGenerator(seed: 5)
        let coverage = RandomCoverage(size: 12, owners: 4, damage: 0.05, &generator)
        var kept = Kept(
            originals: Dictionary(uniqueKeysWithValues: coverage.features.map { ($0.id, $0) }), changed: [:],
            defects: [], movements: [])
        #expect(try kept.edit(1, to: kept.originals[1], CoverageSeams()) < 12)
    }
}
