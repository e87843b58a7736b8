// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

/// The text of a DXF drawing, entity by entity.
struct DrawingText {
    private var lines: [String] = []
    private var handle = 0x100

    /// - Parameters:
    ///   - codePage: `ANSI_936` for GBK.
    ///   - units: of the list of AutoCAD; 6 is the metre.
    ///   - blocks: a block of this name, a circle of half a metre.
    init(codePage: String = "ANSI_936", units: Int = 6, block: String? = nil) {
        add(0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, "AC1015", 9, "$DWGCODEPAGE", 3, codePage)
        add(9, "$INSUNITS", 70, "\(units)", 0, "ENDSEC")
        if let block {
            add(0, "SECTION", 2, "BLOCKS", 0, "BLOCK", 8, "0", 2, block, 70, "0", 10, "0", 20, "0")
            add(0, "CIRCLE", 8, "0", 10, "0", 20, "0", 40, "0.5", 0, "ENDBLK", 0, "ENDSEC")
        }
        add(0, "SECTION", 2, "ENTITIES")
    }

    private mutating func add(_ pairs: Any...) { lines += pairs.map { "\($0)" } }

    private mutating func begin(_ kind: String, _ layer: String) {
        handle += 1
        add(0, kind, 5, String(handle, radix: 16).uppercased(), 8, layer)
    }

    private mutating func attach(_ data: [String]) {
        guard !data.isEmpty else { return }
        add(1001, "SOUTH")
        for text in data { add(1000, text) }
    }

    /// - Parameter data: texts of the application SOUTH.
    mutating func polyline(
        _ places: [(Double, Double)], on layer: String, isClosed: Bool = false, bulge: Double = 0, data: [String] = []
    ) {
        begin("LWPOLYLINE", layer)
        add(90, places.count, 70, isClosed ? 1 : 0)
        for (index, place) in places.enumerated() {
            add(10, place.0, 20, place.1)
            if index == 0, bulge != 0 { add(42, bulge) }
        }
        attach(data)
    }

    mutating func text(_ text: String, at place: (Double, Double), on layer: String) {
        begin("TEXT", layer)
        add(10, place.0, 20, place.1, 40, 1, 1, text)
    }

    mutating func paragraph(_ text: String, at place: (Double, Double), on layer: String) {
        begin("MTEXT", layer)
        add(10, place.0, 20, place.1, 40, 1, 1, text)
    }

    mutating func insert(_ block: String, at place: (Double, Double), on layer: String, data: [String] = []) {
        begin("INSERT", layer)
        add(2, block, 10, place.0, 20, place.1)
        attach(data)
    }

    mutating func arc(at place: (Double, Double), radius: Double, on layer: String) {
        begin("ARC", layer)
        add(10, place.0, 20, place.1, 40, radius, 50, 0, 51, 90)
    }

    var text: String { (lines + ["0", "ENDSEC", "0", "EOF"]).joined(separator: "\r\n") + "\r\n" }
}
