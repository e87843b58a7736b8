// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import Encodings
import Foundation
import SimpleFeatures

/// Reads a text table whose columns hold coordinates.
final class DelimitedLayerReader: LayerReader {
    var description: LayerDescription
    let member: String
    private(set) var closingNotes: [String] = []

    private let text: UnicodeText
    private let separator: UInt8
    private let types: [FieldType]
    private let positions: CoordinateColumns?
    private let limits: DatasetLimits

    init(_ file: StagedFile, request: DatasetRequest) throws {
        member = file.member
        limits = request.limits
        let isTabbed = Staging.ending(of: file.member) == "tsv"
        text = try UnicodeText(file, request: request, kind: .table(separator: isTabbed ? 0x09 : nil))
        var table = DelimitedText(text.bytes, separator: isTabbed ? 0x09 : nil)
        separator = table.separator
        var cells: [String] = []
        var columns: [ColumnType] = []
        var names: [String] = []
        var count = 0
        do {
            guard try table.next(into: &cells) else {
                throw FormatsError(.unrecognised, "“\(file.name)” has no rows.")
            }
            names = Self.names(cells)
            guard names.count <= limits.fields else {
                throw FormatsError(
                    .tooLarge, "“\(file.name)” has \(names.count) columns; \(limits.fields) is the most allowed.")
            }
            columns = names.map { _ in ColumnType() }
            while try table.next(into: &cells) {
                count += 1
                for (index, cell) in cells.enumerated() where index < columns.count { columns[index].look(at: cell) }
                guard count <= limits.features else {
                    throw FormatsError(
                        .tooLarge, "“\(file.name)” has more than \(limits.features) rows, the most allowed.")
                }
            }
            guard names.count > 1 || count > 0 else {
                throw FormatsError(.unrecognised, "“\(file.name)” is no table: it has one cell.")
            }
        } catch let error as DelimitedText.OpenQuote {
            throw FormatsError(
                .damaged, "“\(file.name)” is broken: the quote that is opened in line \(error.line) is never closed.")
        }
        types = columns.map(\.type)
        let isPlaced = request.ignoresPositions != true
        positions = isPlaced ? try CoordinateColumns(names, request: request) : nil
        var verdict = text.verdict
        if verdict.recordsLookedAt != nil { verdict.recordCount = count }
        let stem = (file.member as NSString).lastPathComponent
        description = LayerDescription(
            name: (stem as NSString).deletingPathExtension,
            schema: Schema(
                geometryType: positions?.isPair == true ? .point : .geometry,
                fields: zip(names, types).map { Field($0, $1) }),
            declaredCount: count, encoding: verdict,
            notes: text.notes + (positions?.notes ?? (isPlaced ? [CoordinateColumns.missingNote] : [])))
    }

    /// The names of the first row, each of them once.
    private static func names(_ cells: [String]) -> [String] {
        var seen: Set<String> = []
        return cells.enumerated().map { index, cell in
            let trimmed = cell.trimmingCharacters(in: .whitespaces)
            let base = trimmed.isEmpty ? "column \(index + 1)" : trimmed
            var name = base
            var number = 2
            while !seen.insert(name).inserted {
                name = "\(base) (\(number))"
                number += 1
            }
            return name
        }
    }

    func forEachFeature(_ body: (ReadRecord) throws -> Void) throws {
        var table = DelimitedText(text.bytes, separator: separator)
        var cells: [String] = []
        _ = try table.next(into: &cells)
        var row = 0
        var shorter = 0
        while try table.next(into: &cells) {
            row += 1
            if cells.count < types.count { shorter += 1 }
            do {
                try body(.feature(try feature(cells, row: row, line: table.line)))
            } catch let fault as FeatureFault {
                try body(.feature(RawFeature(row: row, fault: fault)))
            }
        }
        closingNotes =
            shorter > 0 ? ["\(shorter) rows have fewer cells than the first row; the rest was taken as empty."] : []
    }

    private func feature(_ cells: [String], row: Int, line: Int) throws(FeatureFault) -> RawFeature {
        if cells.count > types.count, !cells[types.count...].allSatisfy(\.isEmpty) {
            throw FeatureFault(
                "too-many-cells", "(line \(line)) has \(cells.count) cells; the first row has \(types.count)")
        }
        var values: [AttributeValue] = []
        values.reserveCapacity(types.count)
        for (index, type) in types.enumerated() {
            guard index < cells.count else {
                values.append(.null)
                continue
            }
            guard cells[index].utf8.count <= limits.textBytes else {
                throw FeatureFault(
                    "text-too-long",
                    "(line \(line)) has a text of \(cells[index].utf8.count) bytes; \(limits.textBytes) is the most allowed"
                )
            }
            values.append(ColumnType.value(cells[index], type))
        }
        return RawFeature(row: row, geometry: try positions?.geometry(of: values) ?? nil, values: values)
    }
}
