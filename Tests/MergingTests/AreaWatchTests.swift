// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Projections
import SimpleFeatures
import TestSupport
import Testing

@testable import Merging

@Suite struct `Watching an area of use` {
    @Test(arguments: ["EPSG:4549", "EPSG:4490"]) func `counts what the gauge finds for each feature`(_ name: String) throws {
        let crs = try CoordinateReferenceSystem(parsing: name)
        let seed = UInt64.random(in: 0 ... .max)
        print("features at the edge of \(name): seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        // 4549 ends in the east at 121.5°; 4490 covers all of this.
        let (x, y, size) =
            crs.isGeographic ? (121.5, 31.1, 0.2) : (643_000.0, 3_440_000.0, 20_000.0)
        var watch = try AreaWatch(crs)
        let gauge = try AreaOfUseGauge(crs)
        var outside = 0
        for _ in 0..<2000 {
            let (west, south) = (
                x + .random(in: -size...size, using: &generator), y + .random(in: -size...size, using: &generator)
            )
            let extent = size * Double.random(in: 0...0.05, using: &generator)
            let envelope = Envelope(minX: west, minY: south, maxX: west + extent, maxY: south + extent)
            if gauge.degreesOutside(envelope) > 0 { outside += 1 }
            #expect(watch.refusal(of: envelope) == nil)
        }
        #expect(outside > 500 || crs.isGeographic)
        #expect(watch.note.map { $0.hasPrefix("\(outside) features outside") } ?? (outside == 0), "\(watch.note ?? "")")
    }
}
