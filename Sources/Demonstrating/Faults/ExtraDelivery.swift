// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Districts

/// A file that a town delivers beside those of its layers.
struct ExtraDelivery {
    /// Relative to the district.
    var path: String
    var text: String
    /// In `district.yaml`.
    var source: SourceProposal
    var layer: String
    /// How many features it has.
    var count: Int
}

/// An ASCII drawing, entity by entity.
struct DrawingText {
    private var lines: [String] = []
    private var handle = 0x100
    /// Of entities.
    private(set) var count = 0

    init() {
        add(0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, "AC1015", 9, "$INSUNITS", 70, "6", 0, "ENDSEC")
        add(0, "SECTION", 2, "ENTITIES")
    }

    private mutating func add(_ pairs: Any...) { lines += pairs.map { "\($0)" } }

    private mutating func begin(_ kind: String, _ layer: String) {
        handle += 1
        count += 1
        add(0, kind, 5, String(handle, radix: 16).uppercased(), 8, layer)
    }

    mutating func polyline(_ places: [(east: Double, north: Double)], on layer: String, isClosed: Bool) {
        begin("LWPOLYLINE", layer)
        add(90, places.count, 70, isClosed ? 1 : 0)
        for place in places { add(10, place.east, 20, place.north) }
    }

    mutating func text(_ text: String, at place: (east: Double, north: Double), on layer: String) {
        begin("TEXT", layer)
        add(10, place.east, 20, place.north, 40, 1, 1, text)
    }

    var text: String { (lines + ["0", "ENDSEC", "0", "EOF"]).joined(separator: "\r\n") + "\r\n" }
}
