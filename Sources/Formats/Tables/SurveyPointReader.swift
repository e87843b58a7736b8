// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation
import SimpleFeatures

/// Reads the points of a survey as CASS and most total stations of China write
/// them: `number,code,east,north,height`, one a line, without a head.
///
/// The third number is called Y and counts to the east, the fourth X and counts
/// to the north. A file with the two changed looks the same; the ground that it
/// is held against tells (see `Verdicts`), or a person with `axes: yx`.
final class SurveyPointReader: LayerReader {
    var description: LayerDescription
    let member: String
    private(set) var closingNotes: [String] = []

    private let text: UnicodeText
    private let limits: DatasetLimits

    /// The fields of every such file.
    static let fields = [Field("点号", .text), Field("编码", .text), Field("高程", .real)]

    /// More is no place on earth, in any projection with zone numbers before it.
    private static let largestOrdinate = 1e8
    /// From below the deepest ground of China to above the highest; others, −9999
    /// above all, mark what is not known.
    private static let heights = -500.0...9_000.0
    /// Lines that are looked at to tell whether a file is of this kind.
    private static let looked = 20

    init(_ file: StagedFile, request: DatasetRequest) throws {
        member = file.member
        limits = request.limits
        text = try UnicodeText(file, request: request, kind: .lines)
        var lines = Lines(text.bytes)
        var seen = 0
        var fit = 0
        while seen < Self.looked, let (_, line) = lines.next() {
            seen += 1
            if (try? Self.record(line, number: seen, limits)) != nil { fit += 1 }
        }
        guard fit > 0, fit * 2 >= seen else {
            throw FormatsError(
                .unrecognised,
                "“\(file.name)” is not a file of survey points: its lines ought to be number,code,east,north,height, as "
                    + "in 1,KZD,40631808.654,3444301.836,4.55 (CASS “展野外测点点号” reads the same).")
        }
        let stem = (file.member as NSString).lastPathComponent
        description = LayerDescription(
            name: (stem as NSString).deletingPathExtension, schema: Schema(geometryType: .point, fields: Self.fields),
            encoding: text.verdict,
            notes: text.notes + [
                "The third number of a line was taken as east (Y) and the fourth as north (X), as CASS writes them; where "
                    + "they stand the other way round, say `crs: { from: …, axes: yx }`."
            ])
    }

    func forEachFeature(_ body: (ReadRecord) throws -> Void) throws {
        var lines = Lines(text.bytes)
        var row = 0
        var withoutHeight = 0
        closingNotes = []
        while let (number, line) = lines.next() {
            row += 1
            do {
                let record = try Self.record(line, number: number, limits)
                if record.values[2].isNull { withoutHeight += 1 }
                try body(.feature(RawFeature(row: row, geometry: record.geometry, values: record.values)))
            } catch let fault as FeatureFault {
                try body(.feature(RawFeature(row: row, fault: fault)))
            }
        }
        guard withoutHeight > 0 else { return }
        let points = withoutHeight == 1 ? "1 point has" : "\(withoutHeight) points have"
        closingNotes = ["\(points) no height, or one that is none; it was left empty."]
    }

    private static func record(
        _ line: Substring, number: Int, _ limits: DatasetLimits
    ) throws(FeatureFault) -> (geometry: Geometry, values: [AttributeValue]) {
        guard line.utf8.count <= limits.textBytes else {
            throw FeatureFault("text-too-long", "(line \(number)) is longer than \(limits.textBytes) bytes, the most allowed")
        }
        let cells = CoordinateColumns.halfWidth(String(line)).replacing("，", with: ",")
            .split(separator: ",", maxSplits: 5, omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count == 5 || cells.count == 6 && cells[5].isEmpty else {
            throw FeatureFault(
                "not-five-cells",
                "(line \(number)) has \(cells.count == 6 ? "more than 5" : "\(cells.count)") cells; it ought to have 5: "
                    + "number,code,east,north,height")
        }
        func ordinate(_ cell: String, _ name: String) throws(FeatureFault) -> Double {
            guard let value = Double(cell) else {
                throw FeatureFault("no-number", "(line \(number)) has “\(cell.prefix(40))” as \(name), which is not a number")
            }
            guard value.isFinite, abs(value) <= largestOrdinate else {
                throw FeatureFault("not-finite", "(line \(number)) has \(cell.prefix(40)) as \(name), which is no place")
            }
            return value
        }
        let east = try ordinate(cells[2], "east")
        let north = try ordinate(cells[3], "north")
        // Nothing, and what instruments write for nothing, is no height.
        let height = Double(cells[4]).flatMap { heights.contains($0) ? $0 : nil }
        guard height != nil || cells[4].isEmpty || Double(cells[4]) != nil else {
            throw FeatureFault("no-number", "(line \(number)) has “\(cells[4].prefix(40))” as height, which is not a number")
        }
        return (
            .point(Point(x: east, y: north)),
            [
                cells[0].isEmpty ? .null : .text(cells[0]), cells[1].isEmpty ? .null : .text(cells[1]),
                height.map { .real($0) } ?? .null,
            ]
        )
    }

    /// Lines that are not blank, with their numbers from 1.
    private struct Lines {
        private var all: DXFScan.Lines

        init(_ bytes: UnsafeRawBufferPointer) {
            all = DXFScan.Lines(bytes)
        }

        mutating func next() -> (number: Int, text: Substring)? {
            while let line = all.next() {
                // The end of a text of DOS.
                guard line.contains(where: { $0 > 0x20 && $0 != 0x1A }) else { continue }
                return (all.number, Substring(decoding: line, as: UTF8.self))
            }
            return nil
        }
    }
}
