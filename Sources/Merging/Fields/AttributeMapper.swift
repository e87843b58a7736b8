// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import Districts
import SimpleFeatures

/// Turns a file's values into the layer's: fields by name, words by code, units
/// by factor, text by type. What cannot be turned is reported, never guessed.
struct AttributeMapper {
    private struct Column {
        var plan: SourceJob.FieldPlan
        /// The position in the file's record; nil when the file has no such field.
        var index: Int?
        var sourceUnit: MeasurementUnit?
        var targetUnit: MeasurementUnit?
        var allowed: Set<String>?
    }

    private let columns: [Column]
    private let fileFields: [Field]
    /// One for each column.
    private var filled: [Int]
    private var lost: [Int]
    private var unmapped: [WordCount]
    /// Fields of the file that nothing takes, and fields that are taken because
    /// the names are equal.
    let notes: [String]
    /// Names of the fields of the file that nothing takes; of very many the first.
    let left: [String]

    /// Fields that are listed by name.
    private static let listedFields = 20
    /// Fields of a file that are looked at as candidates for the layer's.
    private static let candidateFields = 500

    /// - Throws: `MergingError` when the mapping names a field that the file
    ///   lacks, or a unit that cannot be turned into the layer's.
    init(_ plans: [SourceJob.FieldPlan], file schema: Schema, path: String) throws {
        let names = schema.fields.map(\.name)
        var columns: [Column] = []
        var taken: Set<Int> = []
        var implicit: [String] = []
        var mistakes: [String] = []
        for plan in plans {
            var index: Int?
            if let from = plan.from {
                index = names.firstIndex(of: from)
                if index == nil { mistakes.append("\(plan.field.name) is mapped from “\(from)”") }
            } else if plan.measure == nil, let equal = names.firstIndex(of: plan.field.name) {
                index = equal
                implicit.append(plan.field.name)
            }
            if let index { taken.insert(index) }
            let source = plan.sourceUnit.flatMap(MeasurementUnit.init(named:))
            let target = plan.targetUnit.flatMap(MeasurementUnit.init(named:))
            if let source, let target, !source.isConvertible(to: target) {
                mistakes.append("\(plan.field.name) is in \(target), which \(source) cannot be turned into")
            }
            columns.append(
                Column(
                    plan: plan, index: index, sourceUnit: source, targetUnit: target,
                    allowed: plan.allowedCodes.map(Set.init)))
        }
        guard mistakes.isEmpty else {
            throw MergingError(
                .sourceRefused,
                "The fields of “\(path)” do not fit district.yaml: \(mistakes.joined(separator: "; ")); "
                    + "the file has \(names.isEmpty ? "no fields" : names.joined(separator: ", ")).")
        }
        self.columns = columns
        fileFields = schema.fields
        filled = columns.map { _ in 0 }
        lost = filled
        unmapped = columns.map { _ in WordCount() }
        var notes: [String] = []
        if !implicit.isEmpty {
            notes.append("Taken because the names are equal: \(implicit.joined(separator: ", ")).")
        }
        let left = names.indices.filter { !taken.contains($0) }.map { names[$0] }
        if !left.isEmpty {
            let more = left.count > Self.listedFields ? " and \(left.count - Self.listedFields) more" : ""
            let list = left.prefix(Self.listedFields).joined(separator: ", ")
            notes.append("Fields of the file that no mapping takes: \(list)\(more).")
        }
        self.notes = notes
        self.left = Array(left.prefix(Self.candidateFields))
    }

    /// Where the fields of the layer that the file has get their values from.
    var origins: [SourceRecord.FieldOrigin] {
        columns.compactMap { column in
            guard let index = column.index else { return nil }
            let isConverted = column.sourceUnit != nil && column.targetUnit != nil
            return .init(
                field: column.plan.field.name, from: fileFields[index].name, type: fileFields[index].type.rawValue,
                fromUnit: isConverted ? column.plan.sourceUnit : nil, unit: isConverted ? column.plan.targetUnit : nil,
                isCoded: !column.plan.codes.isEmpty)
        }
    }

    /// The layer's values of one record.
    mutating func map(_ values: [AttributeValue], row: Int64, issues: inout IssueCollector) -> [AttributeValue] {
        var mapped: [AttributeValue] = []
        mapped.reserveCapacity(columns.count)
        for (position, column) in columns.enumerated() {
            guard let index = column.index, index < values.count else {
                mapped.append(.null)
                continue
            }
            mapped.append(map(values[index], by: column, at: position, row: row, issues: &issues))
        }
        return mapped
    }

    /// Counts what a feature brought into the district, as `map` returned it.
    mutating func noteTaken(_ values: [AttributeValue]) {
        for (position, value) in values.enumerated() where !value.isNull { filled[position] += 1 }
    }

    /// For the fields of the layer that the file has, in the order of `origins`.
    var coverage: [SourceRecord.FieldCoverage] {
        coverage(of: columns.indices.filter { columns[$0].index != nil })
    }

    private mutating func map(
        _ value: AttributeValue, by column: Column, at position: Int, row: Int64, issues: inout IssueCollector
    ) -> AttributeValue {
        if value.isNull { return .null }
        if case .text(let text) = value, text.allSatisfy(\.isWhitespace) { return .null }
        var value = value
        if !column.plan.codes.isEmpty || column.allowed != nil {
            let word = value.description.trimmed
            if let code = column.plan.codes[word] {
                value = .text(code)
            } else if column.allowed?.contains(word) ?? false {
                value = .text(word)
            } else {
                unmapped[position].note(word)
                value = .text(word)
            }
        }
        guard var converted = value.converted(to: column.plan.field.type) else {
            lost[position] += 1
            issues.note(
                RecordIssue(
                    kind: .noted, row: row, name: "value-lost-\(column.plan.field.name)",
                    message: "Record \(row): “\(value.description)” is no \(column.plan.field.type.rawValue) "
                        + "for \(column.plan.field.name); left empty."))
            return .null
        }
        if let source = column.sourceUnit, let target = column.targetUnit, let number = converted.number,
            let result = source.convert(number, to: target)
        {
            converted = AttributeValue.real(result).converted(to: column.plan.field.type) ?? .real(result.rounded())
        }
        return converted
    }

    /// Words that no code was found for; they were kept as they are.
    var unmappedNotes: [String] {
        zip(columns, coverage(of: columns.indices)).filter { $0.1.unmappedCount > 0 }
            .map { ($0.0.plan.field.name, $0.1) }.sorted { $0.0 < $1.0 }.map { field, coverage in
                let list = coverage.unmapped.map { "“\($0.word)” (\($0.count))" }.joined(separator: ", ")
                let others = coverage.unmappedCount - coverage.unmapped.reduce(0) { $0 + $1.count }
                let more = others > 0 ? ", and \(MergeReport.count(others, "record")) with other words" : ""
                return "Words of \(field) that no code was given for, kept as they are: \(list)\(more)."
            }
    }

    private func coverage(of positions: some Sequence<Int>) -> [SourceRecord.FieldCoverage] {
        positions.map { position in
            var coverage = SourceRecord.FieldCoverage()
            coverage.filled = filled[position]
            coverage.lost = lost[position]
            coverage.unmapped = unmapped[position].words
            coverage.unmappedCount = unmapped[position].total
            return coverage
        }
    }
}

extension String {
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
