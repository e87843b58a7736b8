// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

import DistrictStores

/// Counts every issue of a source and keeps the first of each name in full.
struct IssueCollector {
    /// How many issues of one name are kept in full.
    static let keptPerName = 1000

    private var totals: [String: MergeReport.IssueCount] = [:]
    private(set) var issues: [RecordIssue] = []

    mutating func note(_ issue: RecordIssue) {
        let key = "\(issue.kind.rawValue) \(issue.name)"
        if let count = totals[key]?.count {
            totals[key]?.count = count + 1
            guard count < Self.keptPerName else { return }
        } else {
            totals[key] = .init(name: issue.name, kind: issue.kind, count: 1, example: issue.message)
        }
        issues.append(issue)
    }

    /// By name, in order.
    var counts: [MergeReport.IssueCount] {
        totals.sorted { $0.key < $1.key }.map(\.value)
    }
}
