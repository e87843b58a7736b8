// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Foundation

/// Where the records of a `.shp` lie, and which of them cannot be what they
/// claim. GDAL reads a shapefile that was cut in half with success, so nobody
/// asks it.
struct ShapefileIndex {
    struct Record {
        /// Of the record's header, in bytes from the start of the file.
        var offset: Int
        /// Bytes of content behind the eight of the header.
        var count: Int
    }

    private let shp: UnsafeRawBufferPointer
    private let shapeType: Int32
    private let maxVertices: Int
    private(set) var records: [Record] = []
    private(set) var notes: [String] = []
    /// Whether the records were found by walking the `.shp`.
    private(set) var isRebuilt = false
    private var overlapping: Set<Int> = []

    private static let headerCount = 100
    private static let shapeTypes: Set<Int32> = [0, 1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28, 31]

    /// - Throws: `FormatsError` when the `.shp` is none, or has no `.shx` and
    ///   cannot be walked.
    init(shp: UnsafeRawBufferPointer, shx: UnsafeRawBufferPointer?, name: String, limits: DatasetLimits) throws {
        guard shp.count >= Self.headerCount, shp.big(Int32.self, at: 0) == 9994 else {
            throw FormatsError(
                .unrecognised,
                shp.count < Self.headerCount
                    ? "“\(name)” has \(shp.count) bytes; the header of a shapefile alone has 100."
                    : "“\(name)” is not a shapefile, although its name says so.")
        }
        self.shp = shp
        maxVertices = limits.verticesOfGeometry
        shapeType = shp.little(Int32.self, at: 32)
        guard Self.shapeTypes.contains(shapeType) else {
            throw FormatsError(.damaged, "“\(name)” is damaged: there is no shape type \(shapeType).")
        }
        let declared = Int(shp.big(Int32.self, at: 24)) * 2
        if declared != shp.count {
            notes.append("The header of “\(name)” says \(declared) bytes; the file has \(shp.count).")
        }
        if let shx, try read(shx: shx, name: name, limits: limits) {
            markOverlaps()
        } else {
            try walk(name: name, limits: limits)
        }
    }

    /// False when the `.shx` is of no use.
    private mutating func read(shx: UnsafeRawBufferPointer, name: String, limits: DatasetLimits) throws -> Bool {
        guard shx.count >= Self.headerCount, shx.big(Int32.self, at: 0) == 9994 else {
            notes.append("The .shx of “\(name)” is damaged; the records were found without it.")
            return false
        }
        let declared = (Int(shx.big(Int32.self, at: 24)) * 2 - Self.headerCount) / 8
        let count = (shx.count - Self.headerCount) / 8
        guard declared == count else {
            notes.append(
                "The .shx of “\(name)” says \(declared) records and holds \(count); the records were found without it.")
            return false
        }
        try checkCount(count, name, limits)
        records = (0..<count).map { index in
            let entry = Self.headerCount + index * 8
            return Record(
                offset: Int(shx.big(Int32.self, at: entry)) * 2, count: Int(shx.big(Int32.self, at: entry + 4)) * 2)
        }
        return true
    }

    private func checkCount(_ count: Int, _ name: String, _ limits: DatasetLimits) throws {
        guard count <= limits.features else {
            throw FormatsError(
                .tooLarge, "“\(name)” has \(count) records; \(limits.features) is the most allowed.")
        }
    }

    /// Finds the records one behind the other, as they nearly always lie.
    private mutating func walk(name: String, limits: DatasetLimits) throws {
        isRebuilt = true
        var offset = Self.headerCount
        while offset + 8 <= shp.count {
            let number = shp.big(Int32.self, at: offset)
            let count = Int(shp.big(Int32.self, at: offset + 4)) * 2
            guard count >= 0, number == Int32(truncatingIfNeeded: records.count + 1) else {
                throw FormatsError(
                    .damaged,
                    "“\(name)” has no usable .shx, and its records cannot be found without it: at byte \(offset), where "
                        + "record \(records.count + 1) ought to be, is none. Deliver the .shx as well.")
            }
            records.append(Record(offset: offset, count: count))
            try checkCount(records.count, name, limits)
            offset += 8 + count
        }
    }

    /// Two records in one place: one of them is not where it ought to be.
    private mutating func markOverlaps() {
        let isOrdered = zip(records, records.dropFirst()).allSatisfy { $0.offset + 8 + $0.count <= $1.offset }
        if isOrdered { return }
        let order = records.indices.filter { records[$0].count >= 0 }.sorted {
            (records[$0].offset, $0) < (records[$1].offset, $1)
        }
        var end = 0
        for index in order {
            if records[index].offset < end { overlapping.insert(index) }
            end = max(end, records[index].offset + 8 + records[index].count)
        }
    }

    /// Why a record cannot be read; nil when its size and counts are possible.
    func fault(_ index: Int) -> FeatureFault? {
        let record = records[index]
        guard record.offset >= Self.headerCount, record.offset + 8 <= shp.count, record.count >= 4,
            record.count <= shp.count - record.offset - 8
        else {
            return FeatureFault(
                "truncated",
                "of \(records.count) lies beyond the end of the file (byte \(record.offset) to "
                    + "\(record.offset + 8 + max(0, record.count)) of \(shp.count))")
        }
        if overlapping.contains(index) {
            return FeatureFault("overlapping", "lies in the same bytes as another record")
        }
        let type = shp.little(Int32.self, at: record.offset + 8)
        if type == 0 { return nil }
        guard type == shapeType || shapeType == 0 && Self.shapeTypes.contains(type) else {
            return FeatureFault("wrong-shape-type", "has shape type \(type) in a file of type \(shapeType)")
        }
        return countFault(record, type)
    }

    private func countFault(_ record: Record, _ type: Int32) -> FeatureFault? {
        let content = record.offset + 8
        let tooShort = FeatureFault("truncated", "is shorter than its shape needs")
        let needed: Int
        let points: Int
        switch type {
        case 1, 11, 21:
            (needed, points) = (20, 1)
            // A point that is no number would be an empty one in WKB.
            if record.count >= 20,
                !shp.littleDouble(at: content + 4).isFinite || !shp.littleDouble(at: content + 12).isFinite
            {
                return FeatureFault("not-finite", "has a coordinate that is not a finite number")
            }
        case 8, 18, 28:
            guard record.count >= 40 else { return tooShort }
            points = Int(shp.little(Int32.self, at: content + 36))
            needed = 40 + 16 * points
        default:
            guard record.count >= 44 else { return tooShort }
            let parts = Int(shp.little(Int32.self, at: content + 36))
            points = Int(shp.little(Int32.self, at: content + 40))
            guard parts >= 0 else { return FeatureFault("bad-counts", "claims \(parts) parts") }
            needed = 44 + (type == 31 ? 8 : 4) * parts + 16 * points
        }
        guard points >= 0, needed <= record.count else {
            return FeatureFault("bad-counts", "claims \(points) points, for which it has no bytes")
        }
        guard points <= maxVertices else {
            return FeatureFault("too-large", "has \(points) vertices; \(maxVertices) is the most allowed")
        }
        return nil
    }

    /// The bytes of a `.shx` for the records.
    func encoded() -> [UInt8] {
        var bytes = Array(shp[..<Self.headerCount])
        func put(_ value: Int, at offset: Int?) {
            withUnsafeBytes(of: Int32(truncatingIfNeeded: value).bigEndian) { word in
                if let offset {
                    bytes.replaceSubrange(offset..<offset + 4, with: word)
                } else {
                    bytes.append(contentsOf: word)
                }
            }
        }
        put((Self.headerCount + records.count * 8) / 2, at: 24)
        for record in records {
            put(record.offset / 2, at: nil)
            put(record.count / 2, at: nil)
        }
        return bytes
    }
}
