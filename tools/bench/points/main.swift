// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import CPROJ
import Foundation
import Projections
import SimpleFeatures

// points [COUNT [RUNS]]
//
// So many points of a district, moved by CoordinateTransform and by PROJ's own
// proj_trans_generic in one call, in turn: processor time of this thread, and the
// largest distance between the two in millimetres on the ground.

func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Moves points with one call of the library, x = east or longitude.
final class Peer {
    private let context = proj_context_create()
    private let operation: OpaquePointer

    init?(_ source: String, _ target: String) {
        guard let plain = proj_create_crs_to_crs(context, source, target, nil),
            let normal = proj_normalize_for_visualization(context, plain)
        else { return nil }
        proj_destroy(plain)
        operation = normal
    }

    deinit {
        proj_destroy(operation)
        proj_context_destroy(context)
    }

    func move(_ points: inout [Coordinate]) {
        let stride = MemoryLayout<Coordinate>.stride
        points.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let count = buffer.count
            base.withMemoryRebound(to: Double.self, capacity: 2 * count) { x in
                _ = proj_trans_generic(operation, PJ_FWD, x, stride, count, x + 1, stride, count, nil, 0, 0, nil, 0, 0)
            }
        }
    }
}

/// Metres between two positions of a system, near enough for millimetres.
func distance(_ one: Coordinate, _ other: Coordinate, inDegrees: Bool) -> Double {
    let (x, y) = (one.x - other.x, one.y - other.y)
    return inDegrees ? hypot(x * 111_320 * cos(one.y * .pi / 180), y * 111_320) : hypot(x, y)
}

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
let runs = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 5
// A lattice over Minhang that hits no round numbers.
let degrees = (0..<count).map { index in
    let (a, b) = (Double(index) * 0.618_033_988_75, Double(index) * 0.754_877_666_25)
    return Coordinate(x: 121.25 + 0.33 * (a - a.rounded(.down)), y: 30.98 + 0.28 * (b - b.rounded(.down)))
}
print("\(count) points, \(runs) runs in turn, medians of million points a second of processor time")
let pairs = [
    ("EPSG:4490", "EPSG:4549"), ("EPSG:4549", "EPSG:4490"), ("EPSG:4549", "EPSG:4550"), ("EPSG:4490", "EPSG:3857"),
    ("GCJ-02", "EPSG:4490"), ("GCJ-02", "EPSG:4549"), ("BD-09", "EPSG:4549"),
]
for (source, target) in pairs {
    let from = try CoordinateReferenceSystem(parsing: source)
    let to = try CoordinateReferenceSystem(parsing: target)
    var start = degrees
    if !from.isGeographic {
        try CoordinateTransform(from: CoordinateReferenceSystem(parsing: "EPSG:4490"), to: from).transform(&start)
    }
    let transform = try CoordinateTransform(from: from, to: to)
    let peer = from.isDistorted ? nil : Peer(source, target)
    var (own, others): ([Double], [Double]) = ([], [])
    var largest = 0.0
    for _ in 0..<runs {
        var moved = start
        var before = processorSeconds()
        try transform.transform(&moved)
        own.append(processorSeconds() - before)
        guard let peer else { continue }
        var beside = start
        before = processorSeconds()
        peer.move(&beside)
        others.append(processorSeconds() - before)
        largest = zip(moved, beside).reduce(largest) { max($0, distance($1.0, $1.1, inDegrees: to.isGeographic)) }
    }
    func rate(_ seconds: [Double]) -> String { String(format: "%.2f", Double(count) / median(seconds) / 1e6) }
    let beside = peer == nil ? "" : ", proj_trans_generic \(rate(others)), apart \(String(format: "%.6f", largest * 1000)) mm"
    print("\(source) to \(target): \(rate(own))\(beside)")
}
