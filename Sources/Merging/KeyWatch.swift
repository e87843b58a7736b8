// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores
import SimpleFeatures

/// Watches the values by which a source's features are known: a feature without
/// one, or two features with the same, cannot be followed to the next delivery.
struct KeyWatch {
    private let key: [Int]
    private let names: String
    private var seen: Set<Int64> = []
    private var withoutKey = 0

    init(_ job: SourceJob) {
        key = job.key
        names = key.map { job.fields[$0].field.name }.joined(separator: " and ")
    }

    mutating func note(_ values: [AttributeValue], row: Int64, issues: inout IssueCollector) {
        guard !key.isEmpty else { return }
        guard let identity = RecordFrameWriter.identity(of: values, key: key) else {
            withoutKey += 1
            return
        }
        guard !seen.insert(identity).inserted else { return }
        let value = key.map { values[$0].description }.joined(separator: " ")
        issues.note(
            .init(
                kind: .noted, row: row, name: "duplicate-key",
                message: "Record \(row) has the same \(names) as another, “\(value)”; both were taken."))
    }

    var notes: [String] {
        guard withoutKey > 0 else { return [] }
        guard !seen.isEmpty else {
            return ["No record has a \(names), so a feature is another one when anything of it changes."]
        }
        let records = withoutKey == 1 ? "1 record has" : "\(withoutKey) records have"
        return [
            "\(records) no \(names), by which features are followed from delivery to delivery; "
                + "such a feature is another one when anything of it changes."
        ]
    }
}
