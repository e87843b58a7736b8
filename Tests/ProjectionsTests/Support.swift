// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation
import Projections
import SimpleFeatures

/// Data that stand beside the package: real maps and the suites of peers.
enum SharedData {
    static let directory: URL = {
        if let path = ProcessInfo.processInfo.environment["MIAOPU_SHARED"] { return URL(filePath: path) }
        return URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "shared")
    }()

    /// Whether a file is there; says so when it is not, since its test is then
    /// skipped.
    static func has(_ path: String) -> Bool {
        let isThere = FileManager.default.fileExists(atPath: directory.appending(path: path).path)
        if !isThere { print("skipped: \(path) is not beside the package") }
        return isThere
    }

    static func read(_ path: String) throws -> Data {
        try Data(contentsOf: directory.appending(path: path))
    }
}

/// SplitMix64: the same numbers everywhere for one seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
        print("seed \(seed)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension CoordinateReferenceSystem {
    /// For tests, where a text that does not parse is a failure.
    static func named(_ text: String) throws -> CoordinateReferenceSystem {
        try CoordinateReferenceSystem(parsing: text)
    }
}

func transform(_ source: String, _ target: String, area: Envelope? = nil) throws -> CoordinateTransform {
    try CoordinateTransform(from: .named(source), to: .named(target), areaOfInterest: area)
}

/// Xinzhuang, the reference point of the tables.
let xinzhuang = Coordinate(x: 121.3817, y: 31.1128)
let minhang = Envelope(minX: 121.25, minY: 30.97, maxX: 121.60, maxY: 31.25)
