// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import SimpleFeatures

/// The first walk over a GeoJSON text: is it well-formed to its last byte, where
/// are its features, which fields do they have.
struct GeoJSONScan {
    /// Where each record begins; −1 − *offset* for one whose text is broken,
    /// which only a sequence may have.
    private(set) var starts: [Int] = []
    private(set) var fields = GeoJSONFields()
    private(set) var name: String?
    /// The `crs` member; `.some(nil)` when it is `null`.
    private(set) var crs: String??
    private(set) var types: Set<GeometryType> = []
    /// Why broken records are broken, by their index.
    private(set) var broken: [Int: FeatureFault] = [:]
    /// Whether the records are geometries without a feature around them.
    private(set) var areGeometries = false

    private let bytes: UnsafeRawBufferPointer
    private let file: String
    private let limits: DatasetLimits

    /// - Throws: `FormatsError` with line and column when the text is broken or
    ///   not GeoJSON.
    init(document bytes: UnsafeRawBufferPointer, file: String, limits: DatasetLimits) throws {
        self.bytes = bytes
        self.file = file
        self.limits = limits
        var cursor = JSONCursor(bytes, maxDepth: limits.nesting)
        do {
            cursor.skipSpace()
            let start = cursor.offset
            try scanDocument(&cursor, start)
            cursor.skipSpace()
            guard cursor.offset == bytes.count else {
                throw cursor.fault("something follows the end of the document")
            }
        } catch let fault as JSONCursor.Fault {
            throw broken(fault)
        }
    }

    /// One value a line, or after a record separator. A broken one is a fault of
    /// its record.
    init(sequence bytes: UnsafeRawBufferPointer, file: String, limits: DatasetLimits) throws {
        self.bytes = bytes
        self.file = file
        self.limits = limits
        var offset = 0
        // Where separators are used, line breaks are mere space.
        let isSeparated = bytes.prefix(4096).contains(0x1E)
        var line = 1
        while true {
            let last = offset
            while offset < bytes.count, Self.isSeparator(bytes[offset]) { offset += 1 }
            line += bytes[last..<offset].count { $0 == 0x0A }
            guard offset < bytes.count else { break }
            let end = bytes[offset...].firstIndex(of: isSeparated ? 0x1E : 0x0A) ?? bytes.count
            scanRecord(offset, end, line: line)
            line += bytes[offset..<end].count { $0 == 0x0A }
            offset = end
            try checkCount()
            try checkBroken(isAtEnd: false)
        }
        try checkBroken(isAtEnd: true)
    }

    /// A sequence may lose records, but not only lose them.
    private func checkBroken(isAtEnd: Bool) throws {
        if broken.count == starts.count, isAtEnd ? !starts.isEmpty : starts.count >= 100 {
            throw FormatsError(
                .unrecognised,
                "“\(file)” is not a sequence of GeoJSON features: record 1 \(broken[0]?.sentence ?? "is broken").")
        }
        if broken.count > Self.mostBroken {
            throw FormatsError(
                .damaged, "“\(file)” has more than \(Self.mostBroken) broken records; nothing of it was read.")
        }
    }

    private static let mostBroken = 100_000

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D || byte == 0x1E || byte == 0x20 || byte == 0x09
    }

    private func broken(_ fault: JSONCursor.Fault) -> FormatsError {
        let (line, column) = JSONCursor.position(of: fault.offset, in: bytes)
        return FormatsError(
            fault.isTooDeep ? .tooLarge : .damaged,
            "“\(file)” is not well-formed JSON at line \(line), column \(column) (byte \(fault.offset)): \(fault.what); "
                + "nothing of it was read.")
    }

    private func checkCount() throws {
        guard starts.count <= limits.features else {
            throw FormatsError(.tooLarge, "“\(file)” has more than \(limits.features) features, the most allowed.")
        }
    }

    // MARK: Documents

    private mutating func scanDocument(_ cursor: inout JSONCursor, _ start: Int) throws {
        guard cursor.current == 0x7B else { throw notGeoJSON("its outermost value is not an object") }
        var type: String?
        var features: Int?
        // The type may come last, so the rest is only passed over here.
        var look = cursor
        try look.forEachMember { cursor, key throws(JSONCursor.Fault) in
            if key.isWord("type"), cursor.current == 0x22 {
                type = try cursor.string().text
            } else if key.isWord("features") {
                features = cursor.offset
                guard type == nil || type == "FeatureCollection" else { return try cursor.skipValue() }
                try self.scanFeatures(&cursor)
            } else if key.isWord("crs") {
                self.crs = try Self.crs(&cursor)
            } else if key.isWord("name"), cursor.current == 0x22 {
                self.name = try cursor.string().text
            } else {
                try cursor.skipValue()
            }
        }
        switch type {
        case "FeatureCollection":
            guard features != nil else { throw notGeoJSON("its collection has no features") }
            try checkCount()
        case "Feature":
            starts = [start]
            try scanFeature(&cursor)
        case let found? where GeoJSONNames.types[found] != nil:
            starts = [start]
            areGeometries = true
            try scanGeometry(&cursor)
        case "Topology": throw notGeoJSON("it is TopoJSON; convert it to GeoJSON")
        case let found?: throw notGeoJSON("its type is “\(found.prefix(40))”")
        case nil: throw notGeoJSON("it has no type")
        }
        cursor.offset = look.offset
    }

    private func notGeoJSON(_ why: String) -> FormatsError {
        FormatsError(.unrecognised, "“\(file)” is JSON but not GeoJSON: \(why).")
    }

    private mutating func scanFeatures(_ cursor: inout JSONCursor) throws(JSONCursor.Fault) {
        guard cursor.current == 0x5B else { throw cursor.fault("the features ought to be an array") }
        try cursor.forEachElement { cursor throws(JSONCursor.Fault) in
            self.starts.append(cursor.offset)
            try self.scanFeature(&cursor)
        }
    }

    /// The reference system in an old `crs` member; nil for `null` and for what
    /// is not understood.
    private static func crs(_ cursor: inout JSONCursor) throws(JSONCursor.Fault) -> String? {
        guard cursor.current == 0x7B else {
            try cursor.skipValue()
            return nil
        }
        var found: String?
        try cursor.forEachMember { cursor, key throws(JSONCursor.Fault) in
            guard key.isWord("properties"), cursor.current == 0x7B else { return try cursor.skipValue() }
            try cursor.forEachMember { cursor, key throws(JSONCursor.Fault) in
                if key.isWord("name"), cursor.current == 0x22 {
                    found = try cursor.string().text
                } else if key.isWord("code"), cursor.current != 0x22, cursor.current != 0x6E {
                    let start = cursor.offset
                    try cursor.skipValue()
                    found = "EPSG:" + String(decoding: cursor.bytes[start..<cursor.offset], as: UTF8.self)
                } else {
                    try cursor.skipValue()
                }
            }
        }
        return found
    }

    // MARK: Records

    private mutating func scanRecord(_ start: Int, _ end: Int, line: Int) {
        let index = starts.count
        var cursor = JSONCursor(UnsafeRawBufferPointer(rebasing: bytes[..<end]), at: start, maxDepth: limits.nesting)
        do throws(JSONCursor.Fault) {
            guard cursor.current == 0x7B else { throw cursor.fault("an object was expected") }
            try scanFeature(&cursor)
            cursor.skipSpace()
            guard cursor.offset == end else { throw cursor.fault("something follows the feature") }
            starts.append(start)
        } catch {
            starts.append(-1 - start)
            let record = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            let (row, column) = JSONCursor.position(of: error.offset - start, in: record)
            broken[index] = FeatureFault(
                error.isTooDeep ? "nesting" : "broken-json",
                "is not well-formed JSON at line \(line + row - 1), column \(column): \(error.what)")
        }
    }

    private mutating func scanFeature(_ cursor: inout JSONCursor) throws(JSONCursor.Fault) {
        // What is no feature is a fault of the record, told when it is read.
        guard cursor.current == 0x7B else { return try cursor.skipValue() }
        fields.beginRecord()
        try cursor.forEachMember { cursor, key throws(JSONCursor.Fault) in
            if key.isWord("geometry"), cursor.current == 0x7B {
                try self.scanGeometry(&cursor)
            } else if key.isWord("properties"), cursor.current == 0x7B {
                try cursor.forEachMember { cursor, key throws(JSONCursor.Fault) in
                    try self.fields.note(key, &cursor)
                }
            } else if key.isWord("id") {
                try self.fields.noteID(&cursor)
            } else {
                try cursor.skipValue()
            }
        }
    }

    private mutating func scanGeometry(_ cursor: inout JSONCursor) throws(JSONCursor.Fault) {
        try cursor.forEachMember { cursor, key throws(JSONCursor.Fault) in
            if key.isWord("type"), cursor.current == 0x22 {
                if let type = GeoJSONNames.types[try cursor.string().text] { self.types.insert(type) }
            } else {
                try cursor.skipValue()
            }
        }
    }

    /// The one type that all geometries are of, parts counted with their wholes.
    var geometryType: GeometryType {
        if types.count == 1, let only = types.first { return only }
        switch types {
        case [.point, .multiPoint]: return .multiPoint
        case [.lineString, .multiLineString]: return .multiLineString
        case [.polygon, .multiPolygon]: return .multiPolygon
        default: return .geometry
        }
    }
}

enum GeoJSONNames {
    static let types: [String: GeometryType] = [
        "Point": .point, "LineString": .lineString, "Polygon": .polygon, "MultiPoint": .multiPoint,
        "MultiLineString": .multiLineString, "MultiPolygon": .multiPolygon, "GeometryCollection": .geometryCollection,
    ]
}
